import type * as Pulumi from "@pulumi/pulumi";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type * as DynamicHost from "../../provider/hosts/dynamic";
import type * as Patch from "../../provider/model/sdk-patch";
import { TRIED } from "../../provider/model/sdk-patch";
import { settings } from "./support/settings";

/** What is replaced in the SDK: only in versions that were tried, or where a variable says so, and all works without. */

const [FIRST, LAST] = TRIED;
const UNTRIED = "3.999.0";
const VARIABLES = ["DEBUG_MESSAGES", "STACKS", "HOST_ERRORS"].map((name) => `CLEVERTAP_PATCH_${name}`);

beforeEach(() => {
  for (const name of VARIABLES) delete process.env[name];
});
afterAll(() => {
  for (const name of VARIABLES) delete process.env[name];
});

/** Everything anew, with an SDK that says that it has this version. */
function load<T>(version: string, use: () => T): T {
  jest.resetModules();
  jest.doMock("@pulumi/pulumi/version", () => ({ version }));
  return use();
}

/** A program with two resources under mocks, and what could be seen of the patches. */
async function program(version: string) {
  return load(version, async () => {
    const pulumi = require("@pulumi/pulumi") as typeof Pulumi;
    const resources = require("@pulumi/pulumi/proto/resource_pb");
    pulumi.runtime.setMocks({
      newResource: ({ name, inputs }) => ({ id: `${name}-id`, state: inputs }),
      call: () => ({}),
    });
    const warnings: string[] = [];
    jest.spyOn(pulumi.log, "warn").mockImplementation(async (line) => void warnings.push(line));
    const { WhatsAppProvider } = require("../../provider") as typeof import("../../provider");
    const before = Error.prepareStackTrace;
    let during: unknown;
    const transformations = [
      () => {
        during = Error.prepareStackTrace;
        return undefined;
      },
    ];
    let ids: Promise<string[]> = Promise.resolve([]);
    await pulumi.runtime.runInPulumiStack(async () => {
      const made = ["a", "b"].map((name) => new WhatsAppProvider(name, settings, { transformations }));
      ids = new Promise((done) => pulumi.all(made.map(({ id }) => id)).apply(done));
    });
    const made = new resources.RegisterResourceResponse();
    const read = new resources.ReadResourceResponse();
    for (const answer of [made, read]) {
      answer.setUrn("urn:of:it");
    }
    made.setObject(Struct.fromJavaScript({ apiKey: "canary-secret" }));
    read.setProperties(Struct.fromJavaScript({ apiKey: "canary-secret" }));
    return {
      ids: await ids,
      warnings,
      hasShortStacks: during !== before,
      hasShortMessages: [made, read].every((answer) => `${answer}` === "urn:of:it"),
      isRestored: Error.prepareStackTrace === before,
    };
  });
}

/** What the dynamic host prints of an error. */
async function hostPrints(version: string): Promise<string[]> {
  const printed: string[] = [];
  const spy = jest.spyOn(console, "error").mockImplementation((line) => void printed.push(line));
  const own = console.error;
  try {
    await load(version, async () => {
      const host = (require("../../provider/hosts/dynamic") as typeof DynamicHost).provider();
      await host.configure?.({ config: { get: () => undefined, require: () => "" } });
      const error = (await host.read?.("p1", {}).catch((e: Error) => e)) as Error;
      expect(error.message).toMatch(/^clevertap:endpoint and .* \[missing-configuration\]$/);
      // As the SDK's host does it.
      console.error(`${error}: ${error.stack}`);
      console.error("something else");
    });
  } finally {
    console.error = own;
    spy.mockRestore();
  }
  return printed;
}

const ON = { hasShortStacks: true, hasShortMessages: true, warnings: [] };
const OFF = { hasShortStacks: false, hasShortMessages: false };
const WORKS = { ids: ["a-id", "b-id"], isRestored: true };

test.each([FIRST, "3.250.1", LAST])("version %s was tried: everything is replaced", async (version) => {
  expect(await program(version)).toEqual({ ...WORKS, ...ON });
  expect(await hostPrints(version)).toEqual(["something else"]);
});

test.each(["3.215.9", "4.0.0", UNTRIED, "unheard of"])(
  "version %s was not: nothing is replaced, everything works, and one line tells of the debug messages",
  async (version) => {
    const warnings = [
      `@pulumi/pulumi ${version} was not tried with pulumi-clevertap-whatsapp (${FIRST} to ${LAST} were), so it is left as it is: --debug and --event-log show secrets in clear. CLEVERTAP_PATCH_DEBUG_MESSAGES=on hides them here too.`,
    ];
    expect(await program(version)).toEqual({ ...WORKS, ...OFF, warnings });
    const [own, ...others] = await hostPrints(version);
    expect(own).toMatch(/^Error: clevertap:endpoint and .* \[missing-configuration\]: $/);
    expect(others).toEqual(["something else"]);
  },
);

test("each has a switch: off in a version that was tried, on in one that was not", async () => {
  for (const name of VARIABLES) process.env[name] = "off";
  expect(await program(LAST)).toEqual({ ...WORKS, ...OFF, warnings: [] });
  expect(await hostPrints(LAST)).toHaveLength(2);
  for (const name of VARIABLES) process.env[name] = "on";
  expect(await program(UNTRIED)).toEqual({ ...WORKS, ...ON });
  expect(await hostPrints(UNTRIED)).toEqual(["something else"]);
});

test("versions are compared by number", () => {
  const { isWanted } = jest.requireActual<typeof Patch>("../../provider/model/sdk-patch");
  const patch = { variable: "X", replaces: "", where: "", reason: "", gain: "" };
  const wanted = (version: string) => isWanted({ ...patch, tried: ["3.9.1", "3.10.0"] }, version, {});
  expect(["3.9.1", "3.9.10", "3.10.0", "3.10.0-alpha.2"].map(wanted)).toEqual([true, true, true, true]);
  expect(["3.9.0", "3.10.1", "3.11.0-alpha.2", "2.10.0"].map(wanted)).toEqual([false, false, false, false]);
});

test("the SDK that is installed here was tried", () => {
  const { version } = require("@pulumi/pulumi/package.json") as { version: string };
  expect(version).toBe(LAST);
  const { peerDependencies } = require("../../package.json") as { peerDependencies: Record<string, string> };
  expect(peerDependencies["@pulumi/pulumi"]).toBe(`^${FIRST}`);
});

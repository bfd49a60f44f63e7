import { type Sandbox, startSandbox } from "../../sandbox";
import { goodArguments, goodConfig } from "../support/arguments";
import { UNKNOWN } from "../support/grpc-provider";
import { DynamicHost } from "./support/dynamic-host";

/** The SDK's real dynamic-provider host over gRPC, without the CLI. */

let sandbox: Sandbox;
let host: DynamicHost;

beforeAll(async () => {
  sandbox = await startSandbox({ verificationLimitMs: 20_000 });
  host = await DynamicHost.start({ ...goodConfig(sandbox), maxAttempts: "1" });
});
afterAll(async () => {
  await host.stop();
  await sandbox.close();
});
beforeEach(() => sandbox.reset());

const hints = (preview: boolean, name = "kaleyra") => ({
  __hints: {
    preview,
    urn: `urn:pulumi:dev::shop::pulumi-nodejs:dynamic/clevertap:WhatsAppProvider::${name}`,
    organization: "acme",
    confidential: ["apiKey", "sid"],
    plainPasscodes: [],
  },
});
const args = (over: object = {}) => goodArguments(sandbox, over);

test("the whole life", async () => {
  const preview = await host.check({ ...args(), ...hints(true) }, {});
  expect(preview.failures).toEqual([]);
  expect(preview.inputs).not.toHaveProperty("__hints");
  expect(preview.inputs).toMatchObject({
    inboundMessageCallbackUrl: expect.stringContaining("/inbound"),
    deliveryReportCallbackUrl: expect.stringContaining("/delivery"),
    payloadVersion: "0.1",
  });
  expect(sandbox.providers()).toEqual([]);

  const { inputs } = await host.check({ ...args(), ...hints(false) }, {});
  const { id, outputs } = await host.create(inputs);
  expect(sandbox.providers()).toMatchObject([{ id, externalReference: outputs.externalReference }]);
  expect(await host.diff(id, outputs, inputs)).toMatchObject({
    changes: "none",
    replaces: [],
    deleteBeforeReplace: false,
  });

  const next = await host.check({ ...args({ nickname: "Other" }), ...hints(false) }, inputs);
  expect(await host.diff(id, outputs, next.inputs)).toMatchObject({ changes: "unknown" });
  const updated = await host.update(id, outputs, next.inputs);
  expect(updated).toMatchObject({ nickname: "Other", revision: 2 });

  const found = await host.read(id, updated);
  expect(found.id).toBe(id);
  expect(found.inputs).toEqual(next.inputs);
  await host.delete(id, updated);
  expect((await host.read(id, { ...updated, revision: undefined })).id).toBe("");
  await host.delete(id, updated);
});

test("another __provider text shows and triggers nothing", async () => {
  const { inputs } = await host.check({ ...args(), ...hints(false) }, {});
  const { id, outputs } = await host.create(inputs);
  const old = { ...outputs, __provider: "exports.handler = () => ({})" };
  expect(await host.diff(id, old, inputs)).toMatchObject({ changes: "none" });
  await host.delete(id, outputs);
});

test("check failures name no property to the engine, which would print its value", async () => {
  const { failures } = await host.check(
    { ...args({ apiKey: "canary key", nickname: "" }), ...hints(true) },
    {},
  );
  expect(failures).toEqual([
    "nickname: must not be empty [invalid-input]",
    "apiKey: must be visible ASCII without spaces (its value is not shown) [invalid-input]",
  ]);
  expect(host.printed).not.toContain("canary");
});

test("unknown values pass at preview and reach no server", async () => {
  const { inputs, failures } = await host.check(
    { ...args({ apiKey: UNKNOWN, headers: { "x-a": UNKNOWN } }), ...hints(true) },
    {},
  );
  expect(failures).toEqual([]);
  expect(inputs).toMatchObject({ apiKey: UNKNOWN, headers: UNKNOWN, credentialFingerprint: UNKNOWN });
  expect(inputs.inboundMessageCallbackUrl).toContain("/inbound");
  expect(JSON.stringify(sandbox.requests({ kind: "all" }))).not.toContain(UNKNOWN);
});

test("an error is told once: the host's own print names the code only", async () => {
  const { inputs } = await host.check({ ...args(), ...hints(false) }, {});
  const { id, outputs } = await host.create(inputs);
  sandbox.fault({ kind: "status", status: 403 });
  await expect(host.read(id, { ...outputs, revision: undefined })).rejects.toThrow(/\[forbidden, request /);
  sandbox.clearFaults();
  expect(host.printed).toBe("");
  expect(host.printed).not.toContain("    at ");
  await host.delete(id, outputs);
});

test("the engine was killed: the host ends at the next line that it prints", async () => {
  const left = await DynamicHost.start(goodConfig(sandbox));
  try {
    await left.check({ ...args(), ...hints(true) }, {});
    const ended = left.loseReader();
    const foreign = "exports.handler=()=>({check(){throw new Error('printed by the host')}})";
    await left.check({ __provider: foreign }, {}).catch(() => undefined);
    expect(await ended).toEqual([1, null]);
  } finally {
    await left.stop();
  }
});

import * as fc from "fast-check";
import { provider } from "../../provider/hosts/dynamic";
import { type Sandbox, startSandbox } from "../../sandbox";
import { goodArguments, goodConfig, goodUrlArguments } from "../support/arguments";
import { amount, counted } from "./figures";

/** Values that are not known at preview, in any subset and at any depth: no false failure, no sentinel sent, the same texts later. */

const SENTINEL = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const RUNS = amount(150, 1_000, "CLEVERTAP_TEST_UNKNOWNS");

let sandbox: Sandbox;
beforeAll(async () => {
  // The dynamic host has no log, so it prints.
  jest.spyOn(console, "log").mockImplementation(() => {});
  sandbox = await startSandbox();
});
afterAll(() => sandbox.close());

type Values = Record<string, unknown>;

/** What is tried with a resource. */
interface Trial {
  readonly name: string;
  good(): Values;
  /** Of an earlier run. */
  readonly before: Values;
  /** Wrong values, with a text of their failure. */
  readonly bad: readonly [name: string, value: unknown, text: string][];
}

const PROVIDER: Trial = {
  name: "WhatsAppProvider",
  good: () =>
    goodArguments(sandbox, {
      headers: { "x-team": "one", "x-more": "two" },
      markAsDefault: false,
      autoReplyUntracked: true,
      maxConcurrentRequests: 50,
      adoptExisting: false,
    }),
  before: { nickname: "Before" },
  bad: [
    ["nickname", "", "nickname: must not be empty"],
    ["mobileNumber", "+919999999999", "mobileNumber: digits only"],
    ["httpEndpoint", "ftp://x", "httpEndpoint: must be"],
    ["apiKey", "a b", "apiKey: must be visible ASCII"],
    ["kaleyraHost", "not a host", "kaleyraHost: must be"],
    ["maxConcurrentRequests", 7, "maxConcurrentRequests: must be a whole number"],
  ],
};
const INCOMING_URL: Trial = {
  name: "KaleyraIncomingUrl",
  good: () => goodUrlArguments(sandbox),
  before: { baseUrl: "https://example.com/before" },
  bad: [
    ["mobileNumber", "+919999999999", "mobileNumber: digits only"],
    ["kaleyraHost", "not a host", "kaleyraHost: must be"],
    ["sid", "a b", "sid: must be visible ASCII"],
    ["baseUrl", "https://example.com/#x", "baseUrl: must not contain a fragment"],
    ["incomingUrlQuery", "x", "incomingUrlQuery: must contain"],
  ],
};

/** Names of the arguments, and those inside of `headers`. */
function subsetOf(good: Values): fc.Arbitrary<string[]> {
  const inside = Object.keys((good.headers as Values | undefined) ?? {}).map((name) => `headers.${name}`);
  return fc.subarray([...Object.keys(good), ...inside]);
}

function hide(values: Values, names: readonly string[]): Values {
  const headers = { ...(values.headers as Values | undefined) };
  for (const key of ["x-team", "x-more"]) if (names.includes(`headers.${key}`)) headers[key] = SENTINEL;
  const hidden = names.filter((n) => !n.includes(".")).map((n) => [n, SENTINEL]);
  return { ...values, ...(values.headers !== undefined && { headers }), ...Object.fromEntries(hidden) };
}

async function host({ name }: Trial) {
  const object = provider(name);
  const config: Record<string, string> = goodConfig(sandbox);
  const get = (key: string) => config[key.replace("clevertap:", "")];
  await object.configure?.({ config: { get, require: (key: string) => get(key) ?? "" } });
  return object;
}
const hints = ({ name }: Trial, preview: boolean) => ({
  preview,
  urn: `urn:pulumi:dev::test::pulumi-nodejs:dynamic/clevertap:${name}::a`,
  organization: "organization",
  confidential: [],
  plainPasscodes: [],
});

/** A sandbox's log is redacted, so that the secrets are asked for by a server of their own where they matter. */
function expectNothingUnknownSent(): void {
  const sent = JSON.stringify(sandbox.requests({ kind: "all" }));
  expect(sent).not.toContain(SENTINEL);
  // The API's own view of secrets: none was stored either.
  for (const { id } of sandbox.providers())
    for (const name of ["api-key", "sid", "x-team", "x-more"])
      expect(sandbox.headerValue(id, name)).not.toBe(SENTINEL);
}

describe.each([PROVIDER, INCOMING_URL])("$name", (trial) => {
  test(`${RUNS} subsets of good values: no failure, nothing unknown sent, and the known values pass`, async () => {
    const previewed = async (names: string[], exists: boolean) => {
      sandbox.reset();
      const inputs = hide(trial.good(), names);
      const previewing = await host(trial);
      let olds: Values = {};
      let state: Values = {};
      let id = "";
      if (exists) {
        const updating = await host(trial);
        const before = { ...trial.good(), ...trial.before };
        olds = (await updating.check?.({}, { ...before, __hints: hints(trial, false) }))?.inputs ?? {};
        const made = await updating.create(olds);
        id = made.id;
        state = made.outs;
        sandbox.resetRequests();
      }
      const checked = await previewing.check?.(olds, { ...inputs, __hints: hints(trial, true) });
      expect(checked?.failures).toEqual([]);
      expect(JSON.stringify(checked?.inputs)).not.toContain("__hints");
      if (exists) await previewing.diff?.(id, state, checked?.inputs ?? {});
      expectNothingUnknownSent();
      // With something unknown in it, no dry run goes out: it could only be wrong.
      const dryRuns = sandbox.requests().filter((r) => r.query.validateOnly !== undefined);
      if (names.length > 0) expect(dryRuns).toEqual([]);
      const writes = [...sandbox.requests(), ...sandbox.requests({ kind: "kaleyra", path: "/v1" })];
      expect(writes.filter((r) => r.method !== "GET" && r.query.validateOnly === undefined)).toEqual([]);
    };
    await counted("subsets of unknown arguments", (attempt) =>
      fc.assert(
        fc.asyncProperty(subsetOf(trial.good()), fc.boolean(), (names, exists) =>
          attempt(() => previewed(names, exists)),
        ),
        { numRuns: RUNS, seed: 6 },
      ),
    );
  });

  test("a wrong value beside unknown ones fails at preview, and one that was unknown fails at the update with the same text", async () => {
    await fc.assert(
      fc.asyncProperty(
        subsetOf(trial.good()),
        fc.constantFrom(...trial.bad),
        async (names, [name, value, text]) => {
          sandbox.reset();
          const wrong = { ...trial.good(), [name]: value };
          const reasons = async (values: Values, preview: boolean) =>
            (
              await (await host(trial)).check?.({}, { ...values, __hints: hints(trial, preview) })
            )?.failures?.map((f) => f.reason) ?? [];
          const atPreview = await reasons(hide(wrong, names), true);
          const atUpdate = await reasons(wrong, false);
          expect(atUpdate).toEqual([expect.stringContaining(text)]);
          expect(atPreview).toEqual(names.includes(name) ? [] : atUpdate);
          expectNothingUnknownSent();
        },
      ),
      { numRuns: RUNS, seed: 6 },
    );
  });
});

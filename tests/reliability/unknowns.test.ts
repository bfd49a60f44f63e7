import * as fc from "fast-check";
import { provider } from "../../provider/hosts/dynamic";
import { type Sandbox, startSandbox } from "../../sandbox";
import { goodArguments } from "../support/arguments";
import { amount, counted } from "./figures";

/** Values that are not known at preview, in any subset and at any depth: no false failure, no sentinel sent, the same texts later. */

const SENTINEL = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const RUNS = amount(150, 1_000, "CLEVERTAP_TEST_UNKNOWNS");

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.close());

type Values = Record<string, unknown>;
const GOOD = () =>
  goodArguments(sandbox, {
    headers: { "x-team": "one", "x-more": "two" },
    markAsDefault: false,
    autoReplyUntracked: true,
    maxConcurrentRequests: 50,
    adoptExisting: false,
  });
/** Wrong values, with a text of their failure. */
const BAD: [string, unknown, string][] = [
  ["nickname", "", "nickname: must not be empty"],
  ["mobileNumber", "+919999999999", "mobileNumber: digits only"],
  ["httpEndpoint", "ftp://x", "httpEndpoint: must be"],
  ["apiKey", "a b", "apiKey: must be visible ASCII"],
  ["kaleyraHost", "not a host", "kaleyraHost: must be"],
  ["maxConcurrentRequests", 7, "maxConcurrentRequests: must be a whole number"],
];
const NAMES = [
  "nickname",
  "mobileNumber",
  "httpEndpoint",
  "apiKey",
  "sid",
  "kaleyraHost",
  "headers",
  "markAsDefault",
  "autoReplyUntracked",
  "maxConcurrentRequests",
  "adoptExisting",
];
const subset = fc.subarray([...NAMES, "headers.x-team", "headers.x-more"]);

function hide(values: Values, names: readonly string[]): Values {
  const headers = { ...(values.headers as Values) };
  for (const key of ["x-team", "x-more"]) if (names.includes(`headers.${key}`)) headers[key] = SENTINEL;
  const hidden = names.filter((n) => !n.includes(".")).map((n) => [n, SENTINEL]);
  return { ...values, headers, ...Object.fromEntries(hidden) };
}

async function host() {
  const object = provider();
  const account = sandbox.accounts[0] as { id: string; passcode: string };
  const config: Record<string, string> = {
    "clevertap:endpoint": sandbox.endpoint,
    "clevertap:accountId": account.id,
    "clevertap:passcode": account.passcode,
  };
  const get = (key: string) => config[key];
  await object.configure?.({ config: { get, require: (key: string) => get(key) ?? "" } });
  return object;
}
const hints = (preview: boolean) => ({
  preview,
  urn: "urn:pulumi:dev::test::pulumi-nodejs:dynamic/clevertap:WhatsAppProvider::a",
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

test(`${RUNS} subsets of good values: no failure, nothing unknown sent, and the known values pass`, async () => {
  const previewed = async (names: string[], exists: boolean) => {
    sandbox.reset();
    const inputs = hide(GOOD(), names);
    const previewing = await host();
    let olds: Values = {};
    let state: Values = {};
    let id = "";
    if (exists) {
      const updating = await host();
      const before = { ...GOOD(), nickname: "Before" };
      olds = (await updating.check?.({}, { ...before, __hints: hints(false) }))?.inputs ?? {};
      const made = await updating.create(olds);
      id = made.id;
      state = made.outs;
      sandbox.resetRequests();
    }
    const checked = await previewing.check?.(olds, { ...inputs, __hints: hints(true) });
    expect(checked?.failures).toEqual([]);
    expect(JSON.stringify(checked?.inputs)).not.toContain("__hints");
    if (exists) await previewing.diff?.(id, state, checked?.inputs ?? {});
    expectNothingUnknownSent();
    // With something unknown in it, no dry run goes out: it could only be wrong.
    const dryRuns = sandbox.requests().filter((r) => r.query.validateOnly !== undefined);
    if (names.length > 0) expect(dryRuns).toEqual([]);
    expect(
      sandbox.requests().filter((r) => r.method !== "GET" && r.query.validateOnly === undefined),
    ).toEqual([]);
  };
  await counted("subsets of unknown arguments", (attempt) =>
    fc.assert(
      fc.asyncProperty(subset, fc.boolean(), (names, exists) => attempt(() => previewed(names, exists))),
      { numRuns: RUNS, seed: 6 },
    ),
  );
});

test("a wrong value beside unknown ones fails at preview, and one that was unknown fails at the update with the same text", async () => {
  await fc.assert(
    fc.asyncProperty(subset, fc.constantFrom(...BAD), async (names, [name, value, text]) => {
      sandbox.reset();
      const wrong = { ...GOOD(), [name]: value };
      const reasons = async (values: Values, preview: boolean) =>
        (await (await host()).check?.({}, { ...values, __hints: hints(preview) }))?.failures?.map(
          (f) => f.reason,
        ) ?? [];
      const atPreview = await reasons(hide(wrong, names), true);
      const atUpdate = await reasons(wrong, false);
      expect(atUpdate).toEqual([expect.stringContaining(text)]);
      expect(atPreview).toEqual(names.includes(name) ? [] : atUpdate);
      expectNothingUnknownSent();
    }),
    { numRuns: RUNS, seed: 6 },
  );
});

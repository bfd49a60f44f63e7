import { ERRORS } from "../../provider/errors";
import { type Sandbox, startSandbox } from "../../sandbox";
import { CANARIES } from "../engine/support/stack";
import { Driver, expectNoSecret, type Outcome, type Program } from "./driver";
import { type Cell, FAULTS, NUMBER, VERBS } from "./faults";
import { report } from "./figures";

/** Every verb against every fault, once and for ever: nothing lost, nothing twice, nothing leaked, and it converges. */

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(async () => {
  await sandbox.close();
});

const cells = Object.entries(FAULTS).flatMap(([fault, { modes = ["once", "for ever"] as const }]) =>
  Object.keys(VERBS).flatMap((verb) => modes.map((mode) => ({ verb, fault, mode }))),
);
let passed = 0;
afterAll(() => report("fault matrix, in process: cells", passed, cells.length));

const writes = () =>
  sandbox.requests().filter((r) => r.method !== "GET" && r.query.validateOnly === undefined);

/** As the message says: refresh, adopt, or nothing but running it again. */
async function converge(driver: Driver, wanted: Program): Promise<void> {
  let program = wanted;
  for (let round = 1; ; round++) {
    const { error } = await driver.up(program);
    if (!error) break;
    if (round === 3) throw error;
    if (error.message.includes("pulumi refresh")) await driver.refresh();
    const mark = /adoptExisting: (true|"(?:[^"\\]|\\.)*")/.exec(error.message)?.[1];
    if (mark !== undefined) {
      const adopted = Object.entries(program).map(([k, v]) => [k, { ...v, adoptExisting: JSON.parse(mark) }]);
      program = Object.fromEntries(adopted);
    }
  }
  const [args] = Object.values(wanted);
  const found = sandbox.providers();
  expect(found).toHaveLength(args ? 1 : 0);
  if (!args) return;
  const [provider] = found;
  expect(provider).toMatchObject({ nickname: args.nickname, mobileNumber: NUMBER });
  expect(sandbox.headerValue(provider?.id as string, "api-key")).toBe(args.apiKey);
  expect(sandbox.headerValue(provider?.id as string, "x-team")).toBe(CANARIES.header);
  expect(driver.resources.map((r) => r.id)).toEqual([provider?.id]);
  sandbox.resetRequests();
  expect(await driver.up(program)).toEqual({ steps: 0, lines: [] });
  expect(sandbox.requests()).toEqual([]);
}

function expectSafe(driver: Driver, outcome: Outcome, cell: Cell): void {
  const found = sandbox.providers();
  const ids = found.map((p) => p.id);
  // At most one object per number, and nothing in state that the server does not have, but for what somebody else removed.
  expect(new Set(found.map((p) => p.mobileNumber)).size).toBe(found.length);
  const removed = FAULTS["404 of the API"];
  if (removed && ids.length > 0)
    expect(ids).toEqual(expect.arrayContaining(driver.resources.map((r) => r.id)));
  const { error } = outcome;
  if (error) {
    expect(Object.keys(ERRORS)).toContain(error.code);
    expect(error.message).toContain(`[${error.code}`);
    expect(error.message).toContain(". ");
    expect(error.message.length).toBeLessThan(1200);
    // What failed before is still in state: nothing is taken for gone.
    if (cell.verb.exists) expect(driver.resources).toHaveLength(1);
  }
  expect(found.length).toBeLessThanOrEqual(1);
}

describe.each(Object.keys(FAULTS))("%s", (faultName) => {
  test.each(cells.filter(({ fault }) => fault === faultName))(
    "$verb, $mode",
    async ({ verb: verbName, mode }) => {
      const verb = VERBS[verbName] as (typeof VERBS)[string];
      const fault = FAULTS[faultName] as (typeof FAULTS)[string];
      sandbox.reset();
      const account = sandbox.accounts[0] as { id: string; passcode: string };
      const driver = new Driver({
        endpoint: sandbox.endpoint,
        accountId: account.id,
        passcode: account.passcode,
        settings: fault.settings,
      });
      const one = {
        nickname: "Kaleyra",
        mobileNumber: NUMBER,
        httpEndpoint: sandbox.httpEndpoint,
        apiKey: sandbox.kaleyra.apiKey,
        sid: sandbox.kaleyra.sid,
        kaleyraHost: sandbox.kaleyraHost,
        headers: { "x-team": CANARIES.header },
      };
      const programs = { one: { a: one }, changed: { a: { ...one, nickname: "Changed" } }, none: {} };
      const wanted: Program = programs[verb.wanted];
      if (verb.exists) await driver.up(programs.one);
      const cell: Cell = {
        sandbox,
        driver,
        verbName,
        verb,
        id: driver.resources[0]?.id ?? "",
        count: mode === "once" ? 1 : undefined,
        program: programs.one,
        after: [],
      };
      await fault.arrange(cell);
      const outcome = await verb.act(driver, wanted, cell.id);
      const heals = fault.heals === true || fault.heals?.includes(verbName);
      if (outcome.error) expect(fault.codes).toContain(outcome.error.code);
      if (mode === "once" && heals) expect(outcome.error).toBeUndefined();
      expectSafe(driver, outcome, cell);
      sandbox.clearFaults();
      for (const undo of cell.after.reverse()) await undo();
      driver.options = { ...driver.options, settings: {} };
      if (verb.wanted !== "none" || outcome.error) await converge(driver, wanted);
      expect(await driver.destroy()).not.toHaveProperty("error.code");
      expect(sandbox.providers()).toEqual([]);
      sandbox.resetRequests();
      expect(await driver.destroy()).toEqual({ steps: 0, lines: [] });
      expect(writes()).toEqual([]);
      expectNoSecret(driver.seen, account.passcode, sandbox.accounts[1]?.passcode as string);
      passed++;
    },
  );
});

import { ERRORS } from "../../provider/model/errors";
import type { Sandbox } from "../../sandbox";
import { goodArguments } from "../support/arguments";
import { CANARIES } from "../support/canaries";
import { type DriverOptions, expectNoSecret, type Program, type Subject } from "./driver";
import { type Cell, FAULTS, NUMBER, VERBS } from "./faults";

/** One cell of the fault matrix: nothing lost, nothing twice, nothing leaked, and it converges. */

export type Mode = "once" | "for ever";

/** As the message says: refresh, adopt, or nothing but running it again. */
async function converge(driver: Subject, sandbox: Sandbox, wanted: Program): Promise<void> {
  let program = wanted;
  for (let round = 1; ; round++) {
    const { error } = await driver.up(program);
    if (!error) break;
    if (round === 3) throw new Error(error.message);
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

function expectSafe(
  driver: Subject,
  { error }: Awaited<ReturnType<Subject["up"]>>,
  { sandbox, verb }: Cell,
): void {
  const found = sandbox.providers();
  const ids = found.map((p) => p.id);
  // At most one object per number, and nothing in state that the server does not have, but for what somebody else removed.
  expect(found.length).toBeLessThanOrEqual(1);
  if (ids.length > 0) expect(ids).toEqual(expect.arrayContaining(driver.resources.map((r) => r.id)));
  if (!error) return;
  expect(Object.keys(ERRORS)).toContain(error.code);
  expect(error.message).toContain(`[${error.code}`);
  expect(error.message).toContain(". ");
  expect(error.message.length).toBeLessThan(1200);
  // What failed before is still in state: nothing is taken for gone.
  if (verb.exists) expect(driver.resources).toHaveLength(1);
}

/** How a driver of this sandbox's first account is configured. */
export function optionsOf(sandbox: Sandbox, faultName: string): DriverOptions {
  const { id: accountId, passcode } = sandbox.accounts[0] as { id: string; passcode: string };
  return { endpoint: sandbox.endpoint, accountId, passcode, settings: FAULTS[faultName]?.settings };
}

/** Runs a verb while a fault lasts, then brings everything in order again, then destroys it. */
export async function runCell(
  driver: Subject,
  sandbox: Sandbox,
  { verb: verbName, fault: faultName, mode }: { verb: string; fault: string; mode: Mode },
): Promise<void> {
  const verb = VERBS[verbName] as (typeof VERBS)[string];
  const fault = FAULTS[faultName] as (typeof FAULTS)[string];
  const one = goodArguments(sandbox, { mobileNumber: NUMBER, headers: { "x-team": CANARIES.header } });
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
  if (verb.wanted !== "none" || outcome.error) await converge(driver, sandbox, wanted);
  expect(await driver.destroy()).not.toHaveProperty("error.code");
  expect(sandbox.providers()).toEqual([]);
  sandbox.resetRequests();
  expect(await driver.destroy()).toEqual({ steps: 0, lines: [] });
  const writes = sandbox.requests().filter((r) => r.method !== "GET" && r.query.validateOnly === undefined);
  expect(writes).toEqual([]);
  expectNoSecret(driver.seen, ...sandbox.accounts.map((account) => account.passcode));
}

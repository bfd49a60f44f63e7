import { ERRORS } from "../../provider/model/errors";
import type { Sandbox } from "../../sandbox";
import { goodConfig } from "../support/arguments";
import { type DriverOptions, expectNoSecret, type Program, type Subject } from "./driver";
import type { Cell, Fault, Verb } from "./faults";
import type { Specimen } from "./specimen";

/** One cell of the fault matrix: nothing lost, nothing twice, nothing leaked, and it converges. */

export type Mode = "once" | "for ever";

/** A cell by its names. */
export interface CellNames {
  readonly specimen: Specimen;
  readonly verb: string;
  readonly fault: string;
  readonly mode: Mode;
}

/** Where people work the server: nobody is asked twice, and they do what they are asked. */
async function settle(driver: Subject, sandbox: Sandbox, { byPeople }: Specimen): Promise<void> {
  if (!byPeople) return;
  const open = sandbox.tasks().filter(({ state }) => state === "open");
  expect(open.length).toBeLessThanOrEqual(1);
  for (const { id } of open) sandbox.confirmTask(id);
  await driver.refresh();
}

/** As the message says: refresh, adopt, or nothing but running it again. */
async function converge(
  driver: Subject,
  sandbox: Sandbox,
  specimen: Specimen,
  wanted: Program,
): Promise<void> {
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
  await settle(driver, sandbox, specimen);
  const [args] = Object.values(wanted);
  if (!args) return specimen.expectDestroyed(sandbox);
  const ids = driver.resources.map(({ id }) => id);
  specimen.expectExactly(sandbox, args, ids);
  sandbox.resetRequests();
  expect(await driver.up(program)).toEqual({ steps: 0, lines: [] });
  expect(sandbox.requests({ kind: "all" })).toEqual([]);
}

function expectSafe(
  driver: Subject,
  specimen: Specimen,
  { error }: Awaited<ReturnType<Subject["up"]>>,
  { sandbox, verb }: Cell,
): void {
  const ids = driver.resources.map(({ id }) => id);
  specimen.expectSound(sandbox, ids);
  if (!error) return;
  expect(Object.keys(ERRORS)).toContain(error.code);
  expect(error.message).toContain(`[${error.code}`);
  expect(error.message).toContain(". ");
  expect(error.message.length).toBeLessThan(1200);
  // What failed before is still in state: nothing is taken for gone.
  if (verb.exists) expect(ids).toHaveLength(1);
}

/** How a driver of this sandbox's first account is configured. */
export function optionsOf(sandbox: Sandbox, fault: Fault | undefined): DriverOptions {
  return { ...goodConfig(sandbox), settings: fault?.settings };
}

/** Runs a verb while a fault lasts, then brings everything in order again, then destroys it. */
export async function runCell(
  driver: Subject,
  sandbox: Sandbox,
  { specimen, verb: verbName, fault: faultName, mode }: CellNames,
): Promise<void> {
  const verb = specimen.verbs[verbName] as Verb;
  const fault = specimen.faults[faultName] as Fault;
  // Where the API is may be an argument, and a fault may move it.
  const programs = () => {
    const one = specimen.good(sandbox, driver.options.endpoint);
    return { one: { a: one }, changed: { a: { ...one, ...specimen.change } }, none: {} };
  };
  const { one } = programs();
  if (verb.exists) await driver.up(one);
  await settle(driver, sandbox, specimen);
  const cell: Cell = {
    sandbox,
    driver,
    verbName,
    verb,
    id: driver.resources[0]?.id ?? "",
    count: mode === "once" ? 1 : undefined,
    program: one,
    after: [],
  };
  await fault.arrange(cell);
  const outcome = await verb.act(driver, programs()[verb.wanted], cell.id, one.a);
  const heals = specimen.heals(fault, verb);
  if (outcome.error) expect(specimen.codes(fault, verb)).toContain(outcome.error.code);
  if (mode === "once" && (heals === true || heals?.includes(verbName))) expect(outcome.error).toBeUndefined();
  expectSafe(driver, specimen, outcome, cell);
  sandbox.clearFaults();
  for (const undo of cell.after.reverse()) await undo();
  driver.options = { ...driver.options, settings: {} };
  if (verb.wanted !== "none" || outcome.error)
    await converge(driver, sandbox, specimen, programs()[verb.wanted]);
  expect(await driver.destroy()).not.toHaveProperty("error.code");
  await settle(driver, sandbox, specimen);
  specimen.expectDestroyed(sandbox);
  sandbox.resetRequests();
  expect(await driver.destroy()).toEqual({ steps: 0, lines: [] });
  const requests = [...sandbox.requests(), ...sandbox.requests({ kind: "kaleyra" })];
  const writes = requests.filter((r) => r.method !== "GET" && r.query.validateOnly === undefined);
  expect(writes).toEqual([]);
  expectNoSecret(driver.seen, ...sandbox.accounts.map((account) => account.passcode));
}

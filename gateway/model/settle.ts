import type { Gateway } from "../gateway";
import { log } from "../log";
import type { Attestation, Declared, KeptTask, Place, TaskKind } from "./documents";
import { type Attested, mergeRule, type Taken, type Wanted } from "./merge";
import { dropSecrets, neededBy } from "./secrets";
import { attestationOf, declaredAt, putProvider, putTask, removeProvider, taskAt, taskOf } from "./tables";
import { differences, type FormValues, same } from "./values";

/** What there is about one number. */
interface Slot {
  readonly current: Declared | undefined;
  readonly attested: Attestation | undefined;
  readonly taken: KeptTask | undefined;
  readonly open: KeptTask | undefined;
}

/** What came of it. */
export interface Settled {
  /** Did a task to type something come up, that was not there before? */
  readonly asks: boolean;
  /** True: nothing is left of the provider, and nobody has to do anything. */
  readonly gone: boolean;
  /** Secret headers whose value a task needs and nobody has. */
  readonly missing: readonly string[];
}

/**
 * Brings the open task of a number to what {@link mergeRule} says: after every change of what is declared, attested or taken,
 * in the same transaction.
 *
 * @param actor who made the change
 */
export function settle(gateway: Gateway, place: Place, actor: string): Settled {
  const slot = slotOf(gateway, place);
  const { current, attested, taken } = slot;
  const { asked } = current ? ruleFor(slot, current) : { asked: "none" as const };
  if (current && asked === "gone") removeProvider(gateway, current);
  const isFresh =
    current !== undefined && asked !== "none" && asked !== "gone"
      ? ask(gateway, slot, current, asked, actor)
      : false;
  const isIdleLook =
    slot.open?.kind === "look" && current !== undefined && !current.going && asked === "none";
  if (slot.open && (asked === "none" || asked === "gone") && !isIdleLook)
    supersede(gateway, slot.open, actor);
  const open = taskAt(gateway, place, "open");
  const required = needed(attested?.values, taken, open);
  // A look that somebody has taken may find anything, nothing at all included.
  const useful = taken?.kind === "look" && open ? neededBy(open, [undefined]) : [];
  const missing = dropSecrets(gateway, place, required, useful);
  return { asks: isFresh && asked !== "delete", gone: asked === "gone", missing };
}

/**
 * As {@link settle}, after what a person did: where the task now needs a value of which only a digest is left, the program has
 * to send it again.
 */
export function settleAfterWork(gateway: Gateway, place: Place, actor: string): void {
  const { missing } = settle(gateway, place, actor);
  const current = declaredAt(gateway, place).at(-1);
  if (missing.length === 0 || !current) return;
  const statusReason = `The dashboard holds something else now, and the gateway has no value of ${missing.join(", ")} any more: send it again.`;
  putProvider(gateway, { ...current, refused: true, refusedTask: undefined, statusReason });
  settle(gateway, place, actor);
}

/** A provider stays behind a newer one of the same number only while a person is deleting it. */
function slotOf(gateway: Gateway, place: Place): Slot {
  const taken = taskAt(gateway, place, "taken");
  const providers = declaredAt(gateway, place);
  const current = providers.at(-1);
  for (const older of providers.slice(0, -1))
    if (taken?.kind !== "delete" || taken.provider !== older.id) removeProvider(gateway, older);
  return { current, taken, open: taskAt(gateway, place, "open"), attested: attestationOf(gateway, place) };
}

function ruleFor({ attested, taken }: Slot, current: Declared) {
  const wanted: Wanted = current.going ? "to go" : current.refused ? "refused" : "there";
  return mergeRule(wanted, attestedAs(current, attested), takenAs(current, taken));
}

function attestedAs({ values }: Declared, attested: Attestation | undefined): Attested {
  if (!attested) return "nothing";
  return differences(values, attested.values).length === 0 ? "equal" : "different";
}

function takenAs(current: Declared, taken: KeptTask | undefined): Taken {
  if (!taken) return "none";
  if (taken.kind === "look") return "look";
  if (taken.kind === "delete") return current.going ? "leads there" : "delete";
  const leads = !current.going && taken.target && differences(current.values, taken.target).length === 0;
  return leads ? "leads there" : "add or edit";
}

/**
 * The open task asks for what is declared. Nobody works on it, so it keeps its number when something else is declared; where
 * a delete follows a save, or the other way round, it is another task.
 *
 * @returns true: a person is asked for something new
 */
function ask(gateway: Gateway, slot: Slot, current: Declared, kind: TaskKind, actor: string): boolean {
  const { open } = slot;
  const base = slot.attested?.values;
  const target = kind === "delete" ? undefined : current.values;
  const isFor = (task: KeptTask) =>
    task.provider === current.id && task.kind !== "look" && (task.kind === "delete") === (kind === "delete");
  const { revision, externalReference } = current;
  if (open && isFor(open)) {
    const isNew = !sameTarget(open.target, target);
    if (isNew) log(gateway, { actor, action: "update", task: String(open.n), provider: current.id });
    putTask(gateway, { ...open, kind, base, ...(isNew && { target, revision, externalReference }) });
    return isNew;
  }
  if (open) supersede(gateway, open, actor);
  const refused = current.refusedTask === undefined ? undefined : taskOf(gateway, current.refusedTask);
  if (refused?.state === "refused" && isFor(refused) && sameTarget(refused.target, target)) {
    const { closedBy, closedAt, reason, takenBy, takenAt, ...again } = refused;
    putTask(gateway, { ...again, kind, base, state: "open" });
    log(gateway, { actor, action: "open", task: String(refused.n), provider: current.id });
    return true;
  }
  openTask(gateway, current, kind, target, base, actor);
  return true;
}

/** Opens a new task. */
export function openTask(
  gateway: Gateway,
  { id, account, revision, externalReference, values }: Declared,
  kind: TaskKind,
  target: FormValues | undefined,
  base: FormValues | undefined,
  actor: string,
): KeptTask {
  const n = gateway.database.next("task");
  const task: KeptTask = {
    n,
    kind,
    state: "open",
    account,
    number: values.mobileNumber,
    provider: id,
    revision,
    target,
    base,
    externalReference,
    openedAt: gateway.now().toISOString(),
  };
  putTask(gateway, task);
  log(gateway, { actor, action: "open", task: String(n), provider: id });
  return task;
}

function supersede(gateway: Gateway, task: KeptTask, actor: string): void {
  putTask(gateway, { ...task, state: "superseded", closedAt: gateway.now().toISOString() });
  log(gateway, { actor, action: "supersede", task: String(task.n), provider: task.provider });
}

function sameTarget(left: FormValues | undefined, right: FormValues | undefined): boolean {
  return left === undefined || right === undefined ? left === right : same(left, right);
}

/** A waiting task may start from what is there now, or from what the taken one leaves. */
function needed(attested: FormValues | undefined, taken: KeptTask | undefined, open: KeptTask | undefined) {
  const left = taken && taken.kind !== "look" ? [taken.target] : [];
  return [
    ...(taken ? neededBy(taken, [attested]) : []),
    ...(open && open.kind !== "look" ? neededBy(open, [attested, ...left]) : []),
  ];
}

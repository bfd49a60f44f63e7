import { MEMBERS } from "../../contract/members";
import type { Gateway } from "../gateway";
import { log } from "../log";
import { type Actor, Refused, requireRole } from "../trust/roles";
import { demoteOthers } from "./declare";
import type { Attestation, Evidence, KeptTask, Place } from "./documents";
import { keptSecret, secretDigest, withoutSecrets } from "./secrets";
import { openTask, settleAfterWork } from "./settle";
import {
  attestationOf,
  attestedDefaultsOf,
  dueForLook,
  placeOf,
  providerOf,
  putAttestation,
  putProvider,
  putTask,
  removeAttestation,
  removeProvider,
  taskAt,
  taskOf,
} from "./tables";
import { differences, digestOf, type FormPair, type FormValues, fieldsOf, headerField } from "./values";

/** What people do with tasks. Each function is one transaction, and checks the role of who acts. */

/** A person works on the task now: nobody else takes it, and a newer change waits behind it. */
export function takeTask(gateway: Gateway, n: number, actor: Actor): KeptTask {
  return work(gateway, n, actor, (task) => {
    if (task.state === "taken") throw new Refused("conflict", `Task ${n} is taken by ${task.takenBy}.`);
    requireState(task, "open");
    const other = taskAt(gateway, task, "taken");
    if (other)
      throw new Refused(
        "conflict",
        `Task ${n} waits behind task ${other.n}, which ${other.takenBy} has taken.`,
      );
    const taken: KeptTask = {
      ...task,
      state: "taken",
      takenBy: actor.name,
      takenAt: gateway.now().toISOString(),
    };
    putTask(gateway, taken);
    log(gateway, { actor: actor.name, action: "take", task: String(n), provider: task.provider });
    return taken;
  });
}

/** The task is given back: another person may take it. Only who took it, or an admin. */
export function releaseTask(gateway: Gateway, n: number, actor: Actor): KeptTask {
  return work(gateway, n, actor, (task) => {
    requireState(task, "taken");
    if (task.takenBy !== actor.name) requireRole(actor, "admin");
    const { takenBy, takenAt, ...open } = task;
    log(gateway, { actor: actor.name, action: "release", task: String(n), provider: task.provider });
    // What waits behind it asks for something newer.
    const waits = taskAt(gateway, task, "open") !== undefined;
    putTask(gateway, {
      ...open,
      state: waits ? "superseded" : "open",
      ...(waits && { closedAt: gateway.now().toISOString() }),
    });
    settleAfterWork(gateway, task, actor.name);
    return existing(gateway, n);
  });
}

/** "Mark as saved": the person attests that the dashboard now holds what the task asked for. */
export function confirmTask(gateway: Gateway, n: number, actor: Actor, evidence: Evidence = {}): KeptTask {
  return work(gateway, n, actor, (task) => {
    requireMine(task, actor);
    if (task.kind === "look") throw new Refused("conflict", `Task ${n} is a look: say whether it matches.`);
    const closed = close(gateway, task, actor, "save", { evidence: cleaned(gateway, task, evidence) });
    if (task.target) attest(gateway, task, task.target, task, actor);
    else removeAttestation(gateway, task);
    const provider = providerOf(gateway, task.provider);
    if (provider && !task.target && provider.going) removeProvider(gateway, provider);
    else if (provider && task.target && differences(provider.values, task.target).length === 0)
      putProvider(gateway, { ...provider, refused: false, refusedTask: undefined, statusReason: undefined });
    settleAfterWork(gateway, task, actor.name);
    return closed;
  });
}

/**
 * "CleverTap refused it".
 *
 * @param said what CleverTap said; secrets of the task are taken out before it is stored
 */
export function refuseTask(gateway: Gateway, n: number, actor: Actor, said: string): KeptTask {
  return work(gateway, n, actor, (task) => {
    requireMine(task, actor);
    if (task.kind === "look") throw new Refused("conflict", `Task ${n} is a look: say whether it matches.`);
    const reason = typed(gateway, task, said);
    if (reason === "") throw new Refused("invalid", "Say what CleverTap said.");
    const closed = close(gateway, task, actor, "refuse", { reason });
    const provider = providerOf(gateway, task.provider);
    if (provider) {
      const there = attestationOf(gateway, task);
      if (task.kind !== "delete") {
        const isDeclared =
          task.target && !provider.going && differences(provider.values, task.target).length === 0;
        if (isDeclared)
          putProvider(gateway, { ...provider, refused: true, refusedTask: n, statusReason: reason });
      } else if (provider.going && there) {
        // It stays as it is there: what was declared before and never done would be asked for by nobody.
        const isEqual = differences(provider.values, there.values).length === 0;
        const back = isEqual
          ? {}
          : { values: there.values, revision: provider.revision + 1, updatedAt: gateway.now().toISOString() };
        putProvider(gateway, { ...provider, ...back, going: false, refusedTask: n, statusReason: reason });
      }
    }
    settleAfterWork(gateway, task, actor.name);
    return closed;
  });
}

/** "It matches": the person looked, and the dashboard holds what is declared. */
export function matchLook(gateway: Gateway, n: number, actor: Actor, evidence: Evidence = {}): KeptTask {
  return work(gateway, n, actor, (task) => {
    const there = lookedAt(gateway, task, actor);
    const closed = close(gateway, task, actor, "matches", {
      evidence: cleaned(gateway, task, evidence),
      found: [],
    });
    attest(gateway, task, there.values, task, actor);
    settleAfterWork(gateway, task, actor.name);
    return closed;
  });
}

/**
 * What a look found, by field name: `nickname`, `isDefault`, `header:x-team`. Only the fields that differ. A header
 * with an empty text is not there. What is typed for a secret header is compared and forgotten.
 */
export type Seen = Readonly<Record<string, string | number | boolean>>;

/** "It shows something else": the values become what is declared, and so drift for the program. */
export function differLook(
  gateway: Gateway,
  n: number,
  actor: Actor,
  seen: Seen,
  evidence: Evidence = {},
): KeptTask {
  return work(gateway, n, actor, (task) => {
    const there = lookedAt(gateway, task, actor);
    const values = withSeen(gateway, task, there.values, seen);
    const found = [
      ...differences(values, there.values),
      ...(values.isDefault !== there.values.isDefault ? ["isDefault"] : []),
    ];
    if (found.length === 0)
      throw new Refused("invalid", "What was typed is what was attested before: say that it matches.");
    const closed = close(gateway, task, actor, "differs", {
      evidence: cleaned(gateway, task, evidence),
      found: [...new Set(found)],
    });
    attest(gateway, task, values, task, actor);
    const provider = providerOf(gateway, task.provider);
    // Where the program has declared something newer since, that stays, and is still to be done.
    if (provider && !provider.going && differences(provider.values, there.values).length === 0) {
      const updatedAt = gateway.now().toISOString();
      const drifted = { ...provider, values, revision: provider.revision + 1, updatedAt };
      putProvider(gateway, drifted);
      if (values.isDefault) demoteOthers(gateway, drifted, actor.name);
    }
    settleAfterWork(gateway, task, actor.name);
    return closed;
  });
}

/** The look found no such provider in the dashboard: it is gone for the program too, unless that has declared something newer. */
export function missLook(gateway: Gateway, n: number, actor: Actor, evidence: Evidence = {}): KeptTask {
  return work(gateway, n, actor, (task) => {
    const there = lookedAt(gateway, task, actor);
    const closed = close(gateway, task, actor, "differs", {
      evidence: cleaned(gateway, task, evidence),
      found: fieldsOf(there.values).map(({ name }) => name),
    });
    removeAttestation(gateway, task);
    const provider = providerOf(gateway, task.provider);
    if (provider && !provider.going && differences(provider.values, there.values).length === 0)
      removeProvider(gateway, provider);
    settleAfterWork(gateway, task, actor.name);
    return closed;
  });
}

/** Asks somebody to compare a provider with the dashboard. */
export function askForLook(gateway: Gateway, providerId: string, actor: Actor): KeptTask {
  requireRole(actor, "operator");
  return gateway.database.atOnce(() => {
    const provider = providerOf(gateway, providerId);
    const there = provider && attestationOf(gateway, placeOf(provider));
    if (!provider || !there)
      throw new Refused("not-found", "There is no provider of this id that was ever attested.");
    const place = placeOf(provider);
    const other = taskAt(gateway, place, "open") ?? taskAt(gateway, place, "taken");
    if (other) throw new Refused("conflict", `Task ${other.n} is under way for this provider.`);
    if (provider.going || provider.refused) throw new Refused("conflict", "The program has to act first.");
    return openTask(gateway, provider, "look", there.values, there.values, actor.name);
  });
}

/**
 * Opens a look for each provider that was last attested longer ago than that.
 *
 * @returns how many
 */
export function openDueLooks(gateway: Gateway, days: number): number {
  const before = new Date(gateway.now().getTime() - days * 24 * 60 * 60 * 1000).toISOString();
  const due = dueForLook(gateway, before);
  for (const provider of due)
    gateway.database.atOnce(() => {
      const there = attestationOf(gateway, placeOf(provider));
      if (there) openTask(gateway, provider, "look", there.values, there.values, SCHEDULE);
    });
  return due.length;
}

/** Who opens the looks that are due, in the log. */
const SCHEDULE = "schedule";

/**
 * "Reveal": the value of a secret header of a task that is not done yet. The log tells who has seen it.
 *
 * @param header its name
 * @throws Refused not-found where the task holds no value of it
 */
export function revealSecret(gateway: Gateway, n: number, header: string, actor: Actor): string {
  requireRole(actor, "operator");
  return gateway.database.atOnce(() => {
    const task = existing(gateway, n);
    const digest = task.target && digestOf(task.target, header);
    const isUnderWay = task.state === "open" || task.state === "taken";
    const value = digest && isUnderWay ? keptSecret(gateway, task, header, digest) : undefined;
    if (value === undefined)
      throw new Refused("not-found", `Task ${n} holds no value of this header: leave it unchanged.`);
    log(gateway, { actor: actor.name, action: "reveal", task: String(n), provider: task.provider });
    return value;
  });
}

function work(gateway: Gateway, n: number, actor: Actor, act: (task: KeptTask) => KeptTask): KeptTask {
  requireRole(actor, "operator");
  return gateway.database.atOnce(() => act(existing(gateway, n)));
}

function existing(gateway: Gateway, n: number): KeptTask {
  const task = taskOf(gateway, n);
  if (!task) throw new Refused("not-found", `There is no task ${n}.`);
  return task;
}

function requireState(task: KeptTask, state: "open" | "taken"): void {
  if (task.state === state) return;
  const who = task.closedBy === undefined ? "" : ` by ${task.closedBy}`;
  const what = task.state === "open" ? "open: take it first" : `${task.state}${who} already`;
  throw new Refused("conflict", `Task ${task.n} is ${what}.`);
}

function requireMine(task: KeptTask, actor: Actor): void {
  requireState(task, "taken");
  if (task.takenBy !== actor.name)
    throw new Refused(
      "conflict",
      `Task ${task.n} is taken by ${task.takenBy}: they have to release it first.`,
    );
}

function lookedAt(gateway: Gateway, task: KeptTask, actor: Actor): Attestation {
  requireMine(task, actor);
  const there = attestationOf(gateway, task);
  if (task.kind !== "look" || !there) throw new Refused("conflict", `Task ${task.n} is no look.`);
  return there;
}

function close(
  gateway: Gateway,
  task: KeptTask,
  actor: Actor,
  action: "save" | "refuse" | "matches" | "differs",
  more: Partial<KeptTask>,
): KeptTask {
  const state = action === "refuse" ? "refused" : "confirmed";
  const closed: KeptTask = {
    ...task,
    ...more,
    state,
    closedBy: actor.name,
    closedAt: gateway.now().toISOString(),
  };
  putTask(gateway, closed);
  log(gateway, { actor: actor.name, action, task: String(task.n), provider: task.provider });
  return closed;
}

/** What the dashboard holds now. One default for each account there too. */
function attest(gateway: Gateway, place: Place, values: FormValues, { n }: KeptTask, actor: Actor): void {
  if (values.isDefault)
    for (const other of attestedDefaultsOf(gateway, place.account)) {
      const { mobileNumber: number } = other.values;
      if (number === place.number) continue;
      const there = { account: place.account, number };
      putAttestation(gateway, there, { ...other, values: { ...other.values, isDefault: false } });
      settleAfterWork(gateway, there, actor.name);
    }
  putAttestation(gateway, place, { values, by: actor.name, at: gateway.now().toISOString(), task: n });
}

const LONGEST_TEXT = 2_000;

/** What a person typed, without secrets of the task. */
function typed(gateway: Gateway, task: KeptTask, text: string): string {
  const provider = providerOf(gateway, task.provider);
  const forms = [task.target, task.base, provider?.values, attestationOf(gateway, task)?.values];
  const known = forms.filter((form) => form !== undefined);
  return withoutSecrets(gateway, task, known, text.slice(0, LONGEST_TEXT)).trim();
}

function cleaned(gateway: Gateway, task: KeptTask, { numberDetails, note }: Evidence): Evidence {
  const clean = (text: string | undefined) => typed(gateway, task, text ?? "") || undefined;
  return { numberDetails: clean(numberDetails), note: clean(note) };
}

function withSeen(gateway: Gateway, task: KeptTask, there: FormValues, seen: Seen): FormValues {
  let values: FormValues = there;
  for (const [name, value] of Object.entries(seen)) {
    if (
      typeof value === "string" &&
      !isSecretField(there, name) &&
      typed(gateway, task, value) !== value.trim()
    )
      throw new Refused("invalid", `${name} holds a secret of this provider: don't type it here.`);
    if (name.startsWith("header:"))
      values = { ...values, headers: headersWithSeen(gateway, task, values, name, String(value)) };
    else values = { ...values, [name]: memberSeen(name, value) };
  }
  return values;
}

function isSecretField(values: FormValues, name: string): boolean {
  return fieldsOf(values).some((field) => field.name === name && field.digest !== undefined);
}

function memberSeen(name: string, value: string | number | boolean): unknown {
  const member = name === "isDefault" ? MEMBERS.markAsDefault : MEMBERS[name];
  if (!member || name === "mobileNumber" || name === "externalReference")
    throw new Refused("invalid", `${name} is no field that a look can find different.`);
  const text = String(value).trim();
  const parsed =
    member.type === "boolean"
      ? text === "true"
        ? true
        : text === "false"
          ? false
          : text
      : member.type === "number"
        ? Number(text)
        : text;
  const fault = member.fault(parsed);
  if (fault) throw new Refused("invalid", `${name} ${fault}.`);
  return parsed;
}

function headersWithSeen(
  gateway: Gateway,
  place: Place,
  values: FormValues,
  field: string,
  text: string,
): FormPair[] {
  const isIt = ({ key }: FormPair) => headerField(key) === field;
  const before = values.headers.find(isIt);
  const value = text.trim();
  if (value === "") return values.headers.filter((pair) => !isIt(pair));
  const key = before?.key ?? field.slice("header:".length);
  const pair: FormPair =
    before && "digest" in before ? { key, digest: secretDigest(gateway, place, key, value) } : { key, value };
  return before ? values.headers.map((one) => (isIt(one) ? pair : one)) : [...values.headers, pair];
}

import { differs } from "../provider/model/unknown";
import { NO_FINGERPRINT } from "../provider/resources/whatsapp-provider/conversion";
import { readMark } from "../provider/resources/whatsapp-provider/mark";
import { pairsOf } from "./pairs";
import type { AuditState } from "./reading/state";
import { type AuditedResource, Hidden, isSameNumber, textOf } from "./resource";
import { labelOf, valueText } from "./words";

/** What differs between two states of a stack. */

/** What happened to a resource, the most telling first. */
export type ChangeKind =
  | "added"
  | "imported"
  | "adopted"
  | "removed"
  | "replaced"
  | "moved"
  | "renamed"
  | "rotated"
  | "taken over"
  | "changed";

/** A resource, in the words of a report. */
export interface ResourceName {
  readonly type: string;
  readonly name: string;
  readonly stack: string;
  readonly urn: string;
  readonly number: string;
  readonly id: string;
  readonly account: string;
}

/** One property before and after, in the form's own words. */
export interface PropertyChange {
  readonly property: string;
  readonly label: string;
  readonly before: string;
  readonly after: string;
}

export interface Change {
  readonly resource: ResourceName;
  /** Its earlier self, where name, number, id or account was another. */
  readonly earlier?: ResourceName;
  readonly kinds: readonly ChangeKind[];
  /** Why it was replaced, where it moved, what a fingerprint can't tell: sentences. */
  readonly notes: readonly string[];
  readonly properties: readonly PropertyChange[];
  /** Technical members that differ too, and mean nothing to a reader: revisions, code, the order of things. */
  readonly folded: readonly string[];
}

export interface Comparison {
  readonly changes: readonly Change[];
  /** Resources that are the same in both, but for what is folded. */
  readonly unchanged: number;
  /** Technical differences of all resources. */
  readonly folded: number;
}

/** Members of the table that say nothing by themselves. */
const TECHNICAL = new Set(["revision", "taskUrl"]);
/** Told in its own words, as a rotation. */
const FINGERPRINT = "credentialFingerprint";

const MARK = "externalReference";

/** Compares two states. */
export function compare(before: AuditState, after: AuditState): Comparison {
  const { pairs, added, removed } = pairsOf(before, after);
  const changed = pairs.map(([old, now]) => changeOf(old, now, before, after));
  const changes = [
    ...added.map((resource) => ({ ...EMPTY, ...addition(resource, after) })),
    ...changed.filter(({ kinds }) => kinds.length > 0),
    ...removed.map((resource) => ({
      ...EMPTY,
      resource: nameOf(resource, before),
      kinds: ["removed" as const],
      notes: removalNotes(resource),
    })),
  ];
  return {
    changes,
    unchanged: changed.filter(({ kinds }) => kinds.length === 0).length,
    folded: changed.reduce((sum, { folded }) => sum + folded.length, 0),
  };
}

const EMPTY = { notes: [], properties: [], folded: [] };

/** @param state from which it is, for what must be hidden */
export function nameOf(resource: AuditedResource, { redact }: Pick<AuditState, "redact">): ResourceName {
  const text = (name: string) => redact(textOf(resource, name) ?? "");
  return {
    type: resource.type,
    name: redact(resource.name),
    stack: redact(resource.stack),
    urn: redact(resource.urn),
    number: text("mobileNumber"),
    id: redact(resource.id ?? ""),
    account: text("accountId"),
  };
}

function addition(resource: AuditedResource, state: AuditState) {
  const taken = readMark(resource.claim)?.n ?? 0;
  const isImport = resource.claim === undefined && textOf(resource, "status") !== undefined;
  const kind: ChangeKind = taken > 0 ? "adopted" : isImport ? "imported" : "added";
  const notes = {
    adopted: ["it existed already: this stack took it over"],
    imported: [
      resource.isExternal
        ? "only read by the program"
        : "it existed already: this stack has read it, and not written to it yet",
    ],
    added: [],
  };
  const properties = listedProperties(resource)
    .filter(({ name }) => resource.values.get(name) !== undefined)
    .filter(({ role, name }) => role === "argument" || name === "status")
    .map((property) => ({
      property: property.name,
      label: labelOf(property),
      before: "",
      after: valueText(resource.values.get(property.name), state.redact),
    }));
  return { resource: nameOf(resource, state), kinds: [kind], notes: notes[kind], properties };
}

function removalNotes(resource: AuditedResource): string[] {
  return resource.isExternal ? ["it was only read by the program"] : [];
}

const listedProperties = ({ properties }: AuditedResource) =>
  properties.filter(({ name }) => !TECHNICAL.has(name) && name !== FINGERPRINT);

function changeOf(old: AuditedResource, now: AuditedResource, before: AuditState, after: AuditState): Change {
  const { kinds, notes } = kindsOf(old, now);
  // A new object has a new mark of the same owner.
  const hasNewMark = kinds.includes("replaced") && now.claim === textOf(now, MARK);
  const differing = listedProperties(now)
    .filter(({ name }) => differs(comparable(old.values.get(name)), comparable(now.values.get(name))))
    .filter(({ name }) => name !== MARK || !hasNewMark);
  const credentials = credentialsOf(old, now);
  const resource = nameOf(now, after);
  const earlier = nameOf(old, before);
  if (credentials?.isRotated) kinds.push("rotated");
  const properties = [
    ...differing.map((property) => ({
      property: property.name,
      label: labelOf(property),
      before: valueText(old.values.get(property.name), before.redact),
      after: valueText(now.values.get(property.name), after.redact),
    })),
    ...(credentials ? [credentials.change] : []),
  ];
  if (properties.length > 0 && kinds.length === 0) kinds.push("changed");
  const isRenamed = (["name", "number", "id", "account"] as const).some(
    (key) => earlier[key] !== resource[key],
  );
  return {
    resource,
    ...(isRenamed && { earlier }),
    kinds,
    notes: [...notes, ...(credentials?.notes ?? [])],
    properties,
    folded: foldedOf(old, now),
  };
}

/** A secret is compared by the fingerprint only: encrypted anew it looks different. */
function comparable(value: unknown): unknown {
  return value instanceof Hidden ? value.keys : value;
}

function kindsOf(old: AuditedResource, now: AuditedResource): { kinds: ChangeKind[]; notes: string[] } {
  const kinds: ChangeKind[] = [];
  const notes: string[] = [];
  if (old.id !== now.id && old.id !== undefined && now.id !== undefined) {
    kinds.push("replaced");
    notes.push(whyReplaced(old, now));
  }
  if (textOf(old, "accountId") !== textOf(now, "accountId")) {
    kinds.push("moved");
    notes.push("to another account");
  }
  if (old.door !== now.door) {
    kinds.push("moved");
    notes.push(`from the ${old.door} door to the ${now.door} door`);
  }
  if (old.name !== now.name) kinds.push("renamed");
  const mark = textOf(now, MARK);
  if (old.claim === undefined && now.claim !== undefined && old.id === now.id) {
    kinds.push("adopted");
    notes.push("this stack has put its mark on it");
  } else if (mark !== undefined && mark !== now.claim && mark !== textOf(old, MARK)) {
    kinds.push("taken over");
    notes.push("it carries a mark that this stack did not write");
  }
  return { kinds: [...new Set(kinds)], notes };
}

function whyReplaced(old: AuditedResource, now: AuditedResource): string {
  const why = now.properties
    .filter(({ name, replaces }) => replaces && differs(old.values.get(name), now.values.get(name)))
    .map(labelOf);
  if (why.length > 0) return `because of ${why.join(" and ")}`;
  return textOf(old, "accountId") === textOf(now, "accountId")
    ? "with the same number and account: forced with --replace, or made again after it was gone"
    : "because the account is another";
}

/** What the two fingerprints tell. They cover account, number and every credential. */
function credentialsOf(old: AuditedResource, now: AuditedResource) {
  const [before, after] = [textOf(old, FINGERPRINT), textOf(now, FINGERPRINT)];
  if (before === after || (before === undefined && after === undefined)) return undefined;
  const text = (fingerprint: string | undefined) => {
    if (fingerprint === undefined) return "not known";
    if (fingerprint === NO_FINGERPRINT) return "not known (may have been changed elsewhere)";
    // A state that somebody made can hold anything here.
    return /^[\da-f]{12}$/.test(fingerprint) ? fingerprint : "no fingerprint";
  };
  const change = {
    property: FINGERPRINT,
    label: "Credentials (fingerprint)",
    before: text(before),
    after: text(after),
  };
  const isKnown = before !== undefined && after !== undefined && ![before, after].includes(NO_FINGERPRINT);
  if (isKnown && isSameNumber(old, now)) return { change, isRotated: true, notes: [] };
  const notes = isKnown
    ? ["the fingerprint covers number and account too, so it does not tell whether the credentials are new"]
    : [];
  return { change, isRotated: false, notes };
}

function foldedOf(old: AuditedResource, now: AuditedResource): string[] {
  const members = [...TECHNICAL].filter((name) => differs(old.values.get(name), now.values.get(name)));
  const keys = new Set([...old.technical.keys(), ...now.technical.keys()]);
  const inside = [...keys].filter(
    (key) => key !== "__mark" && old.technical.get(key) !== now.technical.get(key),
  );
  return [...members, ...inside].sort();
}

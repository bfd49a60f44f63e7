import { PUBLIC_HEADER_NAMES, pairOf } from "../../contract/headers";
import { MEMBERS } from "../../contract/members";
import type { HeaderPair, Provider, StoredHeader } from "../../contract/types";
import type { Draft } from "./drafts";

/** The fields of the form, by the names that posted forms have. */
export type Posted = Readonly<Record<string, string>>;

/** A header pair as the form shows it. */
export interface PairRow {
  /** Number of the row: it stays when rows above it are removed. */
  readonly row: number;
  readonly key: string;
  /** Empty for a secret. */
  readonly value: string;
  /** The server has a value already, saved or typed: an empty field keeps it. */
  readonly isKept: boolean;
}

/** Members that the form has a field for; header pairs are apart. */
export const FIELDS = Object.entries(MEMBERS).flatMap(([name, { field, type, standard }]) =>
  field ? [{ name, type, standard, ...field }] : [],
);

/** A pair stays what it is; of a new one all is secret but Kaleyra's host and the callback URLs. */
function isSecret(key: string, before: StoredHeader | undefined): boolean {
  return before ? before.secret === true : !PUBLIC_HEADER_NAMES.includes(key.toLowerCase());
}

/** What the form of a provider starts with; of a new one: the defaults, and one empty pair. */
export function startValues(provider: Provider | undefined): { values: Posted; rows: PairRow[] } {
  const known: Record<string, unknown> = { ...provider, markAsDefault: provider?.isDefault };
  const values = FIELDS.flatMap(({ name, type, standard }) => {
    const value = known[name] ?? standard;
    if (type === "boolean") return value ? [[name, "on"]] : [];
    return [[name, String(value ?? "")]];
  });
  const rows = provider?.headers.map(({ key, value = "", secret = false }, row) => ({
    row,
    key,
    value,
    isKept: secret,
  }));
  return {
    values: Object.fromEntries(values),
    rows: rows ?? [{ row: 0, key: "", value: "", isKept: false }],
  };
}

/**
 * The pairs of a posted form. What is secret goes into the draft, and its row shows only that it is there.
 *
 * @param stored the provider that is edited
 */
export function postedRows(posted: Posted, draft: Draft, stored: Provider | undefined): PairRow[] {
  const numbers = Object.keys(posted).flatMap((name) => /^key-(\d+)$/.exec(name)?.[1] ?? []);
  return numbers.map((number) => {
    const row = Number(number);
    const key = (posted[`key-${row}`] ?? "").trim();
    const value = posted[`value-${row}`] ?? "";
    const before = pairOf(stored?.headers ?? [], key);
    if (value !== "") draft.set(row, value);
    if (isSecret(key, before)) return { row, key, value: "", isKept: draft.has(row) || before !== undefined };
    const shown = draft.get(row) ?? "";
    draft.delete(row);
    return { row, key, value: shown, isKept: false };
  });
}

/** Rows that are not empty: these are the pairs of the request, in this order. */
export function filledRows(rows: readonly PairRow[]): PairRow[] {
  return rows.filter(({ key, value, isKept }) => key !== "" || value !== "" || isKept);
}

function pairFrom({ row, key, value }: PairRow, draft: Draft, stored: Provider | undefined): HeaderPair {
  const secret = isSecret(key, pairOf(stored?.headers ?? [], key));
  const text = draft.get(row) ?? value;
  return { key, ...(text === "" ? {} : { value: text }), ...(secret && { secret }) };
}

/** A field as the contract's member wants it. What is no number is null, which the contract refuses with its own words. */
function memberFrom(type: string, text: string | undefined): unknown {
  if (type === "boolean") return text === "on";
  if (type === "number") return text === "" || text === undefined ? undefined : Number(text);
  return text ?? "";
}

/** The request that Save makes of a posted form. The owner's mark is no field of the form, so it stays. */
export function requestFrom(
  posted: Posted,
  rows: readonly PairRow[],
  draft: Draft,
  stored?: Provider,
): Record<string, unknown> {
  const members = FIELDS.map(({ name, type }) => [name, memberFrom(type, posted[name])]);
  return {
    ...Object.fromEntries(members),
    headers: filledRows(rows).map((row) => pairFrom(row, draft, stored)),
    externalReference: stored?.externalReference,
  };
}

/** The request that changes nothing but what `changes` says. */
export function requestOf(stored: Provider, changes: Record<string, unknown> = {}): Record<string, unknown> {
  const { values, rows } = startValues(stored);
  return { ...requestFrom(values, rows, new Map(), stored), ...changes };
}

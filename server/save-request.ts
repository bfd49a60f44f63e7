import {
  isHeaderName,
  isHeaderValue,
  KALEYRA_HEADERS,
  pairOf,
  SECRET_HEADER_NAMES,
} from "../contract/headers";
import { MEMBERS, STANDARDS } from "../contract/members";
import type { HeaderPair, ProblemDetail, ProviderDefaults, ProviderRequest } from "../contract/types";
import { invalidField } from "./problem";

/** A request body whose members are all right; what was left out holds the server's default. */
export type SaveRequest = ProviderRequest & { markAsDefault: boolean };

/** A header pair as a server stores it. */
export interface StoredPair<V> {
  readonly key: string;
  readonly value: V;
  readonly secret: boolean;
}

const PAIR_MEMBERS = ["key", "value", "secret"];

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** An escaped part of a JSON pointer. */
function part(name: string): string {
  return name.replaceAll("~", "~0").replaceAll("/", "~1");
}

function fault(pointer: string, message: string, key?: string): ProblemDetail {
  return { pointer, ...(key === undefined ? {} : { key }), code: "invalid", message };
}

/** A secret header was sent without its value, and none is stored that could be kept. */
export function missingValue(index: number, key: string): ProblemDetail {
  return fault(`/headers/${index}/value`, "is missing, and no value is stored that could be kept", key);
}

function isSecret(pair: HeaderPair): boolean {
  return pair.secret === true || SECRET_HEADER_NAMES.includes(pair.key.toLowerCase());
}

/**
 * Checks every member of a body and reports all faults at once. No message quotes a header's value.
 *
 * @throws Problem invalid-field
 */
export function parseSaveRequest(body: unknown): SaveRequest {
  if (!isRecord(body)) throw invalidField([fault("", "must be an object")]);
  const unknown = Object.keys(body).filter((name) => !Object.hasOwn(MEMBERS, name));
  const errors = unknown.map((name) => fault(`/${part(name)}`, "is not a known member"));
  for (const [name, member] of Object.entries(MEMBERS)) {
    const message = member.fault(body[name]);
    if (message) errors.push(fault(`/${name}`, message));
  }
  if (Array.isArray(body.headers)) errors.push(...pairFaults(body.headers));
  if (errors.length > 0) throw invalidField(errors);
  return { ...STANDARDS, ...body } as SaveRequest;
}

function pairFaults(pairs: readonly unknown[]): ProblemDetail[] {
  const errors: ProblemDetail[] = [];
  const seen = new Set<string>();
  for (const [index, pair] of pairs.entries()) {
    const at = `/headers/${index}`;
    if (!isRecord(pair)) {
      errors.push(fault(at, "must be an object"));
      continue;
    }
    const { value, secret } = pair;
    const key = typeof pair.key === "string" ? pair.key : "";
    const name = key.toLowerCase();
    if (!isHeaderName(key)) errors.push(fault(`${at}/key`, "must be a header name"));
    else if (seen.has(name)) errors.push(fault(`${at}/key`, "is there twice; names ignore case", key));
    seen.add(name);
    for (const other of Object.keys(pair).filter((other) => !PAIR_MEMBERS.includes(other)))
      errors.push(fault(`${at}/${part(other)}`, "is not a known member", key));
    if (secret !== undefined && typeof secret !== "boolean")
      errors.push(fault(`${at}/secret`, "must be true or false", key));
    if (value !== undefined && (typeof value !== "string" || !isHeaderValue(value)))
      errors.push(fault(`${at}/value`, "must be visible ASCII", key));
    if (value === undefined && !isSecret({ key, secret: secret === true }))
      errors.push(fault(`${at}/value`, "is missing", key));
  }
  return errors;
}

/**
 * The pairs to keep: a secret sent without its value keeps the stored one, and the two callback headers are filled in.
 *
 * @typeParam V what a server stores of a secret value: the text itself, or what tells it from another
 * @throws Problem invalid-field when there is no stored value to keep
 */
export function pairsToKeep<V>(
  sent: readonly HeaderPair[],
  stored: readonly StoredPair<V>[],
  defaults: ProviderDefaults,
): StoredPair<V | string>[] {
  const errors: ProblemDetail[] = [];
  const kept: StoredPair<V | string>[] = [];
  for (const [index, pair] of sent.entries()) {
    const before = pairOf(stored, pair.key);
    const secret = isSecret(pair);
    if (pair.value !== undefined) kept.push({ key: pair.key, value: pair.value, secret });
    else if (before?.secret) kept.push({ key: pair.key, value: before.value, secret });
    else errors.push(missingValue(index, pair.key));
  }
  if (errors.length > 0) throw invalidField(errors);
  for (const name of ["inboundMessageCallbackUrl", "deliveryReportCallbackUrl"] as const) {
    const key = KALEYRA_HEADERS[name];
    if (!pairOf(kept, key)) kept.push({ key, value: defaults[name], secret: false });
  }
  return kept;
}

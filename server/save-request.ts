import type { ProblemDetail, ProviderDefaults } from "../contract/types";
import type { KeptHeader } from "../sandbox/storage/providers";
import { Problem } from "./problem";

/** A request body whose fields are all right; what was left out holds the server's default. */
export interface SaveRequest {
  readonly nickname: string;
  readonly mobileNumber: string;
  readonly httpEndpoint: string;
  readonly headers: readonly { key: string; value: string | undefined; secret: boolean }[];
  readonly markAsDefault: boolean;
  readonly autoReplyUntracked: boolean;
  readonly maxConcurrentRequests: number;
  readonly externalReference: string | undefined;
}

const MEMBERS = new Set([
  "provider",
  "nickname",
  "mobileNumber",
  "httpEndpoint",
  "headers",
  "markAsDefault",
  "autoReplyUntracked",
  "maxConcurrentRequests",
  "externalReference",
]);
const PAIR_MEMBERS = new Set(["key", "value", "secret"]);
const ALWAYS_SECRET = new Set(["api-key", "sid"]);
const TOKEN = /^[!#$%&'*+\-.^_`|~\dA-Za-z]+$/;
/** What Node puts into a header: a line break would let one header become two. */
const HEADER_VALUE = /^[\x21-\x7e]([\x20-\x7e\t]*[\x21-\x7e])?$/;
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

export function isLoopback(url: URL): boolean {
  return LOOPBACK.test(url.hostname);
}

function endpointFault(value: string): string | undefined {
  if (!URL.canParse(value) || /\s/.test(value)) return "must be an absolute https URL";
  const url = new URL(value);
  if (url.username || url.password || value.includes("#")) return "must have no user-info and no fragment";
  const fine = url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url));
  return fine ? undefined : "must use https, or http on loopback";
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** An escaped part of a JSON pointer. */
function part(name: string): string {
  return name.replaceAll("~", "~0").replaceAll("/", "~1");
}

/**
 * Checks every field of a body and reports all faults at once. No message quotes a header's value.
 *
 * @throws Problem invalid-field
 */
export function parseSaveRequest(body: unknown): SaveRequest {
  const errors: ProblemDetail[] = [];
  const fault = (pointer: string, message: string, key?: string) =>
    errors.push({ pointer, ...(key === undefined ? {} : { key }), code: "invalid", message });
  if (!isRecord(body)) throw invalidField([{ pointer: "", code: "invalid", message: "must be an object" }]);

  for (const name of Object.keys(body))
    if (!MEMBERS.has(name)) fault(`/${part(name)}`, "is not a known member");
  const text = (name: string, rule: (value: string) => string | undefined): string => {
    const value = body[name];
    const problem = typeof value === "string" ? rule(value) : "must be a string";
    if (problem) fault(`/${name}`, problem);
    return typeof value === "string" ? value : "";
  };
  const flag = (name: string): boolean => {
    if (body[name] !== undefined && typeof body[name] !== "boolean")
      fault(`/${name}`, "must be true or false");
    return body[name] === true;
  };

  if (body.provider !== "generic") fault("/provider", 'must be "generic"');
  const nickname = text("nickname", (value) => {
    const length = [...value.trim()].length;
    if (length < 1 || [...value].length > 64) return "must have 1 to 64 characters";
    return /\p{Cc}/u.test(value) ? "must not contain control characters" : undefined;
  });
  const mobileNumber = text("mobileNumber", (value) =>
    /^[1-9]\d{6,14}$/.test(value) ? undefined : "must be 7 to 15 digits with the country code, without +",
  );
  const httpEndpoint = text("httpEndpoint", endpointFault);
  const headers = parsePairs(body.headers, fault);
  const markAsDefault = flag("markAsDefault");
  const autoReplyUntracked = flag("autoReplyUntracked");
  const most = body.maxConcurrentRequests;
  const mostIsFine = Number.isInteger(most) && Number(most) >= 30 && Number(most) <= 1000;
  if (most !== undefined && !mostIsFine)
    fault("/maxConcurrentRequests", "must be an integer from 30 to 1000");
  const reference = body.externalReference;
  if (reference !== undefined && (typeof reference !== "string" || [...reference].length > 255))
    fault("/externalReference", "must be a string of at most 255 characters");

  if (errors.length > 0) throw invalidField(errors);
  return {
    nickname,
    mobileNumber,
    httpEndpoint,
    headers,
    markAsDefault,
    autoReplyUntracked,
    maxConcurrentRequests: most === undefined ? 100 : Number(most),
    externalReference: reference as string | undefined,
  };
}

type Fault = (pointer: string, message: string, key?: string) => void;

function parsePairs(
  value: unknown,
  fault: Fault,
): { key: string; value: string | undefined; secret: boolean }[] {
  if (!Array.isArray(value)) {
    fault("/headers", "must be an array");
    return [];
  }
  const seen = new Set<string>();
  return value.map((pair: unknown, index) => {
    const at = `/headers/${index}`;
    if (!isRecord(pair)) {
      fault(at, "must be an object");
      return { key: "", value: undefined, secret: true };
    }
    const key = typeof pair.key === "string" ? pair.key : "";
    const lower = key.toLowerCase();
    if (!TOKEN.test(key)) fault(`${at}/key`, "must be a header name");
    else if (seen.has(lower)) fault(`${at}/key`, "is there twice; names ignore case", key);
    seen.add(lower);
    for (const name of Object.keys(pair))
      if (!PAIR_MEMBERS.has(name)) fault(`${at}/${part(name)}`, "is not a known member", key);
    if (pair.secret !== undefined && typeof pair.secret !== "boolean")
      fault(`${at}/secret`, "must be true or false", key);
    const secret = pair.secret === true || ALWAYS_SECRET.has(lower);
    if (pair.value !== undefined && (typeof pair.value !== "string" || !HEADER_VALUE.test(pair.value)))
      fault(`${at}/value`, "must be visible ASCII", key);
    if (pair.value === undefined && !secret) fault(`${at}/value`, "is missing", key);
    return { key, value: typeof pair.value === "string" ? pair.value : undefined, secret };
  });
}

export function invalidField(errors: ProblemDetail[]): Problem {
  const detail = errors.map((error) => `${error.pointer || "the body"} ${error.message}`).join("; ");
  return new Problem("invalid-field", `${detail}.`, { errors });
}

/**
 * The pairs to keep: a secret sent without its value keeps the stored one, and the two callback headers are filled in.
 *
 * @throws Problem invalid-field when there is no stored value to keep
 */
export function pairsToKeep(
  sent: SaveRequest["headers"],
  stored: readonly KeptHeader[],
  defaults: ProviderDefaults,
): KeptHeader[] {
  const errors: ProblemDetail[] = [];
  const kept = sent.map((pair, index): KeptHeader => {
    const lower = pair.key.toLowerCase();
    const before = stored.find((other) => other.key.toLowerCase() === lower && other.secret);
    const value = pair.value ?? before?.value;
    if (value === undefined)
      errors.push({
        pointer: `/headers/${index}/value`,
        key: pair.key,
        code: "invalid",
        message: "is missing, and no value is stored that could be kept",
      });
    return { key: pair.key, value: value ?? "", secret: pair.secret };
  });
  if (errors.length > 0) throw invalidField(errors);
  const names = new Set(kept.map((pair) => pair.key.toLowerCase()));
  const fill = {
    "inbound-message-callback-url": defaults.inboundMessageCallbackUrl,
    "delivery-report-callback-url": defaults.deliveryReportCallbackUrl,
  };
  for (const [key, value] of Object.entries(fill))
    if (!names.has(key)) kept.push({ key, value, secret: false });
  return kept;
}

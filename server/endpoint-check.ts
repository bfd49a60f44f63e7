import { KALEYRA_HEADERS, pairOf } from "../contract/headers";
import type { ProblemDetail, Verification } from "../contract/types";
import { verificationMessage } from "../contract/verification-message";
import { postJson } from "./post-json";
import { Problem } from "./problem";
import type { SaveRequest } from "./save-request";
import type { KeptHeader } from "./storage";

/** What Save finds out: a code, words, and the members or header names that it is about. */
type Finding = readonly [code: string, message: string, ...on: string[]];

const { apiKey, sid, kaleyraHost } = KALEYRA_HEADERS;

/** By the code of the endpoint's answer. */
const BY_CODE: Record<number, Finding> = {
  2000: ["invalid-credentials", "Kaleyra does not accept api-key with sid", apiKey, sid],
  2001: ["template-parameters", "the endpoint refused the message's parameters", "/httpEndpoint"],
  2002: ["invalid-phone-number", "Kaleyra says that the number is not valid", "/mobileNumber"],
  2003: ["not-subscribed", "the number is not approved in Kaleyra's dashboard", "/mobileNumber"],
  2004: ["other", "the endpoint refused the verification message", "/httpEndpoint"],
};
const UNKNOWN_HOST: Finding = ["unknown-host", "the host is not known", kaleyraHost];
const NO_ANSWER: Finding = ["no-answer", "there was no answer", "/httpEndpoint"];

function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function parsed(text: string): Record<string, unknown> {
  try {
    return record(JSON.parse(text));
  } catch {
    return {};
  }
}

/** Takes the secrets out of what a foreign endpoint said: it may echo what it was sent. */
function withoutSecrets(text: string, headers: readonly KeptHeader[]): string {
  let clean = text;
  for (const header of headers)
    if (header.secret && header.value !== "") clean = clean.replaceAll(header.value, "[redacted]");
  return clean.replace(/\p{Cc}/gu, " ").slice(0, 200);
}

/**
 * Sends the verification message to the request's endpoint, as Save does.
 *
 * @throws Problem verification-failed or verification-timeout
 */
export async function checkEndpoint(
  request: SaveRequest,
  headers: readonly KeptHeader[],
  limitMs: number,
  signal: AbortSignal,
): Promise<void> {
  const pairs = Object.fromEntries(headers.map((header) => [header.key.toLowerCase(), header.value]));
  const message = verificationMessage(request.mobileNumber);
  const outcome = await postJson(request.httpEndpoint, pairs, message, limitMs, signal);
  if (outcome.timedOut) {
    const text = `did not answer within ${limitMs / 1000} second${limitMs === 1000 ? "" : "s"}`;
    throw new Problem("verification-timeout", `The HTTP End Point ${text}.`, {
      errors: [{ pointer: "/httpEndpoint", code: "timeout", message: text }],
      verification: { timedOut: true },
    });
  }
  const { status: httpStatus } = outcome;
  if (httpStatus === undefined) throw refusal(NO_ANSWER, { timedOut: false }, request);

  const answer = parsed(outcome.body);
  const isOk = httpStatus >= 200 && httpStatus < 300;
  if (isOk && answer.status === "success") return;
  const error = record(answer.error);
  const said = [error.message, answer.message].find((text) => typeof text === "string");
  const bspCode = typeof error.code === "number" ? error.code : undefined;
  const bspMessage = said === undefined ? undefined : withoutSecrets(said, headers);
  const otherwise = isOk ? "the answer was no success" : `the answer was HTTP ${httpStatus}`;
  const isHost = new RegExp(`${kaleyraHost}|unknown host|ENOTFOUND`, "i").test(said ?? "");
  const finding = isHost
    ? UNKNOWN_HOST
    : (BY_CODE[bspCode ?? 0] ?? ["unexpected-answer", otherwise, "/httpEndpoint"]);
  throw refusal(finding, { httpStatus, bspCode, bspMessage, timedOut: false }, request);
}

function refusal([code, message, ...on]: Finding, verification: Verification, request: SaveRequest): Problem {
  const errors = on.map((place): ProblemDetail => {
    if (place.startsWith("/")) return { pointer: place, code, message };
    const pair = pairOf(request.headers, place);
    const pointer = pair ? `/headers/${request.headers.indexOf(pair)}/value` : "/headers";
    return { pointer, key: place, code, message };
  });
  const detail = `The verification message failed: ${message}.`;
  return new Problem("verification-failed", detail, { errors, verification });
}

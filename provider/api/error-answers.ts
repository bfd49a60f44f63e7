import type { ErrorCode } from "../model/errors";
import type { RawProblem } from "./answers";
import type { Failure } from "./api-error";
import type { Redactor } from "./redact";
import type { Answer } from "./transport";

/** From an answer that is no success to a failure: code, text, and whether to try again. */

/** Our code, and our words, which the server's own follow. */
type Meaning = readonly [code: ErrorCode, what: string];

const BY_STATUS: Record<number, Meaning> = {
  401: ["unauthenticated", "the API does not accept the credentials"],
  403: ["forbidden", "the API does not allow this with these credentials"],
  404: ["not-the-api", "what answered does not know the path, and it is not the API's own 404"],
  408: ["unavailable", "the API did not get the request in time"],
  412: ["changed-elsewhere", "the provider has another revision than the one last seen"],
  413: ["request-refused", "the API finds the request too large"],
  415: ["request-refused", "the API does not take the request for JSON"],
  428: ["precondition-required", "the API wants an If-Match header, which every write carries"],
  429: ["too-many-requests", "the API asks to slow down"],
};

/** Codes of the contract. Each counts with its status only; where our name differs, the contract's stands at the end. */
const BY_CODE: readonly (readonly [status: number, ...Meaning, inContract?: string])[] = [
  [
    400,
    "precondition-required",
    "the API wants an Idempotency-Key header, which every create carries",
    "missing-idempotency-key",
  ],
  [404, "provider-not-found", "the account has no such provider"],
  [409, "number-in-use", "another provider of the account holds the number"],
  [409, "provider-in-use", "the API refuses to delete the provider, something uses it"],
  [409, "request-in-progress", "the first attempt of this create is still running at the API"],
  [422, "invalid-field", "the API refuses a field"],
  [422, "verification-failed", "the HTTP End Point refused the verification message"],
  [422, "idempotency-key-reused", "the API has seen the Idempotency-Key with another body"],
  [503, "defaults-not-set", "nobody has entered the callback URLs of this account yet"],
  [504, "verification-timeout", "the HTTP End Point did not answer the verification message in time"],
];

/** First attempt and two more, as the contract wants it. */
const VERIFICATION_ATTEMPTS = 3;

/**
 * Makes a failure of an answer.
 * @param problem the body, where it could be read
 * @param redact knows every secret of the request
 */
export function failureOf(answer: Answer, problem: RawProblem | undefined, redact: Redactor): Failure {
  const status = effectiveStatus(answer.status, problem);
  const [code, what] = meaning(answer, status, problem);
  const own = reason(problem, redact);
  const numbers = `status ${answer.status}${status === answer.status ? "" : `, code ${status}`}`;
  const isRunning = code === "request-in-progress";
  const isVerification = code === "verification-timeout";
  const isFinal = code === "defaults-not-set";
  const shown = (text?: string, limit?: number) =>
    text === undefined ? undefined : redact.text(text, limit);
  const { conflict, verification } = problem ?? {};
  return {
    code,
    what: `${what} (${numbers})${own && `: ${own}`}`,
    retry: !isFinal && (isRunning || status === 408 || status === 429 || status >= 500),
    // After a failed verification nothing is stored, and these and a 429 come before the API does anything.
    lost: !isVerification && !isFinal && (isRunning || status === 408 || status >= 500),
    maxAttempts: isVerification ? VERIFICATION_ATTEMPTS : undefined,
    retryAfter: retryAfterSeconds(header(answer, "retry-after"), header(answer, "date")),
    status: answer.status,
    problems: problem?.errors.map(({ pointer, key, code, message }) => ({
      pointer: shown(pointer),
      key: shown(key),
      code: shown(code, 64),
      message: sentence(redact.text(message ?? code ?? "refused without a reason")),
    })),
    conflict: conflict && {
      id: redact.name(conflict.id),
      nickname: shown(conflict.nickname),
      externalReference:
        conflict.externalReference === undefined ? undefined : redact.name(conflict.externalReference),
    },
    verification: verification && { ...verification, bspMessage: shown(verification.bspMessage) },
  };
}

/** Whether a body is CleverTap's envelope of an error, which comes with any status. */
export function isFailEnvelope(problem: RawProblem | undefined): boolean {
  return problem?.status === "fail" || (problem?.status === "failure" && problem.error !== undefined);
}

/** Where HTTP says success, the number in the envelope counts. */
function effectiveStatus(status: number, problem: RawProblem | undefined): number {
  const code = Number(problem?.code);
  const speaks =
    status < 300 && isFailEnvelope(problem) && Number.isInteger(code) && code >= 400 && code <= 599;
  return speaks ? code : status;
}

function meaning(answer: Answer, status: number, problem: RawProblem | undefined): Meaning {
  if (status >= 300 && status < 400)
    return ["bad-answer", `what answered sends elsewhere${target(answer)}, which is not followed`];
  const known = BY_CODE.find(
    ([status, code, , inContract = code]) => status === answer.status && inContract === problem?.code,
  );
  // A web page may say anything: only the API's own JSON can say that something is gone.
  if (known && isJson(answer)) return [known[1], known[2]];
  if (status === 422 && problem && problem.errors.length > 0)
    return ["invalid-field", "the API refuses a field"];
  if (status >= 500) return ["unavailable", "the API answers with a server error"];
  return BY_STATUS[status] ?? ["request-refused", "the API refuses the request"];
}

/** The server's own words. */
function reason(problem: RawProblem | undefined, redact: Redactor): string {
  if (!problem) return "";
  const messages = problem.errors.flatMap((e) => e.message ?? []).join("; ");
  return sentence(redact.text(problem.detail || problem.error || messages || problem.title || ""));
}

/** Without the full stop at the end: the remedy follows after one. */
export function sentence(text: string): string {
  return text.replace(/[.\s]+$/, "");
}

/** Origin of a redirect's target: its path and query may hold a token. */
function target(answer: Answer): string {
  try {
    return ` to ${new URL(header(answer, "location") ?? "").origin}`;
  } catch {
    return "";
  }
}

function isJson(answer: Answer): boolean {
  return /^application\/([\w.-]+\+)?json\b/i.test(header(answer, "content-type")?.trim() ?? "");
}

/** One header of an answer. @param name in lower case */
export function header(answer: Answer, name: string): string | undefined {
  const value = answer.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/**
 * Seconds that a Retry-After header asks for; undefined where it is missing, past or not readable.
 * @param date the answer's Date header: a date is counted from the API's clock, not from ours
 */
export function retryAfterSeconds(value: string | undefined, date?: string): number | undefined {
  const text = value?.trim() ?? "";
  let seconds = Number.NaN;
  if (/^\d+(\.\d+)?$/.test(text)) seconds = Number(text);
  else if (/^[A-Za-z]/.test(text))
    seconds = (Date.parse(text) - (Date.parse(date ?? "") || Date.now())) / 1000;
  return seconds > 0 ? seconds : undefined;
}

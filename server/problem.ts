import type { Conflict, ProblemDetail, Verification } from "../contract/types";

/** Every code of the contract, and the few that any HTTP server needs. */
const PROBLEMS = {
  "invalid-json": [400, "The body is not valid JSON"],
  "missing-idempotency-key": [400, "Idempotency-Key is required"],
  unauthenticated: [401, "The account id or the passcode is wrong, or this is another account's region"],
  forbidden: [403, "This account may not do that"],
  "provider-not-found": [404, "There is no such provider in this account"],
  "not-found": [404, "There is nothing at this address"],
  "method-not-allowed": [405, "The method is not allowed here"],
  "number-in-use": [409, "Another provider has this number"],
  "provider-in-use": [409, "The provider is in use"],
  "request-in-progress": [409, "A request with this Idempotency-Key is still running"],
  "revision-mismatch": [412, "The provider was changed since"],
  "payload-too-large": [413, "The body is too large"],
  "unsupported-media-type": [415, "The body must be application/json"],
  "invalid-field": [422, "A field is not valid"],
  "verification-failed": [422, "The HTTP End Point refused the verification message"],
  "idempotency-key-reused": [422, "This Idempotency-Key came with another body"],
  "precondition-required": [428, "If-Match is required"],
  "too-many-requests": [429, "Too many requests"],
  "internal-error": [500, "Something went wrong"],
  unavailable: [503, "The service is not available"],
  "verification-timeout": [504, "The HTTP End Point did not answer in time"],
} as const satisfies Record<string, readonly [number, string]>;

export type ProblemCode = keyof typeof PROBLEMS;
export const PROBLEM_CODES = Object.keys(PROBLEMS) as ProblemCode[];

export interface ProblemExtra {
  readonly errors?: ProblemDetail[];
  readonly conflict?: Conflict;
  readonly verification?: Verification;
}

/** An answer that ends a call: thrown anywhere in a handler. */
export class Problem extends Error {
  readonly code: ProblemCode;
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly #extra: ProblemExtra;

  /** @param detail what happened here; never a secret */
  constructor(
    code: ProblemCode,
    detail: string,
    extra: ProblemExtra = {},
    headers: Record<string, string> = {},
  ) {
    super(detail);
    this.code = code;
    this.status = PROBLEMS[code][0];
    this.#extra = extra;
    this.headers = headers;
  }

  /** The problem+json body. */
  body(): Record<string, unknown> {
    return problemBody(this.code, this.message, this.status, this.#extra);
  }
}

/** A problem+json body; `status` may differ from the code's own when a fault asks for it. */
export function problemBody(
  code: ProblemCode,
  detail: string,
  status: number = PROBLEMS[code][0],
  extra: ProblemExtra = {},
): Record<string, unknown> {
  const type = `urn:problem:whatsapp-provider:${code}`;
  return { type, title: PROBLEMS[code][1], status, detail, code, ...extra };
}

/** The code that fits a status best, for faults that only name a status. */
export function codeForStatus(status: number): ProblemCode {
  const exact: Record<number, ProblemCode> = {
    404: "not-found",
    409: "request-in-progress",
    422: "invalid-field",
  };
  const first = PROBLEM_CODES.find((code) => PROBLEMS[code][0] === status);
  return exact[status] ?? first ?? "unavailable";
}

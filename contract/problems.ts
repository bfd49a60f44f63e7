/** The codes of problems, each with its status and title: those of the contract, and the few that any HTTP server needs. */
export const PROBLEMS = {
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
  "defaults-not-set": [503, "The callback URLs of this account are not entered yet"],
  "verification-timeout": [504, "The HTTP End Point did not answer in time"],
} as const satisfies Record<string, readonly [status: number, title: string]>;

export type ProblemCode = keyof typeof PROBLEMS;
export const PROBLEM_CODES = Object.keys(PROBLEMS) as ProblemCode[];

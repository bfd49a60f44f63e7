import type { Conflict, ProblemDetail, Verification } from "../../contract/types";
import { type ErrorCode, type ErrorDetails, WhatsAppProviderError } from "../model/errors";

/** How one attempt of a call failed. */
export interface Failure {
  readonly code: ErrorCode;
  readonly what: string;
  /** Another attempt may go better. */
  readonly retry: boolean;
  /** The server may have carried out the request. */
  readonly lost: boolean;
  /** Attempts at most for this failure, where the setting allows more. */
  readonly maxAttempts?: number;
  /** Seconds that the API asked to wait. */
  readonly retryAfter?: number;
  readonly status?: number;
  readonly requestId?: string;
  readonly problems?: readonly ProblemDetail[];
  readonly conflict?: Conflict;
  readonly verification?: Verification;
}

/** The details of an {@link ApiError} beside those of every error. */
export interface ApiErrorDetails
  extends ErrorDetails,
    Pick<Failure, "problems" | "conflict" | "verification"> {
  readonly outcomeUnknown?: boolean;
  readonly afterLostAttempt?: boolean;
}

/** A call to the API that failed. All texts of the server in it are redacted, and it has no cause. */
export class ApiError extends WhatsAppProviderError {
  /** The reasons that the server gave, by pointer or header name. */
  readonly problems: readonly ProblemDetail[];
  /** The provider that holds the number. */
  readonly conflict?: Conflict;
  /** The answer of the HTTP End Point. */
  readonly verification?: Verification;
  /** It is not known whether the write took effect. */
  readonly outcomeUnknown: boolean;
  /** An earlier attempt of the same call may have reached the server. */
  readonly afterLostAttempt: boolean;

  constructor(code: ErrorCode, what: string, details: ApiErrorDetails = {}) {
    super(code, what, details);
    this.problems = details.problems ?? [];
    this.conflict = details.conflict;
    this.verification = details.verification;
    this.outcomeUnknown = details.outcomeUnknown ?? false;
    this.afterLostAttempt = details.afterLostAttempt ?? false;
  }
}

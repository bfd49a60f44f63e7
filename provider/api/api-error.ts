import type { Conflict, ProblemDetail, Verification } from "../../contract/types";
import { type ErrorCode, type ErrorDetails, WhatsAppProviderError } from "../model/errors";

/** What the client can say beside a plain error. */
export interface ApiErrorDetails extends ErrorDetails {
  readonly problems?: readonly ProblemDetail[];
  readonly conflict?: Conflict;
  readonly verification?: Verification;
  readonly outcomeUnknown?: boolean;
  readonly afterLostAttempt?: boolean;
}

/** A call to the API that failed. All texts of the server in it are redacted, and it has no cause. */
export class ApiError extends WhatsAppProviderError {
  /** The reasons that the server gave, by pointer or header name. */
  readonly problems: readonly ProblemDetail[];
  /** Who holds the number. */
  readonly conflict?: Conflict;
  /** What the HTTP End Point answered. */
  readonly verification?: Verification;
  /** A write of which it is not known whether it took effect. */
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

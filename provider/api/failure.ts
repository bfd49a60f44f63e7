import type { Conflict, ProblemDetail, Verification } from "../../contract/types";
import type { ErrorCode } from "../model/errors";

/** How one attempt of a call failed. */
export interface Failure {
  readonly code: ErrorCode;
  readonly what: string;
  /** Another attempt may go better. */
  readonly retry: boolean;
  /** The server may have done what was asked. */
  readonly lost: boolean;
  /** Attempts for this failure, where fewer than the setting. */
  readonly maxAttempts?: number;
  /** Seconds that the API asked to wait. */
  readonly retryAfter?: number;
  readonly status?: number;
  readonly requestId?: string;
  readonly problems?: readonly ProblemDetail[];
  readonly conflict?: Conflict;
  readonly verification?: Verification;
}

import { setTimeout } from "node:timers/promises";
import type { Failure } from "./api-error";

/** First wait, in seconds; it doubles with each attempt. */
const BASE = 0.25;
/** Longest wait that we choose, in seconds. */
const BACKOFF_CAP = 8;
/** Longest wait that the API may ask for, in seconds; beyond it the call ends. */
const RETRY_AFTER_CAP = 60;

/** Seconds that one call takes at most, not counting the wait for a free connection. */
export function operationBound(requestTimeout: number, maxAttempts: number): number {
  return maxAttempts * requestTimeout + (maxAttempts - 1) * RETRY_AFTER_CAP;
}

/** Time and chance; tests replace them. */
export interface Clock {
  /** Seconds since some moment; only differences count. */
  now(): number;
  /** Resolves after so many seconds, or at once when the signal aborts. */
  sleep(seconds: number, signal?: AbortSignal): Promise<void>;
  /** From 0 up to 1, 1 excluded. */
  random(): number;
}

export const realClock: Clock = {
  now: () => performance.now() / 1000,
  random: Math.random,
  sleep: (seconds, signal) => setTimeout(seconds * 1000, undefined, { signal }).catch(() => {}),
};

/** How often to try, and whom to inform. */
export interface Patience {
  /** Attempts per call, the first included. */
  readonly maxAttempts: number;
  /** Gets a line before each wait, like `waiting 8 s, the API asked for it: attempt 2 of 5`. */
  readonly onWait?: (line: string) => void;
  /** Ends every call with the code `cancelled`. */
  readonly signal?: AbortSignal;
}

/** A call that failed: its last failure, and what came before. */
export interface GivenUp {
  readonly failure: Failure;
  readonly attempts: number;
  /** An earlier attempt may have reached the server. */
  readonly lostBefore: boolean;
}

/** Repeats an attempt while its failure can heal, with capped exponential backoff and full jitter. */
export async function withRetries<T>(
  attempt: () => Promise<{ value: T } | Failure>,
  { maxAttempts, onWait, signal }: Patience,
  { sleep, random }: Clock,
): Promise<{ value: T } | GivenUp> {
  let lostBefore = false;
  for (let attempts = 1; ; attempts++) {
    const result = await attempt();
    if ("value" in result) return result;
    const limit = Math.min(maxAttempts, result.maxAttempts ?? maxAttempts);
    if (!result.retry || attempts >= limit) return { failure: result, attempts, lostBefore };
    const asked = result.retryAfter ?? 0;
    if (asked > RETRY_AFTER_CAP) {
      const what = `${result.what}; it asks to wait ${Math.ceil(asked)} s, more than the ${RETRY_AFTER_CAP} s that are waited for`;
      return { failure: { ...result, what }, attempts, lostBefore };
    }
    lostBefore ||= result.lost;
    const seconds = asked > 0 ? asked : random() * Math.min(BACKOFF_CAP, BASE * 2 ** (attempts - 1));
    const why = asked > 0 ? "the API asked for it" : result.what;
    onWait?.(`waiting ${Math.ceil(seconds * 10) / 10} s, ${why}: attempt ${attempts + 1} of ${limit}`);
    await sleep(seconds, signal);
    if (signal?.aborted) {
      const failure: Failure = {
        code: "cancelled",
        what: "cancelled while waiting for the next attempt",
        retry: false,
        lost: false,
      };
      return { failure, attempts, lostBefore };
    }
  }
}

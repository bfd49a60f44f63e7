import { type Answer, answerOf, type Call } from "./http";
import { Problem } from "./problem";
import type { Answers } from "./storage";

/** What a server needs to answer the same request once. */
export interface Idempotency {
  readonly answers: Answers;
  /** Keys whose first request has no answer yet. */
  readonly running: Set<string>;
  readonly settings: {
    /** How long a key is kept, in milliseconds. */
    readonly idempotencyMs: number;
  };
  /** Does the work as a whole or not at all, where the storage can be interrupted. */
  atOnce<T>(work: () => T): T;
}

/**
 * Runs a create under its Idempotency-Key: the stored answer for the same key and body, else the work itself.
 * An answer of 500 and above is not kept, so that a later try does the work.
 *
 * @param check looks at everything; what it gives stores the provider, at once with the answer, so that there is never one without the other
 * @throws Problem missing-idempotency-key, request-in-progress or idempotency-key-reused
 */
export async function idempotent(
  { backend, account }: { readonly backend: Idempotency; readonly account: { readonly id: string } },
  call: Call,
  check: () => Promise<() => Answer>,
): Promise<Answer> {
  const { answers, running, settings } = backend;
  const key = call.headers["idempotency-key"];
  if (typeof key !== "string" || key.trim() === "" || key.length > 255)
    throw new Problem(
      "missing-idempotency-key",
      "Send an Idempotency-Key of 1 to 255 characters with every create.",
    );
  answers.removeBefore(Date.now() - settings.idempotencyMs);
  const name = JSON.stringify([account.id, key]);
  const digest = answers.digest(call.body);
  const stored = answers.get(name);
  if (stored && stored.digest !== digest)
    throw new Problem("idempotency-key-reused", "Use a new Idempotency-Key for another body.");
  if (stored) return stored;
  if (running.has(name))
    throw new Problem("request-in-progress", "The first request with this key has no answer yet.");
  const keep = (answer: Answer): Answer => {
    if (answer.status < 500) answers.put(name, { ...answer, name, digest, created: Date.now() });
    return answer;
  };
  running.add(name);
  try {
    let isKept = false;
    // A refusal is kept as well, so it has to be an answer here.
    const answer = await answerOf(async () => {
      const store = await check();
      return backend.atOnce(() => {
        const answer = keep(store());
        isKept = true;
        return answer;
      });
    });
    return isKept ? answer : keep(answer);
  } finally {
    running.delete(name);
  }
}

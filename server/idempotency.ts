import { createHash } from "node:crypto";
import type { Session } from "./backend";
import { type Answer, answerOf, type Call } from "./http";
import { Problem } from "./problem";

/**
 * Runs a create under its Idempotency-Key: the stored answer for the same key and body, else the work itself.
 * An answer of 500 and above is not kept, so that a later try does the work.
 *
 * @throws Problem missing-idempotency-key, request-in-progress or idempotency-key-reused
 */
export async function idempotent(
  { backend, account }: Session,
  call: Call,
  work: () => Promise<Answer>,
): Promise<Answer> {
  const { answers, running, settings } = backend;
  const key = call.headers["idempotency-key"];
  if (typeof key !== "string" || key.trim() === "" || key.length > 255)
    throw new Problem(
      "missing-idempotency-key",
      "Send an Idempotency-Key of 1 to 255 characters with every create.",
    );
  for (const { name, created } of answers.all())
    if (created < Date.now() - settings.idempotencyMs) answers.remove(name);
  const name = JSON.stringify([account.id, key]);
  const digest = createHash("sha256").update(call.body).digest("hex");
  const stored = answers.get(name);
  if (stored && stored.digest !== digest)
    throw new Problem("idempotency-key-reused", "Use a new Idempotency-Key for another body.");
  if (stored) return stored;
  if (running.has(name))
    throw new Problem("request-in-progress", "The first request with this key has no answer yet.");
  running.add(name);
  try {
    // A refusal is kept as well, so it has to be an answer here.
    const answer = await answerOf(work);
    if (answer.status < 500) answers.put(name, { ...answer, name, digest, created: Date.now() });
    return answer;
  } finally {
    running.delete(name);
  }
}

import { createHash } from "node:crypto";
import type { World } from "../sandbox/world";
import type { Answer, Call } from "./http";
import { Problem } from "./problem";

/**
 * Runs a create under its Idempotency-Key: the stored answer for the same key and body, else the work itself.
 * An answer of 500 and above is not kept, so that a later try does the work.
 *
 * @throws Problem missing-idempotency-key, request-in-progress or idempotency-key-reused
 */
export async function idempotent(
  world: World,
  account: string,
  call: Call,
  work: () => Promise<Answer>,
): Promise<Answer> {
  const key = call.headers["idempotency-key"];
  if (typeof key !== "string" || key.trim() === "" || key.length > 255)
    throw new Problem(
      "missing-idempotency-key",
      "Send an Idempotency-Key of 1 to 255 characters with every create.",
    );
  const digest = createHash("sha256").update(call.body).digest("hex");
  const { database, running } = world;

  database
    .prepare("DELETE FROM idempotency WHERE created < ?")
    .run(Date.now() - world.settings.idempotencyMs);
  const stored = database
    .prepare("SELECT * FROM idempotency WHERE account = ? AND key = ?")
    .get(account, key);
  if (stored && stored.digest !== digest)
    throw new Problem("idempotency-key-reused", "Use a new Idempotency-Key for another body.");
  if (stored)
    return {
      status: Number(stored.status),
      headers: JSON.parse(String(stored.headers)),
      body: String(stored.body),
    };

  const name = JSON.stringify([account, key]);
  if (running.has(name))
    throw new Problem("request-in-progress", "The first request with this key has no answer yet.");
  running.add(name);
  try {
    const answer = await work();
    if (answer.status < 500)
      database
        .prepare("INSERT INTO idempotency VALUES (?, ?, ?, ?, ?, ?, ?)")
        .run(account, key, digest, answer.status, JSON.stringify(answer.headers), answer.body, Date.now());
    return answer;
  } finally {
    running.delete(name);
  }
}

import type { KeptTask } from "../model/documents";

/** How long a value stays to be read after "Reveal". */
const SHOWN_MS = 5 * 60 * 1000;

/** Which secrets a session may still see: those that it has revealed, a while ago at most. */
export interface Revealed {
  /** @param digest of the value: another one of the same header is another secret */
  note(sessionId: string, task: KeptTask["n"], digest: string | undefined): void;
  has(sessionId: string, task: KeptTask["n"], digest: string): boolean;
}

/** Kept in memory: after a restart everything is hidden again. @param now milliseconds since 1970 */
export function revealedSecrets(now: () => number): Revealed {
  const until = new Map<string, number>();
  const key = (...parts: readonly unknown[]) => JSON.stringify(parts);
  return {
    note(...place) {
      for (const [name, end] of until) if (end <= now()) until.delete(name);
      until.set(key(...place), now() + SHOWN_MS);
    },
    has: (...place) => (until.get(key(...place)) ?? 0) > now(),
  };
}

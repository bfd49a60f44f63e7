import type { WhatsAppProviderError } from "../model/errors";

/** How often a write looks again when something else writes between its look and its call. */
const ROUNDS = 4;

/** A round is done, or it met something else that wrote in between. */
export type Round<T> = { readonly done: T } | { readonly conflict: WhatsAppProviderError };

/**
 * Looks and writes until a round is done.
 * @throws the conflict of the last round
 */
export async function inRounds<T>(round: () => Promise<Round<T>>): Promise<T> {
  for (let count = 1; ; count++) {
    const ended = await round();
    if ("done" in ended) return ended.done;
    if (count === ROUNDS) throw ended.conflict;
  }
}

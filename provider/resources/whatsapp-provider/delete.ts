import { ApiError } from "../../api/api-error";
import { quoted } from "../../model/text";
import { type Context, sessionOf } from "../context";
import { explained } from "./explain";
import { belongsTo, claimOf } from "./ownership";
import type { State } from "./properties";

/** How often a delete looks again when the provider changes between its look and its call. */
const ROUNDS = 4;

/**
 * Deletes under the revision last seen. After a 412 it looks: what carries another mark than the state's claim is another
 * owner's, so it is left alone, and that is a success. A state without a claim looks first.
 */
export async function remove(context: Context, id: string, state: State): Promise<void> {
  const session = sessionOf(context, state);
  const claim = claimOf(state);
  let revision = claim === undefined ? undefined : state.revision;
  try {
    for (let round = 1; ; round++) {
      if (revision === undefined) {
        const found = await session.api.get(id);
        if (!found) return;
        const mark = found.externalReference;
        if (mark !== claim) {
          const now = mark === undefined ? "no owner's mark" : `the mark ${quoted(mark)}${belongsTo(mark)}`;
          return context.log(`provider ${id} carries ${now}, which this state did not write: left alone`);
        }
        revision = found.revision;
      }
      try {
        return await session.api.delete(id, revision);
      } catch (error) {
        if (!(error instanceof ApiError) || error.code !== "changed-elsewhere" || round === ROUNDS)
          throw error;
        revision = undefined;
      }
    }
  } catch (error) {
    throw explained(error);
  } finally {
    session.forget();
  }
}

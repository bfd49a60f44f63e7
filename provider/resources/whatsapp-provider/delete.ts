import { ApiError } from "../../api/api-error";
import { quoted } from "../../model/text";
import type { Context } from "../context";
import { inRounds } from "../rounds";
import { sessionOf } from "./account";
import { explained } from "./explain";
import { belongsTo, claimOf } from "./ownership";
import type { State } from "./properties";
import { taskText } from "./waiting";

const DONE = { done: undefined };

/**
 * Deletes under the revision last seen. After a 412 it looks: what carries another mark than the state's claim is another
 * owner's, so it is left alone, and that is a success. A state without a claim looks first. Where a person has to do it, the
 * accepted delete is a success: the server finishes it.
 */
export async function remove(context: Context, id: string, state: State): Promise<void> {
  const session = sessionOf(context, state);
  const claim = claimOf(state);
  let revision = claim === undefined ? undefined : state.revision;
  try {
    await inRounds(async () => {
      if (revision === undefined) {
        const found = await session.api.get(id);
        if (!found) return DONE;
        const mark = found.externalReference;
        if (mark !== claim) {
          const now = mark === undefined ? "no owner's mark" : `the mark ${quoted(mark)}${belongsTo(mark)}`;
          context.log(`provider ${id} carries ${now}, which this state did not write: left alone`);
          return DONE;
        }
        revision = found.revision;
      }
      try {
        const waiting = await session.api.delete(id, revision);
        if (waiting)
          context.log(`provider ${id}: its delete waits for a person: ${taskText(waiting, session)}`);
        return DONE;
      } catch (error) {
        if (!(error instanceof ApiError) || error.code !== "changed-elsewhere") throw error;
        revision = undefined;
        return { conflict: error };
      }
    });
  } catch (error) {
    throw explained(error);
  } finally {
    session.forget();
  }
}

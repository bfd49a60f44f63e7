import { ApiError } from "../api/problem";
import { type Context, sessionOf } from "./context";
import { explained } from "./explain";
import type { State } from "./values";
import { isOtherMark } from "./wire";

/** How often a delete looks again when the provider changes between its look and its call. */
const ROUNDS = 4;

/**
 * Deletes under the revision last seen. After a 412 it looks: another mark means that a later create took the object over
 * (`up --replace`, `state taint`, a killed run, another stack), so it is left alone. Gone is success.
 */
export async function remove(context: Context, id: string, state: State): Promise<void> {
  const session = sessionOf(context, state);
  let { revision } = state;
  try {
    for (let round = 1; ; round++) {
      try {
        return await session.api.delete(id, revision ?? 1);
      } catch (error) {
        if (!(error instanceof ApiError) || error.code !== "changed-elsewhere" || round === ROUNDS)
          throw error;
        const current = await session.api.get(id);
        if (!current) return;
        if (isOtherMark(state.externalReference, current.externalReference)) {
          return context.log(`provider ${id} was taken over by a later create: left alone`);
        }
        revision = current.revision;
      }
    }
  } catch (error) {
    throw explained(error);
  } finally {
    session.forget();
  }
}

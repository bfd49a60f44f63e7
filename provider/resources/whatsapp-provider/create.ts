import { ApiError } from "../../api/api-error";
import { WhatsAppProviderError } from "../../model/errors";
import type { Context } from "../context";
import { inRounds } from "../rounds";
import type { Session } from "../session";
import { toRequest, visibleDifferences } from "./conversion";
import { explained, numberInUse } from "./explain";
import { type Marked, newMark } from "./mark";
import { mayTake } from "./ownership";
import type { Inputs, State } from "./properties";
import { stateOnceMade } from "./waiting";

/** One POST. Where the number is held, `ownership.ts` says whether the holder may be taken; else it is refused. */
export async function create(context: Context, inputs: Inputs): Promise<{ id: string; state: State }> {
  const session = context.session(inputs.account);
  try {
    const { provider, mark } = await createOrTake(context, session, inputs);
    return { id: provider.id, state: await stateOnceMade(context, session, inputs, provider, mark) };
  } catch (error) {
    throw explained(error);
  } finally {
    session.forget();
  }
}

async function createOrTake(context: Context, session: Session, inputs: Inputs): Promise<Marked> {
  const mark = newMark(inputs.__owner);
  return inRounds<Marked>(async () => {
    try {
      return { done: { provider: await session.api.create(toRequest(inputs, mark)), mark } };
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== "number-in-use" || !error.conflict) throw error;
      const taken = await take(context, session, inputs, mark, error.conflict.id, error.requestId);
      // It was deleted between the conflict and the look: the number is free now.
      return taken ? { done: taken } : { conflict: error };
    }
  });
}

/** @param posted the mark that this call's own POST carried, whose answer may have been lost */
async function take(
  context: Context,
  session: Session,
  inputs: Inputs,
  posted: string,
  id: string,
  requestId: string | undefined,
): Promise<Marked | undefined> {
  let mark = posted;
  return inRounds<Marked | undefined>(async () => {
    const holder = await session.api.get(id);
    if (!holder || holder.mobileNumber !== inputs.mobileNumber) return { done: undefined };
    // This call's own write, whose answer was lost.
    if (holder.externalReference === mark && visibleDifferences(inputs, holder).length === 0)
      return { done: { provider: holder, mark } };
    if (!mayTake(context.evidence, inputs, holder)) throw numberInUse(holder, inputs.__owner, requestId);
    mark = newMark(inputs.__owner, holder.revision);
    try {
      const provider = await session.api.update(id, toRequest(inputs, mark), holder.revision);
      return { done: { provider, mark } };
    } catch (error) {
      const isOvertaken =
        error instanceof ApiError &&
        (error.code === "changed-elsewhere" || error.code === "provider-not-found");
      if (!isOvertaken) throw error;
      const what = `provider ${id} keeps changing while it is taken over`;
      return { conflict: new WhatsAppProviderError("changed-elsewhere", what) };
    }
  });
}

import type { Provider } from "../../../contract/types";
import { ApiError } from "../../api/api-error";
import { WhatsAppProviderError } from "../../model/errors";
import type { Context, Session } from "../context";
import { stateAfterWrite, toRequest, visibleDifferences } from "./conversion";
import { explained, numberInUse } from "./explain";
import { newMark } from "./mark";
import { mayTake } from "./ownership";
import type { Inputs, State } from "./properties";

/** How often a take-over looks again when someone else writes between its look and its write. */
const ROUNDS = 4;

/** One POST. Where the number is held, `ownership.ts` says whether the holder may be taken; else it is refused. */
export async function create(context: Context, inputs: Inputs): Promise<{ id: string; state: State }> {
  const session = context.session(inputs.account);
  try {
    const { provider, mark } = await createOrTake(context, session, inputs);
    return { id: provider.id, state: stateAfterWrite(inputs, provider, session, mark) };
  } catch (error) {
    throw explained(error);
  } finally {
    session.forget();
  }
}

/** A provider and the mark that this call put on it. */
interface Marked {
  readonly provider: Provider;
  readonly mark: string;
}

async function createOrTake(context: Context, session: Session, inputs: Inputs): Promise<Marked> {
  const mark = newMark(inputs.__owner);
  for (let round = 1; ; round++) {
    try {
      return { provider: await session.api.create(toRequest(inputs, mark)), mark };
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== "number-in-use" || !error.conflict) throw error;
      const taken = await take(context, session, inputs, mark, error.conflict.id, error.requestId);
      // It was deleted between the conflict and the look: the number is free now.
      if (taken) return taken;
      if (round === ROUNDS) throw error;
    }
  }
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
  for (let round = 1; ; round++) {
    const holder = await session.api.get(id);
    if (!holder || holder.mobileNumber !== inputs.mobileNumber) return undefined;
    // This call's own write, whose answer was lost.
    if (holder.externalReference === mark && visibleDifferences(inputs, holder).length === 0)
      return { provider: holder, mark };
    if (!mayTake(context.evidence, inputs, holder)) throw numberInUse(holder, inputs.__owner, requestId);
    mark = newMark(inputs.__owner, holder.revision);
    try {
      return { provider: await session.api.update(id, toRequest(inputs, mark), holder.revision), mark };
    } catch (error) {
      const again =
        error instanceof ApiError &&
        (error.code === "changed-elsewhere" || error.code === "provider-not-found");
      if (!again) throw error;
      if (round === ROUNDS) {
        throw new WhatsAppProviderError(
          "changed-elsewhere",
          `provider ${id} keeps changing while it is taken over`,
        );
      }
    }
  }
}

import type { Provider, ProviderRequest } from "../../contract/types";
import { ApiError } from "../api/problem";
import { WhatsAppProviderError } from "../errors";
import type { Context, Session } from "./context";
import { explained, numberInUse } from "./explain";
import { newMark, ownerOfMark } from "./owner";
import type { Inputs, State } from "./values";
import { stateAfterWrite, toRequest, visibleDifferences } from "./wire";

/** How often a take-over looks again when someone else writes between its look and its write. */
const ROUNDS = 4;

/**
 * One POST. A number that our own owner holds is what an earlier create left behind (a lost answer, a killed engine):
 * it is taken over under a new mark. A foreign holder is refused unless the program adopts it.
 */
export async function create(context: Context, inputs: Inputs): Promise<{ id: string; state: State }> {
  const session = context.session(inputs.account);
  const mark = newMark(inputs.__owner);
  const body = toRequest(inputs, mark);
  try {
    const provider = await createOrTake(session, inputs, body, mark);
    return { id: provider.id, state: stateAfterWrite(inputs, provider, session.account.accountId) };
  } catch (error) {
    throw explained(error);
  } finally {
    session.forget();
  }
}

/** Whether a provider with that mark may be taken over: our own, or one that the program adopts. */
export function mayTake(
  { __owner, adoptExisting }: Pick<Inputs, "__owner" | "adoptExisting">,
  mark?: string,
): boolean {
  if (ownerOfMark(mark) === __owner) return true;
  return mark === undefined ? adoptExisting === true : adoptExisting === mark;
}

async function createOrTake(
  session: Session,
  inputs: Inputs,
  body: ProviderRequest,
  mark: string,
): Promise<Provider> {
  for (let round = 1; ; round++) {
    try {
      return await session.api.create(body);
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== "number-in-use" || !error.conflict) throw error;
      const provider = await take(session, inputs, body, mark, error.conflict.id, error.requestId);
      // It was deleted between the conflict and the look: the number is free now.
      if (provider) return provider;
      if (round === ROUNDS) throw error;
    }
  }
}

async function take(
  session: Session,
  inputs: Inputs,
  body: ProviderRequest,
  mark: string,
  id: string,
  requestId: string | undefined,
): Promise<Provider | undefined> {
  for (let round = 1; ; round++) {
    const holder = await session.api.get(id);
    if (!holder || holder.mobileNumber !== inputs.mobileNumber) return undefined;
    // This call's own write, whose answer was lost.
    if (holder.externalReference === mark && visibleDifferences(inputs, holder).length === 0) return holder;
    if (!mayTake(inputs, holder.externalReference)) throw numberInUse(holder, inputs.__owner, requestId);
    try {
      return await session.api.update(id, body, holder.revision);
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

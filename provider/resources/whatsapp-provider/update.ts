import type { Provider } from "../../../contract/types";
import { ApiError } from "../../api/api-error";
import { WhatsAppProviderError } from "../../model/errors";
import type { Context } from "../context";
import { inRounds } from "../rounds";
import type { Session } from "../session";
import { sessionAt } from "./account";
import { movedState, toRequest, visibleDifferences } from "./conversion";
import { compare, isLocal } from "./diff";
import { explained } from "./explain";
import type { Marked } from "./mark";
import { claimOf, isAdopted, isHeld, markOfUpdate, takenOver } from "./ownership";
import type { Inputs, State, Wanted } from "./properties";
import { isUnderWay, stateOnceMade, wantsWrite } from "./waiting";

/**
 * One PUT under `If-Match` with the revision last seen. Someone else's change is an error, never overwritten silently. Another
 * name or address of the same account changes the state and nothing else.
 */
export async function update(context: Context, id: string, state: State, inputs: Inputs): Promise<State> {
  const session = sessionAt(context, state, inputs);
  const { changed } = compare(context, state, inputs);
  if (isLocal(changed)) return movedState(state, inputs, session.account);
  try {
    const goesOn = changed.length === 0 && isUnderWay(state);
    const written = goesOn ? await earlierWrite(session, id, state, inputs) : undefined;
    const { provider, mark } = written ?? (await write(context, session, id, state, inputs));
    return await stateOnceMade(context, session, inputs, provider, mark);
  } catch (error) {
    throw explained(error);
  } finally {
    session.forget();
  }
}

/**
 * What an earlier `up` wrote and stopped waiting for: this one goes on waiting, and a person is not asked twice.
 * @returns undefined where it has to be written again
 */
async function earlierWrite(
  session: Session,
  id: string,
  state: State,
  inputs: Inputs,
): Promise<Marked | undefined> {
  const provider = await look(session, id);
  const mark = provider.externalReference;
  if (mark === undefined || wantsWrite(provider.status)) return undefined;
  const isAsWritten = changeSinceSeen(state, provider, inputs) === undefined;
  return isAsWritten ? { provider, mark } : undefined;
}

async function write(context: Context, session: Session, id: string, state: State, inputs: Inputs) {
  // What was never written from here may be another owner's.
  const mustLook = claimOf(state, inputs.__owner) === undefined || state.revision === undefined;
  let found = mustLook ? await look(session, id) : undefined;
  let seen = state;
  return inRounds<Marked>(async () => {
    if (found) {
      const notice = changeSinceSeen(seen, found, inputs);
      if (notice) context.log(notice);
      seen = { ...seen, revision: found.revision, isDefault: found.isDefault };
    }
    const mark = markOfUpdate(state, inputs, found);
    try {
      const provider = await session.api.update(id, toRequest(inputs, mark), seen.revision as number);
      return { done: { provider, mark } };
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== "changed-elsewhere") throw error;
      found = await look(session, id);
      const isOurs = found.externalReference === mark && visibleDifferences(inputs, found).length === 0;
      return error.afterLostAttempt && isOurs ? { done: { provider: found, mark } } : { conflict: error };
    }
  });
}

async function look(session: Session, id: string): Promise<Provider> {
  const current = await session.api.get(id);
  if (!current) throw gone(id);
  return current;
}

/** The provider of a resource that is to be updated is not there. */
export function gone(id: string): WhatsAppProviderError {
  return new WhatsAppProviderError("provider-not-found", `provider ${id} is gone`, { status: 404 });
}

/**
 * What happened to a provider since its state was written. Returns for what an update may write over: nothing, the default
 * that moved, content that already is what the update would write (an earlier update whose end was lost), and what the
 * program adopts.
 * @returns a line for the user where it writes over something that cannot be seen
 * @throws WhatsAppProviderError changed-elsewhere, taken-over
 */
export function changeSinceSeen(state: State, found: Provider, inputs: Wanted): string | undefined {
  const { id, revision, externalReference } = found;
  if (!isHeld(state, found, inputs)) throw takenOver(id, externalReference);
  const isAdoption =
    externalReference !== claimOf(state, inputs.__owner) && isAdopted(inputs, externalReference);
  if (state.revision === undefined || revision === state.revision || isAdoption) return undefined;
  const changed = visibleDifferences(state, found);
  const defaultMoved = (state.isDefault ?? false) !== found.isDefault;
  if (changed.length === 0 && defaultMoved && revision === state.revision + 1) return undefined;
  if (visibleDifferences(inputs, found).length === 0) {
    return `revision moved from ${state.revision} to ${revision} with the content that this update writes: writes it again, credentials included`;
  }
  if (defaultMoved) changed.push("isDefault");
  const what = changed.length > 0 ? changed.join(", ") : "nothing that can be read, so perhaps a credential";
  throw new WhatsAppProviderError(
    "changed-elsewhere",
    `provider ${id} was changed elsewhere (revision ${state.revision} to ${revision}): ${what}`,
    { status: 412 },
  );
}

import type { Provider } from "../../contract/types";
import { ApiError } from "../api/problem";
import { WhatsAppProviderError } from "../errors";
import { type Context, type Session, sessionOf } from "./context";
import { explained } from "./explain";
import { newMark } from "./owner";
import type { Inputs, State } from "./values";
import { isOtherMark, isSameOwner, stateAfterWrite, toRequest, visibleDifferences } from "./wire";

/** How often an update looks again when the default moves between its look and its write. */
const ROUNDS = 4;

/** One PUT under `If-Match` with the revision last seen. Someone else's change is an error, never overwritten silently. */
export async function update(context: Context, id: string, state: State, inputs: Inputs): Promise<State> {
  const session = sessionOf(context, state);
  try {
    const provider = await write(context, session, id, state, inputs);
    return stateAfterWrite(inputs, provider, session.account.accountId);
  } catch (error) {
    throw explained(error);
  } finally {
    session.forget();
  }
}

async function write(
  context: Context,
  session: Session,
  id: string,
  state: State,
  inputs: Inputs,
): Promise<Provider> {
  let mark = state.externalReference ?? newMark(inputs.__owner);
  let seen = state;
  for (let round = 1; ; round++) {
    try {
      return await session.api.update(
        id,
        toRequest(inputs, mark),
        seen.revision ?? (await look(session, id)).revision,
      );
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== "changed-elsewhere") throw error;
      const current = await look(session, id);
      const isOurs = current.externalReference === mark && visibleDifferences(inputs, current).length === 0;
      if (error.afterLostAttempt && isOurs) return current;
      if (round === ROUNDS) throw error;
      const notice = changeSinceSeen(seen, current, inputs);
      if (notice) context.log(notice);
      mark = isSameOwner(mark, current.externalReference) ? (current.externalReference as string) : mark;
      seen = { ...seen, revision: current.revision, isDefault: current.isDefault, externalReference: mark };
    }
  }
}

async function look(session: Session, id: string): Promise<Provider> {
  const current = await session.api.get(id);
  if (!current)
    throw new WhatsAppProviderError("provider-not-found", `provider ${id} is gone`, { status: 404 });
  return current;
}

/**
 * What happened to a provider since its state was written. Returns for what an update may write over: nothing, the
 * default that moved, or content that already is what the update would write (an earlier update whose end was lost).
 * @returns a line for the user where it writes over something that cannot be seen
 * @throws WhatsAppProviderError changed-elsewhere, taken-over
 */
export function changeSinceSeen(
  state: State,
  current: Provider,
  inputs: Partial<Inputs>,
): string | undefined {
  if (isOtherMark(state.externalReference, current.externalReference)) {
    // A later create of this very resource, whose end never reached the state.
    if (isSameOwner(state.externalReference, current.externalReference)) return undefined;
    throw new WhatsAppProviderError(
      "taken-over",
      `provider ${current.id} now carries the mark ${JSON.stringify(current.externalReference)}`,
    );
  }
  if (state.revision === undefined || current.revision === state.revision) return undefined;
  const changed = visibleDifferences(state, current);
  const defaultMoved = (state.isDefault ?? false) !== current.isDefault;
  if (changed.length === 0 && defaultMoved && current.revision === state.revision + 1) return undefined;
  if (visibleDifferences(inputs, current).length === 0) {
    return `revision moved from ${state.revision} to ${current.revision} with the content that this update writes: writes it again, credentials included`;
  }
  if (defaultMoved) changed.push("isDefault");
  const what = changed.length > 0 ? changed.join(", ") : "nothing that can be read, so perhaps a credential";
  throw new WhatsAppProviderError(
    "changed-elsewhere",
    `provider ${current.id} was changed elsewhere (revision ${state.revision} to ${current.revision}): ${what}`,
    { status: 412 },
  );
}

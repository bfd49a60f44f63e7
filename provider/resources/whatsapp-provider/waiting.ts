import type { Provider } from "../../../contract/types";
import { WhatsAppProviderError } from "../../model/errors";
import { visible } from "../../model/text";
import type { Context } from "../context";
import { KeptInState } from "../resource";
import type { Session } from "../session";
import { outputsOf, stateAfterWrite } from "./conversion";
import { nameOfOwner } from "./mark";
import { isHeld, takenOver } from "./ownership";
import type { Inputs, State, Wanted } from "./properties";

/**
 * Servers that people work: a write is taken and shows as `pending` until somebody has made it in the dashboard. Waiting is no
 * difference between program and state. What asks for another write is: a change that was refused, and a delete that the
 * program does not want.
 */

/** Seconds between two looks while `up` waits. */
const LOOK_EVERY = 5;
/** Seconds between two lines that say so. */
const TELL_EVERY = 30;

/** Whether the last thing known of a provider is that a person is, or was, to act. */
export function isUnderWay({ status }: State): boolean {
  return status === "pending" || wantsWrite(status);
}

/** Whether a provider in this status needs another write to become what the program says. */
export function wantsWrite(status: string | undefined): boolean {
  return status === "refused" || status === "deleting";
}

/** `task 12, URL`, of the task that the status speaks of. */
export function taskText(provider: Provider, session: Session): string {
  const { taskUrl } = outputsOf(provider, session);
  if (!provider.task || taskUrl === undefined) return "the API names no task";
  return visible(`task ${session.api.withoutSecrets(provider.task.id)}, ${taskUrl}`);
}

/** Why it was refused, and by which task. */
export function refusalText(provider: Provider, session: Session): string {
  const { statusReason } = outputsOf(provider, session);
  return `${statusReason || "no reason was given"} (${taskText(provider, session)})`;
}

/**
 * Whether a resource that is unchanged needs another write all the same, and says why. Asks only where the state says that
 * something is under way: one listing per account and process.
 */
export async function needsAnotherWrite(
  context: Context,
  session: Session,
  id: string,
  state: State,
  inputs: Wanted,
): Promise<boolean> {
  if (!isUnderWay(state) || inputs.__owner === undefined) return false;
  const name = nameOfOwner(inputs.__owner);
  let found: Provider | undefined;
  try {
    found = (await session.firstListing()).find((p) => p.id === id) ?? (await session.api.get(id));
  } catch (error) {
    if (!WhatsAppProviderError.is(error)) throw error;
    // Nothing here is new or changed: what else the program has must not wait for this API.
    context.warn(`${name}: can't tell whether it is still ${state.status}: ${error.message}`);
    return wantsWrite(state.status);
  }
  // Gone: the update says so, and what to do.
  if (!found) return true;
  if (!isHeld(state, found, inputs)) return false;
  if (found.status === "refused")
    context.warn(`${name}: refused: ${refusalText(found, session)}. \`pulumi up\` sends it again`);
  if (found.status === "deleting")
    context.warn(`${name}: its delete waits (${taskText(found, session)}). \`pulumi up\` withdraws it`);
  return wantsWrite(found.status);
}

/**
 * The state after a write. Where the write waits for a person it says so, or waits as long as `clevertap:waitFor` says.
 * @param mark that the write carried
 * @throws KeptInState still-pending, refused, cancelled, and what kept the last look from looking
 */
export async function stateOnceMade(
  context: Context,
  session: Session,
  inputs: Inputs,
  written: Provider,
  mark: string,
): Promise<State> {
  const { clock, signal, settings } = context;
  const name = nameOfOwner(inputs.__owner);
  const { id } = written;
  let provider = written;
  const kept = (error: WhatsAppProviderError) =>
    new KeptInState(error, id, stateAfterWrite(inputs, provider, session, mark));
  const refused = () => new WhatsAppProviderError("refused", `refused: ${refusalText(provider, session)}`);
  if (provider.status === "pending") context.log(`${name}: pending: ${taskText(provider, session)}`);
  const start = clock.now();
  let told = start;
  while (settings.waitFor > 0 && provider.status === "pending") {
    const left = start + settings.waitFor - clock.now();
    if (left <= 0) {
      const what = `still pending after ${settings.waitFor} s: ${taskText(provider, session)}`;
      throw kept(new WhatsAppProviderError("still-pending", what));
    }
    await clock.sleep(Math.min(LOOK_EVERY, left), signal);
    if (signal?.aborted) {
      const what = `stopped waiting for ${taskText(provider, session)}`;
      throw kept(
        new WhatsAppProviderError("cancelled", what, { remedy: "Run `pulumi up` again to go on waiting" }),
      );
    }
    const found = await look(session, id, start + settings.waitFor - clock.now() <= 0, kept);
    if (found) {
      if (found.externalReference !== mark) throw kept(takenOver(id, found.externalReference));
      const { status, statusReason, task } = found;
      // Revision and content stay those of the write, so that a refresh sees what somebody else did since.
      provider = { ...written, status, statusReason, task };
    }
    if (provider.status === "pending" && clock.now() - told >= TELL_EVERY) {
      told = clock.now();
      context.log(`${name}: pending for ${Math.round(told - start)} s: ${taskText(provider, session)}`);
    }
  }
  if (provider.status === "refused") {
    if (settings.waitFor > 0) throw kept(refused());
    context.warn(`${name}: refused: ${refusalText(provider, session)}`);
  }
  return stateAfterWrite(inputs, provider, session, mark);
}

/** A look that fails ends no wait, unless it is the last: the server may be about to start again. */
async function look(
  session: Session,
  id: string,
  isLast: boolean,
  kept: (error: WhatsAppProviderError) => KeptInState,
): Promise<Provider | undefined> {
  try {
    const found = await session.api.get(id);
    if (found) return found;
  } catch (error) {
    if (!WhatsAppProviderError.is(error)) throw error;
    if (isLast || error.code === "cancelled") throw kept(error);
    return undefined;
  }
  throw new WhatsAppProviderError("provider-not-found", `provider ${id} is gone`, { status: 404 });
}

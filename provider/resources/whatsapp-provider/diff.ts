import { differs, type Properties, UNKNOWN } from "../../model/unknown";
import type { Context } from "../context";
import type { Diff } from "../resource";
import { isSameAccount, sessionAt } from "./account";
import { NO_FINGERPRINT } from "./conversion";
import { nameOfOwner } from "./mark";
import { isHeld, isKnownLost, marksAnew, remember, takenOver } from "./ownership";
import { ARGUMENTS, EARLY, type State, type Wanted } from "./properties";
import { needsAnotherWrite } from "./waiting";

/** Changes that old and new inputs don't show. */
export const CHANGES_IN_OUTPUTS = ["markAsDefault", "status", "externalReference", "__api"];

/**
 * Compares a resource's state with its checked inputs: costs no request unless a person is at the provider. Remembers what the state proves, and tells when its
 * provider is another's, as far as this process knows.
 * @throws WhatsAppProviderError account-mismatch, api-mismatch
 */
export async function diff(context: Context, id: string, state: State, inputs: Wanted): Promise<Diff> {
  const found = compare(context, state, inputs);
  const owner = inputs.__owner;
  remember(context.evidence, state, owner);
  if (isKnownLost(state, inputs)) warnTakenOver(context, id, state.externalReference, owner);
  else if (!found.replaces.includes("account")) {
    const session = sessionAt(context, state, inputs);
    await session.onceListed((providers) => {
      const listed = providers.find((provider) => provider.id === id);
      if (listed && !isHeld(state, listed, inputs))
        warnTakenOver(context, id, listed.externalReference, owner);
    });
    const isKept = found.replaces.length === 0;
    if (isKept && (await needsAnotherWrite(context, session, id, state, inputs)))
      found.changed.push("status");
  }
  return found;
}

/** Tells the user of a provider that another owner has, without failing. */
export function warnTakenOver(context: Context, id: string, mark: string | undefined, owner?: string): void {
  const name = owner === undefined ? "" : `${nameOfOwner(owner)}: `;
  context.warn(`${name}${takenOver(id, mark).message}`);
}

/** Arguments whose change is one at the API. What fits no column: see the table. */
const COMPARED = ARGUMENTS.filter(({ name }) => name !== "markAsDefault" && name !== "adoptExisting");
/** Known early, and at the API: when they move there, all is sent again. */
const SENT_EARLY = EARLY.filter(({ member, header }) => member || header);

/** The comparison alone. */
export function compare(context: Context, state: State, inputs: Wanted): Diff {
  const old: Properties = state;
  const news: Properties = inputs;
  const changed = COMPARED.filter((p) => differs(old[p.name] ?? p.default, news[p.name] ?? p.default)).map(
    ({ name }) => name,
  );
  // false never demotes another, so only the wish to be the default, while another one is, is a change.
  const { markAsDefault } = inputs;
  if ((markAsDefault === UNKNOWN || markAsDefault === true) && !state.isDefault)
    changed.push("markAsDefault");
  for (const { name } of SENT_EARLY)
    if (news[name] !== UNKNOWN && differs(old[name], news[name])) changed.push(name);
  // A refresh found that a credential may have been changed elsewhere.
  if (state.credentialFingerprint === NO_FINGERPRINT) changed.push("credentialFingerprint");
  if (marksAnew(state, inputs)) changed.push("externalReference");
  const replaces = replacing(context, old, news);
  if (replaces.length === 0) {
    const { account } = sessionAt(context, state, inputs);
    // A state without it gets it with the next write.
    if (state.__api !== undefined && state.__api !== account.api) changed.push("__api");
  }
  const isDeletedFirst = ARGUMENTS.some((p) => p.replaces === "delete-first" && replaces.includes(p.name));
  return { changed, replaces, deleteBeforeReplace: isDeletedFirst };
}

/** Names of the properties whose change makes a new provider. @param old state, or the inputs of an earlier check */
export function replacing(context: Context, old: Properties, inputs: Properties): string[] {
  return ARGUMENTS.filter((p) => p.replaces && differs(old[p.name], inputs[p.name]))
    .filter((p) => p.name !== "account" || !isSameAccount(context, old, inputs))
    .map((p) => p.name);
}

/** Whether a change needs no request: only the account's name or address is another. */
export function isLocal(changed: readonly string[]): boolean {
  return changed.length > 0 && changed.every((name) => name === "account" || name === "__api");
}

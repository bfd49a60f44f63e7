import { type Context, isAccountOf, sessionOf } from "../context";
import { NO_FINGERPRINT } from "./conversion";
import { isHeld, isKnownLost, marksAnew, takenOver } from "./ownership";
import { type Field, INPUTS } from "./properties";
import { type Inputs, type Properties, type State, UNKNOWN } from "./values";

/** What a change of the inputs means for a provider that exists. */
export interface Diff {
  /** Names of the properties that change, in the order of the table. */
  readonly changed: string[];
  /** Those of them that make a new provider. */
  readonly replaces: string[];
  readonly deleteBeforeReplace: boolean;
}

/**
 * Compares a resource's state with its checked inputs: costs no request. Remembers what the state proves, and tells when its
 * provider is another's, as far as this process knows.
 * @throws WhatsAppProviderError account-mismatch, api-mismatch
 */
export async function diff(context: Context, id: string, state: State, inputs: Properties): Promise<Diff> {
  const found = compare(context, state, inputs);
  const owner = inputs.__owner as string | undefined;
  context.evidence.saw(state, owner);
  if (isKnownLost(state, inputs)) warnTakenOver(context, id, state.externalReference, owner);
  else if (!found.replaces.includes("account")) {
    const session = sessionAt(context, state, inputs as Partial<Inputs>);
    await session.onceListed((providers) => {
      const listed = providers.find((provider) => provider.id === id);
      if (listed && !isHeld(state, listed, inputs as unknown as Inputs))
        warnTakenOver(context, id, listed.externalReference, owner);
    });
  }
  return found;
}

/** Tells the user of a provider that another owner has, without failing. */
export function warnTakenOver(context: Context, id: string, mark: string | undefined, owner?: string): void {
  const name = owner === undefined ? "" : `${nameOfOwner(owner)}: `;
  context.warn(`${name}${takenOver(id, mark).message}`);
}

/** The resource's name in the program. */
export function nameOfOwner(owner: string): string {
  return decodeURIComponent(owner.split("/").pop() ?? owner);
}

/**
 * The session with a resource that stays where it is, although its account may have another name or address by now.
 * @throws WhatsAppProviderError account-mismatch, api-mismatch
 */
export function sessionAt(context: Context, state: State, { account }: Pick<Inputs, "account">) {
  return sessionOf(context, { ...state, account });
}

/** The comparison alone. */
export function compare(context: Context, state: State, inputs: Properties): Diff {
  const old = state as Properties;
  const fields = (INPUTS as readonly Field[]).filter((f) => !f.local && f.name !== "markAsDefault");
  const changed = fields
    .filter((f) => differs(old[f.name] ?? f.default, inputs[f.name] ?? f.default))
    .map((f) => f.name);
  // false never demotes another, so only the wish to be the default, while another one is, is a change.
  if (
    inputs.markAsDefault === UNKNOWN ? !state.isDefault : inputs.markAsDefault === true && !state.isDefault
  ) {
    changed.push("markAsDefault");
  }
  for (const name of ["inboundMessageCallbackUrl", "deliveryReportCallbackUrl", "payloadVersion"]) {
    if (inputs[name] !== UNKNOWN && differs(old[name], inputs[name])) changed.push(name);
  }
  // A refresh found that a credential may have been changed elsewhere.
  if (state.credentialFingerprint === NO_FINGERPRINT) changed.push("credentialFingerprint");
  if (marksAnew(state, inputs)) changed.push("externalReference");
  const replaces = replacing(context, old, inputs);
  if (replaces.length === 0) {
    const { account } = sessionAt(context, state, inputs as Partial<Inputs>);
    // A state without it gets it with the next write.
    if (state.__api !== undefined && state.__api !== account.api) changed.push("__api");
  }
  const isDeletedFirst = fields.some((f) => f.replaces === "delete-first" && replaces.includes(f.name));
  return { changed, replaces, deleteBeforeReplace: isDeletedFirst };
}

/** Names of the properties whose change makes a new provider. @param old state, or the inputs of an earlier check */
export function replacing(context: Context, old: Properties, inputs: Properties): string[] {
  return (INPUTS as readonly Field[])
    .filter((f) => f.replaces && differs(old[f.name], inputs[f.name]))
    .filter((f) => f.name !== "account" || !isSameAccount(context, old, inputs))
    .map((f) => f.name);
}

/** Whether a change needs no request: only the account's name or address is another. */
export function isLocal(changed: readonly string[]): boolean {
  return changed.length > 0 && changed.every((name) => name === "account" || name === "__api");
}

/** Whether another name leads to the account in which the provider is. */
function isSameAccount(context: Context, old: Properties, { account }: Properties): boolean {
  if (account === UNKNOWN) return false;
  const accountOf = (name: unknown) => {
    try {
      return context.session(name as string | undefined).account;
    } catch {
      // Not configured, or not any more.
      return undefined;
    }
  };
  const now = accountOf(account);
  // Inputs don't say where the provider is; their account's name does.
  const then = old.accountId === undefined ? accountOf(old.account) : undefined;
  return now !== undefined && isAccountOf(now, then ? { accountId: then.accountId, __api: then.api } : old);
}

function differs(a: unknown, b: unknown): boolean {
  if (a === UNKNOWN || b === UNKNOWN) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return a !== b;
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].some((key) => differs((a as Properties)[key], (b as Properties)[key]));
}

import type { Account } from "../../configuration/settings";
import { WhatsAppProviderError } from "../../model/errors";
import { type Properties, UNKNOWN } from "../../model/unknown";
import type { Context } from "../context";
import type { Session } from "../session";
import type { State, Wanted } from "./properties";

/** The account and the API of a provider that exists. They may have other names and addresses by now. */

/**
 * The session of a resource that exists, refusing when the account or the API configured now is not the one in its state:
 * another would answer "not found", which must never be taken for "gone".
 */
export function sessionOf(context: Context, state: State): Session {
  const session = context.session(state.account);
  // An API that quotes what it has stored must not get it into a message through a read or a delete either.
  const secrets = [state.apiKey, state.sid, ...Object.values(state.headers ?? {})];
  session.api.conceal(secrets.filter((value) => typeof value === "string"));
  const { accountId, api } = session.account;
  if (state.accountId && state.accountId !== accountId) {
    throw new WhatsAppProviderError(
      "account-mismatch",
      `this provider is in account ${state.accountId}, but the configuration now names account ${accountId}`,
    );
  }
  if (!isSameApi(session.account, state)) {
    throw new WhatsAppProviderError(
      "api-mismatch",
      `this provider is at the API ${state.__api}, but the configuration now names ${api}`,
      { remedy: `Configure that endpoint; if the API has moved, run \`${formerEndpointLine(state)}\`` },
    );
  }
  return session;
}

/** Whether an account is where a state's provider is, under whatever name and at whatever address. */
function isAccountOf(account: Account, state: Pick<State, "accountId" | "__api">): boolean {
  return account.accountId === state.accountId && isSameApi(account, state);
}

/** A state that names no API is from version 0.1, or of an import that was not written yet. */
function isSameApi({ api, formerApi }: Account, { __api }: Pick<State, "__api">): boolean {
  return __api === undefined || __api === api || __api === formerApi;
}

/** The name of an account may be a secret of the program. */
function formerEndpointLine({ account, __api }: State): string {
  const key =
    account === undefined ? "clevertap:formerEndpoint" : "--path clevertap:accounts.<name>.formerEndpoint";
  return `pulumi config set ${key} ${__api}`;
}

/**
 * The session with a resource that stays where it is, although its account may have another name or address by now.
 * @throws WhatsAppProviderError account-mismatch, api-mismatch
 */
export function sessionAt(context: Context, state: State, { account }: Pick<Wanted, "account">) {
  return sessionOf(context, { ...state, account: account === UNKNOWN ? state.account : account });
}

/** Whether another name leads to the account in which the provider is. */
export function isSameAccount(context: Context, old: Properties, { account }: Properties): boolean {
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
  const place = then ? { accountId: then.accountId, __api: then.api } : (old as State);
  return now !== undefined && isAccountOf(now, place);
}

import { WhatsAppProviderError } from "../../model/errors";
import type { Context } from "../context";
import { extraHeaderNames, knownUrls, outputsOf, valueIn } from "./conversion";
import { ARGUMENTS } from "./properties";

/** What a lookup looks for. */
export interface LookupArgs {
  readonly mobileNumber: string;
  readonly account?: string;
}

/** What a lookup finds: everything that can be read, so no secret. @throws WhatsAppProviderError provider-not-found */
export async function lookup(context: Context, args: LookupArgs) {
  const session = context.session(args.account);
  const { api, account } = session;
  const provider = await api.findByNumber(args.mobileNumber);
  if (!provider) {
    throw new WhatsAppProviderError(
      "provider-not-found",
      `no provider of account ${account.accountId} holds the number ${args.mobileNumber}`,
      { property: "mobileNumber", remedy: "Check the number and the account" },
    );
  }
  const shown = ARGUMENTS.filter((p) => !p.secret && !p.writeOnly && (p.member || p.header));
  return {
    id: provider.id,
    ...Object.fromEntries(shown.map((p) => [p.name, valueIn(provider, p) ?? p.default])),
    headerNames: extraHeaderNames(provider),
    ...knownUrls(provider),
    ...outputsOf(provider, session),
  };
}

/** What the dashboard shows before Save, of an account. */
export async function lookupDefaults(context: Context, { account }: { readonly account?: string }) {
  const session = context.session(account);
  return { ...knownUrls(await session.defaults()), accountId: session.account.accountId };
}

import { WhatsAppProviderError } from "../../model/errors";
import type { Context } from "../context";
import { extraHeaderNames, headerValue, knownUrls, outputsOf } from "./conversion";

/** What a lookup looks for. */
export interface LookupArgs {
  readonly mobileNumber: string;
  readonly account?: string;
}

/** What a lookup finds: everything that can be read, so no secret. @throws WhatsAppProviderError provider-not-found */
export async function lookup(context: Context, args: LookupArgs) {
  const { api, account } = context.session(args.account);
  const provider = await api.findByNumber(args.mobileNumber);
  if (!provider) {
    throw new WhatsAppProviderError(
      "provider-not-found",
      `no provider of account ${account.accountId} holds the number ${args.mobileNumber}`,
      { property: "mobileNumber", remedy: "Check the number and the account" },
    );
  }
  return {
    id: provider.id,
    nickname: provider.nickname,
    mobileNumber: provider.mobileNumber,
    httpEndpoint: provider.httpEndpoint,
    kaleyraHost: headerValue(provider, "kaleyra-host"),
    headerNames: extraHeaderNames(provider),
    autoReplyUntracked: provider.autoReplyUntracked ?? false,
    maxConcurrentRequests: provider.maxConcurrentRequests,
    ...knownUrls(provider),
    ...outputsOf(provider, account.accountId),
  };
}

/** What the dashboard shows before Save, of an account. */
export async function lookupDefaults(context: Context, { account }: { readonly account?: string }) {
  const session = context.session(account);
  return { ...knownUrls(await session.defaults()), accountId: session.account.accountId };
}

import type { Provider } from "../../contract/types";
import { providerAnswer } from "../../server/answers";
import { Problem } from "../../server/problem";
import { callbackCounts } from "../clevertap/callbacks";
import type { CampaignResult } from "../clevertap/campaign";
import { HTTP_END_POINT } from "../kaleyra/end-point";
import { type NumberLists, numberLists } from "../kaleyra/numbers";
import type { KaleyraCredentials } from "../options";
import type { KeptHeader, KeptProvider } from "../storage/providers";
import { accountOf, providerDefaults, type World } from "../world";

/** An edit past the API, as somebody at the dashboard would make it. Left out: stays as it is. */
export interface ProviderPatch {
  readonly nickname?: string;
  readonly mobileNumber?: string;
  readonly httpEndpoint?: string;
  /** Values by header name, secret ones included; null removes the header. */
  readonly headers?: Readonly<Record<string, string | null>>;
  readonly isDefault?: boolean;
  readonly autoReplyUntracked?: boolean;
  readonly maxConcurrentRequests?: number;
  /** The owner's mark; null removes it. */
  readonly externalReference?: string | null;
  /** True: delete is refused with provider-in-use. Alone it is no change of the revision. */
  readonly inUse?: boolean;
}

/** A provider made past the API, without an owner's mark unless one is given. */
export interface HandMade extends ProviderPatch {
  /** Default: the first account. */
  readonly accountId?: string;
  readonly mobileNumber: string;
}

export interface AccountState {
  readonly id: string;
  readonly readOnly: boolean;
  readonly providers: readonly (Provider & { inUse: boolean })[];
  readonly callbacks: { inbound: number; sent: number; delivered: number; read: number; failed: number };
}

/** What there is, without any secret. */
export interface SandboxState {
  readonly url: string;
  readonly endpoint: string;
  readonly httpEndpoint: string;
  readonly kaleyraHost: string;
  readonly numbers: NumberLists;
  readonly accounts: readonly AccountState[];
  readonly lastCampaign: CampaignResult | null;
}

export function addresses(world: World) {
  const { url } = world;
  return { url, endpoint: url, httpEndpoint: `${url}${HTTP_END_POINT}`, kaleyraHost: `${url}/` };
}

export function sandboxState(world: World): SandboxState {
  const accounts = world.settings.accounts.map(
    (account): AccountState => ({
      id: account.id,
      readOnly: account.readOnly === true,
      providers: world.store
        .list(account.id)
        .map((kept) => ({ ...providerAnswer(world, kept), inUse: kept.inUse })),
      callbacks: callbackCounts(world, account),
    }),
  );
  const lastCampaign = world.notes.get<CampaignResult>("campaign") ?? null;
  return { ...addresses(world), numbers: numberLists(world.settings), accounts, lastCampaign };
}

function found(world: World, id: string): KeptProvider {
  const kept = world.store.find(id);
  if (!kept) throw new Problem("provider-not-found", `There is no provider ${id}.`);
  return kept;
}

function patchedHeaders(before: readonly KeptHeader[], patch: ProviderPatch["headers"] = {}): KeptHeader[] {
  const headers = before.map((header) => ({ ...header }));
  for (const [name, value] of Object.entries(patch)) {
    const at = headers.findIndex((header) => header.key.toLowerCase() === name.toLowerCase());
    const header = headers[at];
    if (value === null && header) headers.splice(at, 1);
    else if (value !== null && header) header.value = value;
    else if (value !== null)
      headers.push({ key: name, value, secret: !/^(kaleyra-host|.*-callback-url)$/i.test(name) });
  }
  return headers;
}

/** Changes a provider past the API; its revision goes up by one. @throws Problem provider-not-found */
export function patchProvider(world: World, id: string, patch: ProviderPatch): Provider {
  const before = found(world, id);
  const { inUse, headers, externalReference, ...rest } = patch;
  if (inUse !== undefined) world.store.setInUse(id, inUse);
  const changes = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
  if (Object.keys(changes).length === 0 && headers === undefined && externalReference === undefined)
    return providerAnswer(world, found(world, id));
  const after = {
    ...before,
    ...changes,
    inUse: inUse ?? before.inUse,
    headers: patchedHeaders(before.headers, headers),
    externalReference:
      externalReference === undefined ? before.externalReference : (externalReference ?? undefined),
  };
  return providerAnswer(world, world.store.update(after));
}

/** Removes a provider past the API. @throws Problem provider-not-found */
export function deleteProvider(world: World, id: string): void {
  world.store.remove(found(world, id).id);
}

/** Makes a provider as by hand at the dashboard. @throws Problem invalid-field or number-in-use */
export function createByHand(world: World, values: HandMade): Provider {
  const account =
    values.accountId === undefined ? world.settings.accounts[0] : accountOf(world, values.accountId);
  if (!account) throw new Problem("invalid-field", "There is no such account.");
  const holder = world.store.byNumber(account.id, values.mobileNumber);
  if (holder) throw new Problem("number-in-use", `The provider ${holder.id} has this number.`);
  const defaults = providerDefaults(world, account);
  const pairs = {
    "api-key": world.kaleyra.apiKey,
    sid: world.kaleyra.sid,
    "kaleyra-host": `${world.url}/`,
    "inbound-message-callback-url": defaults.inboundMessageCallbackUrl,
    "delivery-report-callback-url": defaults.deliveryReportCallbackUrl,
    ...values.headers,
  };
  const kept = world.store.insert({
    account: account.id,
    nickname: values.nickname ?? "Made by hand",
    mobileNumber: values.mobileNumber,
    httpEndpoint: values.httpEndpoint ?? `${world.url}${HTTP_END_POINT}`,
    headers: patchedHeaders([], pairs),
    isDefault: values.isDefault ?? false,
    autoReplyUntracked: values.autoReplyUntracked ?? false,
    maxConcurrentRequests: values.maxConcurrentRequests ?? 100,
    externalReference: values.externalReference ?? undefined,
  });
  if (values.inUse) world.store.setInUse(kept.id, true);
  return providerAnswer(world, kept);
}

/** Changes the credentials that the stand-in accepts: what is saved no longer works. */
export function setKaleyra(world: World, credentials: KaleyraCredentials): void {
  world.kaleyra = { sid: credentials.sid, apiKey: credentials.apiKey };
  world.notes.set("kaleyra", world.kaleyra);
}

/** Back to the start: no provider, callback, fault or logged request; Kaleyra's credentials as set at the start. */
export function resetAll(world: World): void {
  world.store.clear();
  world.faults.clear();
  world.log.clear();
  world.kaleyra = world.settings.kaleyra;
}

import { KALEYRA_HEADERS } from "../../../contract/headers";
import type { Provider } from "../../../contract/types";
import { type Context, type Session, sessionOf } from "../context";
import {
  extraHeaderNames,
  headerValue,
  knownUrls,
  NO_FINGERPRINT,
  outputsOf,
  secretsAreSet,
  sorted,
  visibleDifferences,
} from "./conversion";
import { warnTakenOver } from "./diff";
import { explained } from "./explain";
import { readMark } from "./mark";
import { claimOf } from "./ownership";
import type { Properties, State } from "./values";

/** What is at the API now, as state and as the inputs that would make it. */
export interface ReadResult {
  readonly state: State;
  readonly inputs: Properties;
}

/**
 * Reads for refresh (with state) and for get or import (without). Readable fields come back as state and as inputs, so
 * that drift shows at the next preview; secrets keep their state value.
 * @returns undefined when the API, asked with accepted credentials, says that there is no such provider
 */
export async function read(context: Context, id: string, state: State): Promise<ReadResult | undefined> {
  const session = sessionOf(context, state);
  try {
    const provider = await find(session, id, state);
    if (!provider) return undefined;
    const claim = claimOf(state);
    const isOthers = state.revision !== undefined && provider.externalReference !== claim;
    context.evidence.saw(state);
    if (isOthers) warnTakenOver(context, id, provider.externalReference, readMark(claim)?.owner);
    return compare(session, provider, state, isOthers);
  } catch (error) {
    throw explained(error);
  }
}

/** One listing serves a whole refresh; only what seems missing is asked for by itself. */
async function find(session: Session, id: string, state: State): Promise<Provider | undefined> {
  if (state.revision === undefined) return session.api.get(id);
  const listed = (await session.listing()).find((p) => p.id === id);
  return listed ?? session.api.get(id);
}

/** @param isOthers it carries another mark than the state's claim */
function compare(session: Session, provider: Provider, old: State, isOthers: boolean): ReadResult {
  const { accountId, api } = session.account;
  const isNew = old.revision === undefined;
  const changed = isNew ? [] : visibleDifferences(old, provider);
  const outputs = outputsOf(provider, accountId);
  // With the old revision no delete passes by `If-Match`: it looks, and leaves alone what is another's.
  if (isOthers) outputs.revision = old.revision as number;
  const readable = {
    nickname: provider.nickname,
    mobileNumber: provider.mobileNumber,
    httpEndpoint: provider.httpEndpoint,
    kaleyraHost: headerValue(provider, "kaleyra-host"),
    autoReplyUntracked: optional(old.autoReplyUntracked, provider.autoReplyUntracked, false),
    maxConcurrentRequests: limitOf(provider, old, changed),
    // Shown as a wish only while it is fulfilled, so that another provider becoming the default shows.
    markAsDefault: old.markAsDefault && provider.isDefault ? true : old.markAsDefault && false,
    headers: headersOf(provider, old),
    apiKey: old.apiKey,
    sid: old.sid,
    account: old.account,
    adoptExisting: old.adoptExisting,
  };
  const urls = urlsOnServer(provider);
  const credentialFingerprint = isOthers
    ? old.credentialFingerprint
    : fingerprintAfter(old, provider, changed);
  const { __urlsDrifted, ...shownUrls } = urls;
  const state = sorted({
    ...readable,
    ...outputs,
    ...shownUrls,
    credentialFingerprint,
    __api: isOthers ? old.__api : api,
    __defaults: old.__defaults,
    __imported: old.__imported || isNew || undefined,
    __mark: old.__mark,
  });
  const inputs = sorted({
    ...readable,
    ...urls,
    credentialFingerprint,
    __owner: readMark(claimOf(old) ?? outputs.externalReference)?.owner,
  });
  return { state, inputs };
}

/** An optional that the program leaves out stays out while the API reports the default. */
function optional<T>(old: T | undefined, found: T | undefined, standard: T): T | undefined {
  return old === undefined && (found ?? standard) === standard ? undefined : (found ?? standard);
}

function limitOf(provider: Provider, old: State, changed: string[]): number | undefined {
  // For get and import nothing says what a program leaves out.
  if (old.revision === undefined) return provider.maxConcurrentRequests;
  const isLeftOut = old.maxConcurrentRequests === undefined;
  if (isLeftOut && !changed.includes("maxConcurrentRequests")) return undefined;
  const found = provider.maxConcurrentRequests;
  // Back at the API's own default: left out again.
  return found === old.__defaults?.maxConcurrentRequests ? undefined : found;
}

/** Values are secret, so only names can differ: a name that is new gets the value that the API shows, if it does. */
function headersOf(provider: Provider, old: State): Record<string, string> | undefined {
  const names = extraHeaderNames(provider);
  if (names.length === 0) return undefined;
  // Not by index: a header can have the name of a member that every object inherits, like "constructor".
  const known = new Map(Object.entries(old.headers ?? {}));
  return Object.fromEntries(
    names.map((name) => [name, known.get(name) ?? headerValue(provider, name) ?? ""]),
  );
}

/** The URLs that Kaleyra gets, in the headers, are what counts; where they differ from the account's, that is drift. */
function urlsOnServer(provider: Provider) {
  const [, , , inbound, delivery] = KALEYRA_HEADERS as [string, string, string, string, string];
  const urls = knownUrls(provider);
  const inboundMessageCallbackUrl = headerValue(provider, inbound) ?? "";
  const deliveryReportCallbackUrl = headerValue(provider, delivery) ?? "";
  const drifted =
    inboundMessageCallbackUrl !== urls.inboundMessageCallbackUrl ||
    deliveryReportCallbackUrl !== urls.deliveryReportCallbackUrl;
  return {
    ...urls,
    inboundMessageCallbackUrl,
    deliveryReportCallbackUrl,
    __urlsDrifted: drifted || undefined,
  };
}

/**
 * A revision that moved without a visible difference, or a credential that is no longer set, means that a credential may
 * have been changed elsewhere: the fingerprint is taken back, which shows at the next preview and makes `up` send them all.
 */
function fingerprintAfter(old: State, provider: Provider, changed: string[]): string | undefined {
  if (old.revision === undefined) return old.credentialFingerprint;
  const defaultMoved = (old.isDefault ?? false) !== provider.isDefault;
  const steps = provider.revision - old.revision - (defaultMoved ? 1 : 0) - (changed.length > 0 ? 1 : 0);
  return steps > 0 || !secretsAreSet(provider) ? NO_FINGERPRINT : old.credentialFingerprint;
}

import { KALEYRA_HEADERS, pairOf } from "../../../contract/headers";
import type { Provider } from "../../../contract/types";
import type { NamedProperty } from "../../model/property";
import { sorted } from "../../model/unknown";
import type { Context } from "../context";
import type { ReadResult } from "../resource";
import type { Session } from "../session";
import { sessionOf } from "./account";
import {
  extraHeaderNames,
  isByPeople,
  knownUrls,
  NO_FINGERPRINT,
  outputsOf,
  secretsAreSet,
  valueIn,
  visibleDifferences,
} from "./conversion";
import { warnTakenOver } from "./diff";
import { explained } from "./explain";
import { readMark } from "./mark";
import { claimOf, remember } from "./ownership";
import { ARGUMENTS, type State } from "./properties";

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
    remember(context.evidence, state);
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
  const { api } = session.account;
  const isNew = old.revision === undefined;
  const changed = isNew ? [] : visibleDifferences(old, provider);
  const outputs = outputsOf(provider, session);
  // With the old revision no delete passes by `If-Match`: it looks, and leaves alone what is another's.
  if (isOthers) outputs.revision = old.revision as number;
  const readable = Object.fromEntries(ARGUMENTS.map((p) => [p.name, shown(p, provider, old, changed)]));
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
    __byPeople: isByPeople(provider) ?? old.__byPeople,
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

/** An argument as the provider shows it: as a write of exactly that would make it. */
function shown(p: NamedProperty, provider: Provider, old: State, changed: readonly string[]): unknown {
  const before: unknown = Reflect.get(old, p.name);
  if (p.otherHeaders) return headersOf(provider, old);
  // Shown as a wish only while it is fulfilled, so that another provider becoming the default shows.
  if (p.name === "markAsDefault") return before && provider.isDefault ? true : before && false;
  if (p.secret || (!p.member && !p.header)) return before;
  const now = valueIn(provider, p);
  // What the program leaves out stays out while the API reports its default.
  if (p.default !== undefined) {
    const value = now ?? p.default;
    return before === undefined && value === p.default ? undefined : value;
  }
  // For get and import nothing says what a program leaves out.
  if (!p.serverDefault || old.revision === undefined) return now;
  if (before === undefined && !changed.includes(p.name)) return undefined;
  return now === old.__defaults?.[p.name] ? undefined : now;
}

/** Values are secret, so only names can differ: a name that is new gets the value that the API shows, if it does. */
function headersOf(provider: Provider, old: State): Record<string, string> | undefined {
  const names = extraHeaderNames(provider);
  if (names.length === 0) return undefined;
  // Not by index: a header can have the name of a member that every object inherits, like "constructor".
  const known = new Map(Object.entries(old.headers ?? {}));
  return Object.fromEntries(
    names.map((name) => [name, known.get(name) ?? pairOf(provider.headers, name)?.value ?? ""]),
  );
}

/** The URLs that Kaleyra gets, in the headers, are what counts; where they differ from the account's, that is drift. */
function urlsOnServer(provider: Provider) {
  const urls = knownUrls(provider);
  const onServer = (name: "inboundMessageCallbackUrl" | "deliveryReportCallbackUrl") =>
    pairOf(provider.headers, KALEYRA_HEADERS[name])?.value ?? "";
  const headers = {
    inboundMessageCallbackUrl: onServer("inboundMessageCallbackUrl"),
    deliveryReportCallbackUrl: onServer("deliveryReportCallbackUrl"),
  };
  const drifted =
    headers.inboundMessageCallbackUrl !== urls.inboundMessageCallbackUrl ||
    headers.deliveryReportCallbackUrl !== urls.deliveryReportCallbackUrl;
  return { ...urls, ...headers, __urlsDrifted: drifted || undefined };
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

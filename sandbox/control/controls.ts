import { KALEYRA_HEADERS, pairOf } from "../../contract/headers";
import { isPlain, type PlainMembers, STANDARDS } from "../../contract/members";
import type { Provider } from "../../contract/types";
import { Problem } from "../../server/problem";
import { insert, listed, numberIsFree, shown, update } from "../../server/providers";
import type { KeptHeader, KeptProvider, ProviderValues } from "../../server/storage";
import { callbackCounts, receivedCallbacks } from "../clevertap/callbacks";
import { type CampaignOptions, runCampaign } from "../clevertap/campaign";
import type { SandboxTask } from "../clevertap/tasks";
import { HTTP_END_POINT } from "../kaleyra/end-point";
import { INCOMING, type InboundMessage, type InboundResult, receiveInbound } from "../kaleyra/incoming";
import { type NumberLists, numberLists } from "../kaleyra/numbers";
import type { KaleyraCredentials } from "../options";
import type { CampaignResult, ReceivedCallback } from "../storage/tables";
import type { World } from "../world";
import type { FaultSpec } from "./faults";
import type { LoggedRequest, RequestFilter } from "./requests";

/** An edit past the API, as somebody at the dashboard would make it. Left out: stays as it is. */
export interface ProviderPatch extends Readonly<Partial<Omit<PlainMembers, "externalReference">>> {
  /** Values by header name, secret ones included; null removes the header. */
  readonly headers?: Readonly<Record<string, string | null>>;
  readonly isDefault?: boolean;
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

/** What there is, without any secret. */
export interface SandboxState extends Addresses {
  readonly numbers: NumberLists;
  /** Whether what is saved waits for a person. */
  readonly manual: boolean;
  readonly accounts: readonly {
    readonly id: string;
    readonly readOnly: boolean;
    readonly providers: readonly (Provider & { inUse: boolean })[];
    readonly callbacks: ReturnType<typeof callbackCounts>;
  }[];
  readonly lastCampaign: CampaignResult | null;
}

/** Where a program finds the sandbox. */
export type Addresses = Readonly<ReturnType<typeof addresses>>;

export function addresses({ url }: World) {
  return {
    /** The server's root, without a slash at the end. */
    url,
    /** For `clevertap:endpoint`. */
    endpoint: url,
    /** The HTTP End Point of Kaleyra's stand-in. */
    httpEndpoint: `${url}${HTTP_END_POINT}`,
    kaleyraHost: `${url}/`,
    /** Base of an Incoming URL, as Kaleyra's support hands it out. */
    incomingBaseUrl: `${url}${INCOMING}`,
  };
}

/** What a program does with a running sandbox in its process; the control calls under `/_sandbox/` do the same. */
export interface Controls extends ReturnType<typeof controlsOf> {}

export function controlsOf(world: World) {
  const { providers, settings, log, faults } = world;

  /** @throws Problem provider-not-found */
  function found(id: string): KeptProvider {
    const kept = providers.get(id);
    if (!kept) throw new Problem("provider-not-found", `There is no provider ${id}.`);
    return kept;
  }

  return {
    /** The providers of one account, or of all. */
    providers: (accountId?: string): Provider[] =>
      listed(providers, accountId).map((kept) => shown(world, kept)),
    /** The stored value of a header, secret ones included; undefined when there is none. */
    headerValue: (id: string, name: string): string | undefined =>
      pairOf(providers.get(id)?.headers ?? [], name)?.value,
    /** Requests to the contract's API, or what the filter says; without secrets. */
    requests: (filter?: RequestFilter): LoggedRequest[] => log.list(filter),
    resetRequests: (): void => log.clear(),
    fault: (spec: FaultSpec): void => faults.add(spec),
    clearFaults: (): void => faults.clear(),
    /** Changes a provider past the API; its revision goes up by one. @throws Problem provider-not-found */
    patchProvider(id: string, patch: ProviderPatch): Provider {
      const before = found(id);
      const { mobileNumber = before.mobileNumber, headers, inUse = before.inUse } = patch;
      if (mobileNumber !== before.mobileNumber) numberIsFree(providers, before.account, mobileNumber);
      const changed = (stored: readonly KeptHeader[]) => ({
        ...plain(patch),
        ...(headers && { headers: patchedHeaders(stored, headers) }),
      });
      const changes = changed(before.headers);
      const kept = { ...before, inUse };
      world.work.changedByHand(kept, changed);
      if (Object.keys(changes).length > 0) return shown(world, update(providers, kept, changes));
      providers.put(id, kept);
      return shown(world, kept);
    },
    /** Removes a provider past the API. @throws Problem provider-not-found */
    deleteProvider(id: string): void {
      world.work.removedByHand(found(id));
      providers.remove(id);
    },
    /** Makes a provider as by hand at the dashboard. @throws Problem invalid-field or number-in-use */
    createProvider(values: HandMade): Provider {
      const { accountId, mobileNumber, inUse = false } = values;
      const account = accountId === undefined ? settings.accounts[0] : world.account(accountId);
      if (!account) throw new Problem("invalid-field", "There is no such account.");
      numberIsFree(providers, account.id, mobileNumber);
      const { markAsDefault: isDefault = false, ...standards } = STANDARDS;
      const { httpEndpoint, kaleyraHost } = addresses(world);
      const carried = { ...world.kaleyra, kaleyraHost, ...world.defaults(account.id) };
      const names = Object.keys(KALEYRA_HEADERS) as (keyof typeof KALEYRA_HEADERS)[];
      const pairs = Object.fromEntries(names.map((name) => [KALEYRA_HEADERS[name], carried[name]]));
      const kept = insert(providers, account.id, {
        ...standards,
        nickname: "Made by hand",
        mobileNumber,
        httpEndpoint,
        headers: patchedHeaders([], { ...pairs, ...values.headers }),
        isDefault,
        ...plain(values),
      });
      providers.put(kept.id, { ...kept, inUse });
      return shown(world, kept);
    },
    /** Whether what is saved from now on waits for a person, as with a server that people work. */
    setManual(manual: boolean): void {
      world.isManual = manual;
    },
    /** What a person has to do, or had, the oldest first. */
    tasks: (accountId?: string): SandboxTask[] => world.work.list(accountId),
    /** Somebody has done it at the dashboard. @throws Problem not-found, or invalid-field for a task that is not open */
    confirmTask: (id: string): void => world.work.confirm(id),
    /** CleverTap refused it. @param reason its words @throws Problem as confirmTask */
    refuseTask: (id: string, reason: string): void => world.work.refuse(id, reason),
    /**
     * Changes the credentials that the stand-in accepts: what is saved no longer works, unless its key is among the
     * `otherApiKeys`.
     */
    setKaleyra({ sid, apiKey, otherApiKeys = [] }: KaleyraCredentials): void {
      world.kaleyra = { sid, apiKey, otherApiKeys };
      world.keys.put("current", world.kaleyra);
    },
    /** Whether Kaleyra's details of a number hold its Incoming URL from now on: Kaleyra does not document it. */
    setShowsIncomingUrl(shows: boolean): void {
      world.showsIncomingUrl = shows;
    },
    /** Kaleyra's Incoming URL of a number; undefined where none is set. */
    incomingUrl: (mobileNumber: string): string | undefined => world.incomingUrls.get(mobileNumber),
    /** Sets Kaleyra's Incoming URL of a number, as somebody at its dashboard would. */
    setIncomingUrl: (mobileNumber: string, url: string): void => world.incomingUrls.put(mobileNumber, url),
    /** A user writes to the number. */
    receiveInbound: (mobileNumber: string, message?: InboundMessage): Promise<InboundResult> =>
      receiveInbound(world, mobileNumber, message),
    campaign: (options: CampaignOptions): Promise<CampaignResult> => runCampaign(world, options),
    /** What arrived at the callback URLs. */
    callbacks: (accountId?: string): ReceivedCallback[] => receivedCallbacks(world, accountId),
    state(): SandboxState {
      const accounts = settings.accounts.map(({ id, readOnly = false }) => ({
        id,
        readOnly,
        providers: listed(providers, id).map((kept) => ({ ...shown(world, kept), inUse: kept.inUse })),
        callbacks: callbackCounts(world, id),
      }));
      const lastCampaign = world.campaigns.all().at(-1) ?? null;
      const manual = world.isManual;
      return { ...addresses(world), numbers: numberLists(settings), manual, accounts, lastCampaign };
    },
    /** Removes everything that was made, faults and the log included; Kaleyra's credentials are those of the start. */
    reset(): void {
      for (const part of [...Object.values(world.tables), faults, log]) part.clear();
      world.kaleyra = settings.kaleyra;
      world.showsIncomingUrl = settings.showsIncomingUrl;
      world.isManual = settings.manual;
    },
  };
}

/** Of a header that is made by hand its name says whether it is open: the host of Kaleyra and callback URLs are. */
function isOpen(name: string): boolean {
  return name.toLowerCase() === KALEYRA_HEADERS.kaleyraHost || /-callback-url$/i.test(name);
}

function patchedHeaders(
  before: readonly KeptHeader[],
  patch: Readonly<Record<string, string | null>>,
): KeptHeader[] {
  let headers = [...before];
  for (const [key, value] of Object.entries(patch)) {
    const old = pairOf(headers, key);
    const fresh = value === null ? [] : [{ key, secret: !isOpen(key), ...old, value }];
    headers = old ? headers.flatMap((header) => (header === old ? fresh : [header])) : [...headers, ...fresh];
  }
  return headers;
}

/** What is kept as it comes; null takes it away. */
function plain(patch: ProviderPatch): Partial<ProviderValues> {
  const given = Object.entries(patch).filter(
    ([name, value]) => value !== undefined && (isPlain(name) || name === "isDefault"),
  );
  return Object.fromEntries(given.map(([name, value]) => [name, value ?? undefined]));
}

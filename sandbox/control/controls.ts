import { pairOf } from "../../contract/headers";
import type { Provider } from "../../contract/types";
import { listed, shown } from "../../server/providers";
import { type Addresses, addresses } from "../addresses";
import { callbackCounts, receivedCallbacks } from "../clevertap/callbacks";
import { type CampaignOptions, runCampaign } from "../clevertap/campaign";
import type { SandboxTask } from "../clevertap/tasks";
import { type InboundMessage, type InboundResult, receiveInbound } from "../kaleyra/incoming";
import { type NumberLists, numberLists } from "../kaleyra/numbers";
import type { KaleyraCredentials } from "../options";
import type { CampaignResult, ReceivedCallback } from "../storage/tables";
import type { World } from "../world";
import { createProvider, deleteProvider, type HandMade, type ProviderPatch, patchProvider } from "./by-hand";
import type { FaultSpec } from "./faults";
import type { LoggedRequest, RequestFilter } from "./requests";

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

/** What a program does with a running sandbox in its process; the control calls under `/_sandbox/` do the same. */
export interface Controls extends ReturnType<typeof controlsOf> {}

export function controlsOf(world: World) {
  const { providers, settings, log, faults } = world;

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
    patchProvider: (id: string, patch: ProviderPatch): Provider => patchProvider(world, id, patch),
    /** Removes a provider past the API. @throws Problem provider-not-found */
    deleteProvider: (id: string): void => deleteProvider(world, id),
    /** Makes a provider as by hand at the dashboard. @throws Problem invalid-field or number-in-use */
    createProvider: (values: HandMade): Provider => createProvider(world, values),
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

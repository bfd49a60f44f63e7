import { setMaxListeners } from "node:events";
import type { Provider } from "../contract/types";
import { providerAnswer } from "../server/answers";
import { type ReceivedCallback, receivedCallbacks } from "./clevertap/callbacks";
import { type CampaignOptions, type CampaignResult, runCampaign } from "./clevertap/campaign";
import {
  addresses,
  createByHand,
  deleteProvider,
  type HandMade,
  type ProviderPatch,
  patchProvider,
  resetAll,
  type SandboxState,
  sandboxState,
  setKaleyra,
} from "./control/controls";
import { type FaultSpec, faultBox } from "./control/faults";
import { notesOf } from "./control/notes";
import { type LoggedRequest, type RequestFilter, requestLog } from "./control/requests";
import { type InboundMessage, type InboundResult, receiveInbound, setIncomingUrl } from "./kaleyra/incoming";
import { type KaleyraCredentials, type SandboxAccount, type SandboxOptions, settingsOf } from "./options";
import { listen } from "./server";
import { openDatabase } from "./storage/database";
import { providerStore } from "./storage/providers";
import type { World } from "./world";

export type {
  CampaignOptions,
  CampaignResult,
  FaultSpec,
  HandMade,
  InboundMessage,
  InboundResult,
  KaleyraCredentials,
  LoggedRequest,
  ProviderPatch,
  ReceivedCallback,
  RequestFilter,
  SandboxAccount,
  SandboxOptions,
  SandboxState,
};

/** A running sandbox. The methods act in the process, past HTTP; the control calls under `/_sandbox/` do the same. */
export interface Sandbox {
  /** The server's root, without a slash at the end. */
  readonly url: string;
  /** For `clevertap:endpoint`. */
  readonly endpoint: string;
  /** The HTTP End Point of Kaleyra's stand-in. */
  readonly httpEndpoint: string;
  readonly kaleyraHost: string;
  readonly accounts: readonly SandboxAccount[];
  readonly kaleyra: KaleyraCredentials;
  /** The providers of one account, or of all. */
  providers(accountId?: string): Provider[];
  /** The stored value of a header, secret ones included; undefined when there is none. */
  headerValue(id: string, name: string): string | undefined;
  /** Requests to the contract's API, or what the filter says; without secrets. */
  requests(filter?: RequestFilter): LoggedRequest[];
  resetRequests(): void;
  fault(spec: FaultSpec): void;
  clearFaults(): void;
  patchProvider(id: string, patch: ProviderPatch): Provider;
  deleteProvider(id: string): void;
  /** As by hand at the dashboard. */
  createProvider(values: HandMade): Provider;
  setKaleyra(credentials: KaleyraCredentials): void;
  /** Sets Kaleyra's Incoming URL of a number. */
  setIncomingUrl(mobileNumber: string, url: string): void;
  /** A user writes to the number. */
  receiveInbound(mobileNumber: string, message?: InboundMessage): Promise<InboundResult>;
  campaign(options: CampaignOptions): Promise<CampaignResult>;
  /** What arrived at the callback URLs. */
  callbacks(accountId?: string): ReceivedCallback[];
  state(): SandboxState;
  /** Removes everything that was made, faults and the log included. */
  reset(): void;
  /** Ends it at once, open connections included. */
  close(): Promise<void>;
}

/**
 * Starts a server of the WhatsApp provider contract with a stand-in for Kaleyra, on 127.0.0.1.
 *
 * @example const sandbox = await startSandbox(); // sandbox.endpoint goes into clevertap:endpoint
 * @throws the error of `listen` when the port is taken (EADDRINUSE)
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const settings = settingsOf(options);
  const database = openDatabase(settings.dataDir);
  const closing = new AbortController();
  // Every running request listens to it.
  setMaxListeners(0, closing.signal);
  const notes = notesOf(database);
  const world: World = {
    settings,
    database,
    store: providerStore(database),
    notes,
    log: requestLog(),
    faults: faultBox(),
    closing: closing.signal,
    running: new Set(),
    background: new Set(),
    url: "",
    kaleyra: options.kaleyra ?? notes.get<KaleyraCredentials>("kaleyra") ?? settings.kaleyra,
  };
  const server = await listen(world, settings.port).catch((error) => {
    database.close();
    throw error;
  });
  let closed: Promise<void> | undefined;
  return {
    ...addresses(world),
    accounts: settings.accounts,
    get kaleyra() {
      return world.kaleyra;
    },
    providers: (accountId) => world.store.list(accountId).map((kept) => providerAnswer(world, kept)),
    headerValue: (id, name) =>
      world.store.find(id)?.headers.find((header) => header.key.toLowerCase() === name.toLowerCase())?.value,
    requests: (filter) => world.log.list(filter),
    resetRequests: () => world.log.clear(),
    fault: (spec) => world.faults.add(spec),
    clearFaults: () => world.faults.clear(),
    patchProvider: (id, patch) => patchProvider(world, id, patch),
    deleteProvider: (id) => deleteProvider(world, id),
    createProvider: (values) => createByHand(world, values),
    setKaleyra: (credentials) => setKaleyra(world, credentials),
    setIncomingUrl: (number, url) => setIncomingUrl(world, number, url),
    receiveInbound: (number, message = {}) => receiveInbound(world, number, message),
    campaign: (campaign) => runCampaign(world, campaign),
    callbacks: (accountId) => receivedCallbacks(world, accountId),
    state: () => sandboxState(world),
    reset: () => resetAll(world),
    close() {
      closed ??= new Promise<void>((resolve) => {
        closing.abort();
        server.close(() => resolve());
        server.closeAllConnections();
      })
        .then(() => Promise.allSettled([...world.background]))
        .then(() => database.close());
      return closed;
    },
  };
}

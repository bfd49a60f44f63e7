import { AsyncResource } from "node:async_hooks";
import type { Provider, ProviderDefaults } from "../../contract/types";
import { createClient, type ProviderApi } from "../api/client";
import { type Clock, realClock } from "../api/retry";
import type { Account, Settings } from "../configuration/settings";
import { WhatsAppProviderError } from "../model/errors";
import { Evidence } from "./whatsapp-provider/ownership";
import type { State } from "./whatsapp-provider/properties";

/** What the lifecycle knows of the process that it runs in. One per provider process. */
export interface Context {
  readonly settings: Settings;
  /** The session with an account. @throws WhatsAppProviderError when its configuration is missing or wrong */
  session(account?: string): Session;
  /** What the states that this process was handed prove. */
  readonly evidence: Evidence;
  readonly clock: Clock;
  /** Aborts when the user ends the command. */
  readonly signal?: AbortSignal;
  /** A line for the user: what is waited for, what is overwritten. Never a secret. */
  log(line: string): void;
  /** A line that calls for a person, while the command succeeds. Never a secret. */
  warn(line: string): void;
}

/**
 * What one process knows of one account. Checks of a whole stack come one after the other, so a request in each
 * would cost its latency times the number of resources: ask once and remember, failures included.
 */
export class Session {
  #defaults?: Promise<ProviderDefaults>;
  #listing?: Promise<Provider[]>;
  #firstListing?: Promise<Provider[]>;
  #waiting: ((providers: readonly Provider[]) => void)[] = [];
  /** Number → URN of the resource that declares it in this program. */
  readonly declaredNumbers = new Map<string, string>();
  /** URN of the resource that sets markAsDefault: true in this program. */
  declaredDefault?: string;
  /** Endpoint and credentials that were verified, for `previewProbe: once`. */
  readonly probed = new Set<string>();

  constructor(
    readonly account: Account,
    readonly api: ProviderApi,
  ) {}

  defaults(): Promise<ProviderDefaults> {
    this.#defaults ??= this.api.defaults();
    return this.#defaults;
  }

  /** Every provider of the account. */
  listing(): Promise<Provider[]> {
    this.#listing ??= this.api.list().then((providers) => {
      for (const tell of this.#waiting.splice(0)) tell(providers);
      return providers;
    });
    return this.#listing;
  }

  /** The first listing of this process, older than its writes: for what other people do, one look is enough. */
  firstListing(): Promise<Provider[]> {
    this.#firstListing ??= this.listing();
    return this.#firstListing;
  }

  /** Looks at the listing as soon as this process has one, and asks for none itself. */
  async onceListed(tell: (providers: readonly Provider[]) => void): Promise<void> {
    if (this.#listing) tell(await this.#listing);
    // Told next to the resource that asked, not next to the one whose call brings the listing.
    else this.#waiting.push(AsyncResource.bind(tell));
  }

  /** To be called after every write: what was listed before is old. */
  forget(): void {
    this.#listing = undefined;
  }
}

/** What a host may set; `clock` is for tests, which should not wait. */
export interface ContextOptions {
  readonly log?: (line: string) => void;
  /** Default: `log`, with "warning: " before the line. */
  readonly warn?: (line: string) => void;
  readonly signal?: AbortSignal;
  readonly clock?: Partial<Clock>;
}

/** Makes a context. `log` defaults to silence. */
export function createContext(
  settings: Settings,
  { log = () => {}, warn = (line) => log(`warning: ${line}`), signal, clock }: ContextOptions = {},
): Context {
  const sessions = new Map<string, Session>();
  const warned = new Set<string>();
  return {
    settings,
    clock: { ...realClock, ...clock },
    signal,
    evidence: new Evidence(),
    log,
    // A refresh reads a resource and compares it, and both find the same.
    warn: (line) => {
      if (!warned.has(line)) warn(line);
      warned.add(line);
    },
    session(name) {
      const account = settings.account(name);
      const key = JSON.stringify([account.endpoint, account.accountId, account.passcode]);
      let session = sessions.get(key);
      if (!session) {
        const { requestTimeout, maxAttempts } = settings;
        session = new Session(
          account,
          createClient({ ...account, requestTimeout, maxAttempts, onWait: log, signal }, clock),
        );
        sessions.set(key, session);
      }
      return session;
    },
  };
}

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
export function isAccountOf(account: Account, state: Pick<State, "accountId" | "__api">): boolean {
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

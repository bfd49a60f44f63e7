import type { Provider, ProviderDefaults } from "../../contract/types";
import { createClient, type ProviderApi } from "../api/client";
import type { Clock } from "../api/retry";
import { WhatsAppProviderError } from "../errors";
import type { Account, Settings } from "../settings";
import type { State } from "./values";

/** What the lifecycle knows of the process that it runs in. One per provider process. */
export interface Context {
  readonly settings: Settings;
  /** The session with an account. @throws WhatsAppProviderError when its configuration is missing or wrong */
  session(account?: string): Session;
  /** A line for the user: what is waited for, what is overwritten. Never a secret. */
  log(line: string): void;
}

/**
 * What one process knows of one account. Checks of a whole stack come one after the other, so a request in each
 * would cost its latency times the number of resources: ask once and remember, failures included.
 */
export class Session {
  #defaults?: Promise<ProviderDefaults>;
  #listing?: Promise<Provider[]>;
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
    this.#listing ??= this.api.list();
    return this.#listing;
  }

  /** The listing that this process has already, if any: never a request. */
  seen(): Promise<Provider[]> | undefined {
    return this.#listing;
  }

  /** To be called after every write: what was listed before is old. */
  forget(): void {
    this.#listing = undefined;
  }
}

/** What a host may set; `clock` is for tests, which should not wait. */
export interface ContextOptions {
  readonly log?: (line: string) => void;
  readonly signal?: AbortSignal;
  readonly clock?: Partial<Clock>;
}

/** Makes a context. `log` defaults to silence. */
export function createContext(
  settings: Settings,
  { log = () => {}, signal, clock }: ContextOptions = {},
): Context {
  const sessions = new Map<string, Session>();
  return {
    settings,
    log,
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
 * The session of a resource that exists, refusing when the account configured now is not the one in its state:
 * another account would answer "not found", which must never be taken for "gone".
 */
export function sessionOf(context: Context, state: State): Session {
  const session = context.session(state.account);
  // An API that quotes what it has stored must not get it into a message through a read or a delete either.
  const secrets = [state.apiKey, state.sid, ...Object.values(state.headers ?? {})];
  session.api.conceal(secrets.filter((value) => typeof value === "string"));
  const { accountId } = session.account;
  if (state.accountId && state.accountId !== accountId) {
    throw new WhatsAppProviderError(
      "account-mismatch",
      `this provider is in account ${state.accountId}, but the configuration now names account ${accountId}`,
    );
  }
  return session;
}

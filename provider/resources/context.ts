import { createClient } from "../api/client";
import { type Clock, realClock } from "../api/retry";
import type { Settings } from "../configuration/settings";
import { KaleyraNumbers } from "../kaleyra/incoming-url";
import type { KaleyraAccess } from "../kaleyra/number";
import { DeclaredUrls } from "./declared-urls";
import { Evidence } from "./evidence";
import { Session } from "./session";

/** What the lifecycle knows of the process that it runs in. One per provider process. */
export interface Context {
  readonly settings: Settings;
  /** The session with an account. @throws WhatsAppProviderError when its configuration is missing or wrong */
  session(account?: string): Session;
  /** Kaleyra's own API with some credentials. */
  kaleyra(access: KaleyraAccess): KaleyraNumbers;
  /** What the states that this process was handed prove. */
  readonly evidence: Evidence;
  /** What the program says of Incoming URLs. */
  readonly declaredUrls: DeclaredUrls;
  readonly clock: Clock;
  /** Aborts when the user ends the command. */
  readonly signal?: AbortSignal;
  /** A line for the user: what is waited for, what is overwritten. Never a secret. */
  log(line: string): void;
  /** A line that calls for a person, while the command succeeds. Never a secret. */
  warn(line: string): void;
  /** Ends all connections; calls under way fail. */
  close(): Promise<void>;
}

/** What a host may set; `clock` is for tests, which should not wait. */
export interface ContextOptions {
  readonly log?: (line: string) => void;
  /** Default: `log`, with "warning: " before the line. */
  readonly warn?: (line: string) => void;
  readonly signal?: AbortSignal;
  /** Shared by contexts of one process. Default: of this context alone. */
  readonly declaredUrls?: DeclaredUrls;
  readonly clock?: Partial<Clock>;
}

/** Makes a context. `log` defaults to silence. */
export function createContext(
  settings: Settings,
  {
    log = () => {},
    warn = (line) => log(`warning: ${line}`),
    signal,
    declaredUrls = new DeclaredUrls(),
    clock,
  }: ContextOptions = {},
): Context {
  const { requestTimeout, maxAttempts } = settings;
  const sessions = new Map<string, Session>();
  const kaleyras = new Map<string, KaleyraNumbers>();
  const warned = new Set<string>();
  return {
    settings,
    clock: { ...realClock, ...clock },
    signal,
    evidence: new Evidence(),
    declaredUrls,
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
        session = new Session(
          account,
          createClient({ ...account, requestTimeout, maxAttempts, onWait: log, signal }, clock),
        );
        sessions.set(key, session);
      }
      return session;
    },
    kaleyra({ kaleyraHost, sid, apiKey }) {
      const key = JSON.stringify([kaleyraHost, sid, apiKey]);
      let numbers = kaleyras.get(key);
      if (!numbers) {
        const onWait = (line: string) => log(`Kaleyra: ${line}`);
        const options = { requestTimeout, maxAttempts, onWait, signal };
        numbers = new KaleyraNumbers({ kaleyraHost, sid, apiKey }, options, { ...realClock, ...clock });
        kaleyras.set(key, numbers);
      }
      return numbers;
    },
    async close() {
      const open = [...[...sessions.values()].map(({ api }) => api), ...kaleyras.values()];
      await Promise.all(open.map((one) => one.close()));
    },
  };
}

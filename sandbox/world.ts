import { createHash, timingSafeEqual } from "node:crypto";
import { setMaxListeners } from "node:events";
import type { Server } from "node:http";
import type { Backend } from "../server/backend";
import { type Changes, changes } from "../web/live";
import { type Work, workOf } from "./clevertap/tasks";
import { type FaultBox, faultBox } from "./control/faults";
import { type RequestLog, requestLog } from "./control/requests";
import {
  apiKeysOf,
  type KaleyraCredentials,
  type SandboxAccount,
  type SandboxOptions,
  type Settings,
  settingsOf,
} from "./options";
import { answersIn, openDatabase } from "./storage/database";
import { type Tables, tablesOf } from "./storage/tables";

/** What all parts of one running sandbox share. */
export interface World extends Backend, Omit<Tables, "answers"> {
  readonly settings: Settings;
  readonly tables: Tables;
  /** The server's root without a slash at the end; known once it listens. */
  url: string;
  /** Whether what is saved waits for a person. */
  isManual: boolean;
  readonly work: Work;
  /** What Kaleyra's stand-in accepts. */
  kaleyra: KaleyraCredentials;
  /** Whether its details of a number hold the Incoming URL. */
  showsIncomingUrl: boolean;
  /** Is this the SID with one of its keys? */
  isKaleyra(sid: unknown, apiKey: unknown): boolean;
  readonly log: RequestLog;
  /** Told whenever a page of the dashboard may have something new to show. */
  readonly changes: Changes;
  readonly faults: FaultBox;
  /** Work that goes on after its answer, such as the stand-in's reports. */
  readonly background: Set<Promise<unknown>>;
  account(id: string): SandboxAccount | undefined;
  /** Ends what is under way, the server's connections included. */
  close(server?: Server): Promise<void>;
}

export function createWorld(options: SandboxOptions = {}): World {
  const settings = settingsOf(options);
  const database = openDatabase(settings.dataDir);
  const told = changes();
  const tables = tablesOf(database, told.notify);
  const end = new AbortController();
  // Every running request listens to it.
  setMaxListeners(0, end.signal);
  const account = (id: string) => settings.accounts.find((one) => one.id === id);
  const world: World = {
    ...tables,
    isManual: settings.manual,
    get work() {
      return workOf(world);
    },
    get people() {
      return world.work.people;
    },
    answers: answersIn(tables.answers),
    atOnce: (work) => work(),
    tables,
    settings,
    url: "",
    kaleyra: options.kaleyra ?? tables.keys.get("current") ?? settings.kaleyra,
    showsIncomingUrl: settings.showsIncomingUrl,
    isKaleyra: (sid, apiKey) =>
      sid === world.kaleyra.sid && apiKeysOf(world.kaleyra).some((key) => key === apiKey),
    log: requestLog(),
    changes: told,
    faults: faultBox(),
    running: new Set(),
    background: new Set(),
    closing: end.signal,
    account,
    authenticate(id, passcode) {
      const found = account(id);
      return found && same(passcode, found.passcode) ? found : undefined;
    },
    defaults(accountId) {
      const base = `${world.url}/callbacks/${callbackToken(accountId)}`;
      return {
        inboundMessageCallbackUrl: `${base}/inbound`,
        deliveryReportCallbackUrl: `${base}/delivery`,
        payloadVersion: settings.payloadVersion,
      };
    },
    async close(server) {
      end.abort();
      if (server)
        await new Promise<void>((resolve) => {
          server.close(() => resolve());
          server.closeAllConnections();
        });
      await Promise.allSettled([...world.background]);
      database.close();
    },
  };
  return world;
}

function same(left: string, right: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(left), digest(right));
}

/** The opaque part of an account's callback URLs: the same after a restart, and not the account's id. */
export function callbackToken(accountId: string): string {
  return createHash("sha256").update(`callbacks of ${accountId}`).digest("hex").slice(0, 20);
}

import { createHash } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import type { ProviderDefaults } from "../contract/types";
import type { FaultBox } from "./control/faults";
import type { Notes } from "./control/notes";
import type { RequestLog } from "./control/requests";
import type { KaleyraCredentials, SandboxAccount, Settings } from "./options";
import type { Store } from "./storage/providers";

/** What all parts of one running sandbox share. */
export interface World {
  readonly settings: Settings;
  readonly database: DatabaseSync;
  readonly store: Store;
  readonly notes: Notes;
  readonly log: RequestLog;
  readonly faults: FaultBox;
  /** Aborts when the sandbox closes. */
  readonly closing: AbortSignal;
  /** Idempotency keys whose first request has no answer yet. */
  readonly running: Set<string>;
  /** Work that goes on after its answer, such as the stand-in's reports. */
  readonly background: Set<Promise<unknown>>;
  /** The server's root without a slash at the end; known once it listens. */
  url: string;
  kaleyra: KaleyraCredentials;
}

/** The opaque part of an account's callback URLs: the same after a restart, and not the account's id. */
export function callbackToken(account: SandboxAccount): string {
  return createHash("sha256").update(`callbacks of ${account.id}`).digest("hex").slice(0, 20);
}

export function providerDefaults(world: World, account: SandboxAccount): ProviderDefaults {
  const base = `${world.url}/callbacks/${callbackToken(account)}`;
  return {
    inboundMessageCallbackUrl: `${base}/inbound`,
    deliveryReportCallbackUrl: `${base}/delivery`,
    payloadVersion: world.settings.payloadVersion,
  };
}

export function accountOf(world: World, id: string): SandboxAccount | undefined {
  return world.settings.accounts.find((account) => account.id === id);
}

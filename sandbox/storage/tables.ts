import type { DatabaseSync } from "node:sqlite";
import type { KeptAnswer, KeptProvider } from "../../server/storage";
import type { KeptTask, Waiting } from "../clevertap/tasks";
import type { KaleyraCredentials } from "../options";
import { collection } from "./database";
import { renewLayout } from "./older-layout";

/** A delivery report or an inbound message that arrived. */
export interface ReceivedCallback {
  readonly account: string;
  readonly kind: "delivery" | "inbound";
  /** The message that it is about. */
  readonly subject: string;
  /** sent, delivered, read or failed; the message's type for an inbound one. */
  readonly status: string;
  readonly body: unknown;
  readonly receivedAt: string;
}

/** What came of a campaign. */
export interface CampaignResult {
  readonly campaignId: string;
  readonly accountId: string;
  readonly providerId: string;
  readonly mobileNumber: string;
  readonly recipients: number;
  /** Taken by the HTTP End Point. */
  readonly accepted: number;
  readonly refused: number;
  /** From the delivery reports that arrived. */
  readonly sent: number;
  readonly delivered: number;
  readonly read: number;
  readonly failed: number;
  /** Inbound replies that arrived. */
  readonly replies: number;
  /** Is Kaleyra's Incoming URL of the number set as `incomingUrlQuery` says? Replies to a campaign don't need it. */
  readonly incomingUrl: "set" | "not set" | "wrong";
  /** Why messages were refused, each reason once. */
  readonly reasons: readonly string[];
}

/** What outlives a restart. */
export type Tables = Readonly<ReturnType<typeof tablesOf>>;

export function tablesOf(database: DatabaseSync) {
  renewLayout(database);
  return {
    providers: collection<KeptProvider>(database, "provider"),
    answers: collection<KeptAnswer>(database, "answer"),
    callbacks: collection<ReceivedCallback>(database, "callback"),
    tasks: collection<KeptTask>(database, "task"),
    /** What waits for a person, by provider. */
    waiting: collection<Waiting>(database, "waiting"),
    /** Kaleyra's Incoming URLs by number. */
    incomingUrls: collection<string>(database, "incoming_url"),
    /** Kaleyra's credentials after a change, as `current`. */
    keys: collection<KaleyraCredentials>(database, "kaleyra_key"),
    /** The last campaign, as `last`. */
    campaigns: collection<CampaignResult>(database, "campaign"),
  };
}

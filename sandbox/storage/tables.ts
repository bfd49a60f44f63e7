import type { DatabaseSync } from "node:sqlite";
import type { Collection, KeptAnswer, KeptProvider, ProviderValues } from "../../server/storage";
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

/** A task as it is kept. */
export interface KeptTask {
  readonly id: string;
  readonly account: string;
  readonly providerId: string;
  readonly kind: "add" | "edit" | "delete";
  readonly state: "open" | "confirmed" | "refused" | "superseded";
}

/** What the dashboard has of a provider, as far as that differs from what the API was told, or somebody refused. */
export interface Waiting {
  readonly providerId: string;
  /** Settings that were confirmed last; none: it was never there. */
  readonly attested?: DashboardValues;
  readonly taskId?: string;
  readonly reason?: string;
}

/** What a person can set at the dashboard. */
export type DashboardValues = Omit<ProviderValues, "externalReference" | "isDefault">;

/** What outlives a restart. */
export type Tables = Readonly<ReturnType<typeof tablesOf>>;

/** The collection, telling of every change. */
function told<T>(inner: Collection<T>, notify: () => void): Collection<T> {
  const after =
    <Args extends unknown[]>(act: (...args: Args) => void) =>
    (...args: Args): void => {
      act(...args);
      notify();
    };
  return { ...inner, put: after(inner.put), remove: after(inner.remove), clear: after(inner.clear) };
}

/** @param notify called after each change of what a person may look at */
export function tablesOf(database: DatabaseSync, notify: () => void) {
  renewLayout(database);
  return {
    providers: told(collection<KeptProvider>(database, "provider"), notify),
    answers: collection<KeptAnswer>(database, "answer"),
    callbacks: told(collection<ReceivedCallback>(database, "callback"), notify),
    tasks: told(collection<KeptTask>(database, "task"), notify),
    /** What waits for a person, by provider. */
    waiting: told(collection<Waiting>(database, "waiting"), notify),
    /** Kaleyra's Incoming URLs by number. */
    incomingUrls: told(collection<string>(database, "incoming_url"), notify),
    /** Kaleyra's credentials after a change, as `current`. */
    keys: told(collection<KaleyraCredentials>(database, "kaleyra_key"), notify),
    /** By id. An earlier version kept the last one alone, as `last`. */
    campaigns: told(collection<CampaignResult>(database, "campaign"), notify),
  };
}

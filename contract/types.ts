import type { PlainMembers } from "./members";

export type { HeaderPair, ProviderRequest } from "./members";

/** The shapes of the contract (openapi.yaml). */

/** What the dashboard shows before Save. */
export interface ProviderDefaults {
  inboundMessageCallbackUrl: string;
  deliveryReportCallbackUrl: string;
  payloadVersion: string;
}

/** A header pair in an answer: a secret one says only whether a value is set. */
export interface StoredHeader {
  key: string;
  value?: string;
  secret?: boolean;
  valueSet?: boolean;
}

/**
 * What a provider's `status` can be. A plain server knows only the first. A server that people work takes a change and shows it
 * as pending until a person has made it in the dashboard.
 */
export const STATUSES = ["active", "pending", "refused", "deleting"] as const;

/** What a person is to do at the dashboard. */
export const TASK_KINDS = ["add", "edit", "delete", "look"] as const;
/** How far it is. */
export const TASK_STATES = ["open", "taken", "confirmed", "refused", "superseded"] as const;

/** The task that a provider's status speaks of. */
export interface Task {
  /** Digits: the N of `/tasks/N`. */
  id: string;
  /** The task's page. */
  url: string;
  /** One of {@link TASK_KINDS}. */
  kind: string;
  /** One of {@link TASK_STATES}. */
  state: string;
}

/** A provider as the API returns it. */
export interface Provider extends PlainMembers, ProviderDefaults {
  id: string;
  provider: string;
  headers: StoredHeader[];
  isDefault: boolean;
  /** One of {@link STATUSES}. It moves no revision, nor do the two members that explain it. */
  status: string;
  /** Why it was refused, in the words of whoever refused it. */
  statusReason?: string;
  task?: Task;
  revision: number;
  createdAt?: string;
  updatedAt?: string;
  /** No member of the contract: the `Date` of the answer that it came with. */
  answeredAt?: string;
}

/** One entry of a problem's `errors`. */
export interface ProblemDetail {
  pointer?: string;
  key?: string;
  code?: string;
  message: string;
}

/** Who holds the number, in a 409 number-in-use. */
export interface Conflict {
  id: string;
  nickname?: string;
  externalReference?: string;
}

/** What the HTTP End Point answered, in a 422 verification-failed or 504. */
export interface Verification {
  httpStatus?: number;
  bspCode?: number;
  bspMessage?: string;
  timedOut?: boolean;
}

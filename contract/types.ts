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

/** A provider as the API returns it. */
export interface Provider extends PlainMembers, ProviderDefaults {
  id: string;
  provider: string;
  headers: StoredHeader[];
  isDefault: boolean;
  status: string;
  /** Why it was refused. */
  statusReason?: string;
  /** What a person has to do. */
  task?: Task;
  revision: number;
  createdAt?: string;
  updatedAt?: string;
  /** No member of the contract: the `Date` of the answer that it came with. */
  answeredAt?: string;
}

/** A task of a server that people work. */
export interface Task {
  /** Digits. */
  id: string;
  url: string;
  kind: "add" | "edit" | "delete" | "look";
  state: "open" | "taken" | "confirmed" | "refused" | "superseded";
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

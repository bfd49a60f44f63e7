/** The shapes of the contract (openapi.yaml) that lifecycle and client share. */

/** What the dashboard shows before Save. */
export interface ProviderDefaults {
  inboundMessageCallbackUrl: string;
  deliveryReportCallbackUrl: string;
  payloadVersion: string;
}

/** A header pair in a request. A secret header sent without `value` keeps what is stored. */
export interface HeaderPair {
  key: string;
  value?: string;
  secret?: boolean;
}

/** A header pair in an answer: a secret one says only whether a value is set. */
export interface StoredHeader {
  key: string;
  value?: string;
  secret?: boolean;
  valueSet?: boolean;
}

/** Body of POST and PUT. */
export interface ProviderRequest {
  provider: "generic";
  nickname: string;
  mobileNumber: string;
  httpEndpoint: string;
  headers: HeaderPair[];
  markAsDefault?: boolean;
  autoReplyUntracked?: boolean;
  maxConcurrentRequests?: number;
  externalReference?: string;
}

/** A provider as the API returns it. */
export interface Provider extends ProviderDefaults {
  id: string;
  provider: string;
  nickname: string;
  mobileNumber: string;
  httpEndpoint: string;
  headers: StoredHeader[];
  isDefault: boolean;
  status: string;
  revision: number;
  autoReplyUntracked?: boolean;
  maxConcurrentRequests?: number;
  externalReference?: string;
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

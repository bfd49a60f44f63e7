import type { InputName, OutputName } from "./properties";

/** Stands for a value that is not known during preview, at any depth. Hosts translate their own sign of it. */
export const UNKNOWN: unique symbol = Symbol("unknown");

/** Properties as a host hands them over. */
export type Properties = Record<string, unknown>;

/** Checked arguments with all values known, as create and update get them. */
export interface Inputs {
  nickname: string;
  mobileNumber: string;
  httpEndpoint: string;
  apiKey: string;
  sid: string;
  kaleyraHost: string;
  headers?: Record<string, string>;
  markAsDefault?: boolean;
  autoReplyUntracked?: boolean;
  maxConcurrentRequests?: number;
  adoptExisting?: boolean | string;
  account?: string;
  inboundMessageCallbackUrl: string;
  deliveryReportCallbackUrl: string;
  payloadVersion: string;
  incomingUrlQuery: string;
  credentialFingerprint: string;
  /** The resource, as marks name it: computed at each check. */
  __owner: string;
}

/** What state keeps of a provider. Secrets are missing after `get` and import. */
export type State = Partial<Omit<Inputs, "__owner">> & {
  isDefault?: boolean;
  status?: string;
  revision?: number;
  accountId?: string;
  externalReference?: string;
  /** The claim: the mark that a write of this state put on the provider. */
  __mark?: string;
  /** Read by an import or a `get`, and not written since: there is no claim. */
  __imported?: boolean;
  /** Origin and base path of the API that holds the provider. */
  __api?: string;
  /** What the API reports for optional members that the program leaves out: a later difference is drift. */
  __defaults?: { maxConcurrentRequests?: number };
};

/** A name of the table, for texts. */
export type PropertyName = InputName | OutputName;

/** Whether a value is, or holds somewhere, an unknown. */
export function hasUnknown(value: unknown): boolean {
  if (value === UNKNOWN) return true;
  if (typeof value !== "object" || value === null) return false;
  return Object.values(value).some(hasUnknown);
}

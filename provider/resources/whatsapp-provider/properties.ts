/**
 * The one table of properties. Types of the program, check, diff, wire, schema and reference all read it.
 * Rules are facts of the dashboard form unless the entry says otherwise.
 */

/** One property of the resource. */
export interface Field {
  readonly name: string;
  readonly type: "string" | "boolean" | "integer" | "headers" | "boolean-or-string";
  /** Meaning, rule and default, as the reference prints it. */
  readonly doc: string;
  readonly example?: string;
  readonly required?: boolean;
  /** Kept encrypted in state and never shown. */
  readonly secret?: boolean;
  /** A change makes a new provider: "create-first" or "delete-first". */
  readonly replaces?: "create-first" | "delete-first";
  /** What the API assumes when it is left out. */
  readonly default?: boolean;
  /** A hint to the lifecycle only: a change of it alone changes nothing at the API. */
  readonly local?: boolean;
}

/** The arguments, in the order of the reference. */
export const INPUTS = [
  {
    name: "nickname",
    type: "string",
    required: true,
    doc: "Name shown in CleverTap's dashboard: 1 to 64 characters after trimming, no control characters.",
    example: "Kaleyra India",
  },
  {
    name: "mobileNumber",
    type: "string",
    required: true,
    replaces: "create-first",
    doc: "WhatsApp number with the country code, digits only, 7 to 15 of them, approved in Kaleyra's dashboard. A change replaces the provider.",
    example: "919999999999",
  },
  {
    name: "httpEndpoint",
    type: "string",
    required: true,
    doc: "HTTP End Point handed out by Kaleyra support: absolute https URL without user-info or fragment (http on loopback only).",
    example: "https://example.com/whatsapp/message/clevertap",
  },
  {
    name: "apiKey",
    type: "string",
    required: true,
    secret: true,
    doc: "Kaleyra's API key, sent as header `api-key`: visible ASCII. Secret whatever the program passes.",
  },
  {
    name: "sid",
    type: "string",
    required: true,
    secret: true,
    doc: "Kaleyra's account SID, sent as header `sid`: visible ASCII. Secret whatever the program passes.",
  },
  {
    name: "kaleyraHost",
    type: "string",
    required: true,
    doc: "Kaleyra's API host, sent as header `kaleyra-host` unchanged: https URL (http on loopback only) or bare host name.",
    example: "https://api.in.kaleyra.io/",
  },
  {
    name: "headers",
    type: "headers",
    secret: true,
    doc: "Further header pairs. Names are RFC 9110 tokens, unique ignoring case, none of Kaleyra's five; values are secret.",
  },
  {
    name: "markAsDefault",
    type: "boolean",
    doc: "true makes this the account's default at each write and shows as a change while it is not; false never demotes another.",
  },
  {
    name: "autoReplyUntracked",
    type: "boolean",
    default: false,
    doc: "Reply automatically to users that CleverTap does not track. Default: false.",
  },
  {
    name: "maxConcurrentRequests",
    type: "integer",
    doc: "Requests that CleverTap has under way at the HTTP End Point at once, 30 to 1000. Left out: CleverTap's own default.",
  },
  {
    name: "adoptExisting",
    type: "boolean-or-string",
    default: false,
    local: true,
    doc: "true takes over a provider that holds the number and carries no owner's mark; a string takes over the one that carries exactly this mark. Default: false.",
  },
  {
    name: "account",
    type: "string",
    replaces: "delete-first",
    doc: "Name of an entry of clevertap:accounts. Left out: the account of clevertap:accountId. A change replaces the provider, delete first.",
    example: "emea",
  },
] as const satisfies readonly Field[];

/** Outputs beside the arguments, in the order of the reference. */
export const OUTPUTS = [
  {
    name: "inboundMessageCallbackUrl",
    type: "string",
    doc: "Where Kaleyra sends inbound messages. Known at preview.",
  },
  {
    name: "deliveryReportCallbackUrl",
    type: "string",
    doc: "Where Kaleyra sends delivery reports. Known at preview.",
  },
  { name: "payloadVersion", type: "string", doc: 'Version of the payload, today "0.1". Known at preview.' },
  {
    name: "incomingUrlQuery",
    type: "string",
    doc: "Query for Kaleyra's Incoming URL of the number: append it after `?`, or after `&` where the URL has a query already. Known at preview.",
  },
  { name: "isDefault", type: "boolean", doc: "Whether this is the account's default provider." },
  { name: "status", type: "string", doc: 'State of the provider at CleverTap: "active".' },
  { name: "revision", type: "integer", doc: "Counts the changes of the provider, whoever made them." },
  { name: "accountId", type: "string", doc: "CleverTap account that holds the provider." },
  {
    name: "externalReference",
    type: "string",
    doc: "The owner's mark on the provider: organization, URN and a random part made by each create.",
  },
  {
    name: "credentialFingerprint",
    type: "string",
    doc: "12 hex digits of a digest over account, number, apiKey, sid and header values: two states show a rotation without showing a credential. All zeros after a refresh that found a credential possibly changed elsewhere.",
  },
] as const satisfies readonly Field[];

export type InputName = (typeof INPUTS)[number]["name"];
export type OutputName = (typeof OUTPUTS)[number]["name"];

/** Outputs that are known before the provider exists: check puts them among the inputs. */
export const KNOWN_EARLY = [
  "inboundMessageCallbackUrl",
  "deliveryReportCallbackUrl",
  "payloadVersion",
  "incomingUrlQuery",
  "credentialFingerprint",
] as const satisfies readonly OutputName[];

/** Names of the secret properties. */
export const SECRETS: readonly string[] = (INPUTS as readonly Field[])
  .filter((f) => f.secret)
  .map((f) => f.name);

/** The argument of that name. */
export function input(name: string): Field | undefined {
  return INPUTS.find((f) => f.name === name);
}

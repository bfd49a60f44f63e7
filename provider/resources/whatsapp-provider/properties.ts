import { KALEYRA_HEADERS } from "../../../contract/headers";
import { urlFault } from "../../../contract/url";
import { flag, flagOrText, integer, map, text } from "../../model/kind";
import {
  argument,
  early,
  header,
  type InputsOf,
  local,
  member,
  output,
  propertiesOf,
  type StateOf,
} from "../../model/property";
import type { PartlyKnown } from "../../model/unknown";
import { credential, mobileNumber, urlOrHost } from "../rules";
import * as rules from "./rules";

/**
 * The one table of properties. Check, diff, request, state, drift, messages, types, schema and reference follow it: a new
 * optional property is an entry here, one in the contract, and whatever the server does with it.
 *
 * Two arguments fit no column, and are named where they count: `markAsDefault` (a wish; `isDefault` says what is) and
 * `adoptExisting` (`ownership.ts`).
 */
export const properties = {
  nickname: argument(
    text(rules.nickname, (value) => value.trim()),
    member("nickname"),
    {
      required: true,
      doc: "Name shown in CleverTap's dashboard: 1 to 64 characters after trimming, no control characters.",
      example: "Kaleyra India",
    },
  ),
  mobileNumber: argument(text(mobileNumber), member("mobileNumber"), {
    required: true,
    replaces: "create-first",
    doc: "WhatsApp number with the country code, digits only, 7 to 15 of them, approved in Kaleyra's dashboard. A change replaces the provider.",
    example: "919999999999",
  }),
  httpEndpoint: argument(text(urlFault), member("httpEndpoint"), {
    required: true,
    label: "HTTP End Point",
    doc: "HTTP End Point handed out by Kaleyra support: absolute https URL without user-info or fragment (http on loopback only).",
    example: "https://example.com/whatsapp/message/clevertap",
  }),
  apiKey: argument(text(credential), header(KALEYRA_HEADERS.apiKey), {
    required: true,
    secret: true,
    doc: "Kaleyra's API key, sent as header `api-key`: visible ASCII. Secret whatever the program passes. Undefined after `get`.",
  }),
  sid: argument(text(credential), header(KALEYRA_HEADERS.sid), {
    required: true,
    secret: true,
    doc: "Kaleyra's account SID, sent as header `sid`: visible ASCII. Secret whatever the program passes. Undefined after `get`.",
  }),
  kaleyraHost: argument(text(urlOrHost), header(KALEYRA_HEADERS.kaleyraHost), {
    required: true,
    doc: "Kaleyra's API host, sent as header `kaleyra-host` unchanged: https URL (http on loopback only) or bare host name.",
    example: "https://api.in.kaleyra.io/",
  }),
  headers: argument(
    map("header names to string values", (name) => name.toLowerCase(), rules.headerPair),
    { otherHeaders: true },
    {
      secret: true,
      doc: "Further header pairs. Names are RFC 9110 tokens, unique ignoring case, none of Kaleyra's five, and kept in lower case; values are secret.",
    },
  ),
  markAsDefault: argument(flag, member("markAsDefault"), {
    writeOnly: true,
    doc: "true: every write makes this the account's default, and every preview shows a change while another provider is the default. false never demotes another.",
  }),
  autoReplyUntracked: argument(flag, member("autoReplyUntracked"), {
    default: false,
    doc: "Reply automatically to users that CleverTap does not track. Default: false.",
  }),
  maxConcurrentRequests: argument(integer(30, 1000), member("maxConcurrentRequests"), {
    serverDefault: true,
    doc: "Requests that CleverTap has under way at the HTTP End Point at once, 30 to 1000. Left out: CleverTap's own default.",
  }),
  adoptExisting: argument(flagOrText("true, false or the mark of the provider to adopt"), local, {
    default: false,
    doc: "true takes over a provider that holds the number and carries no owner's mark; a string takes over the one that carries exactly this mark. Default: false.",
  }),
  account: argument(text(rules.accountName), local, {
    replaces: "delete-first",
    doc: "Name of an entry of `clevertap:accounts`. Left out: the account of `clevertap:accountId`. Another account replaces the provider, delete first.",
    example: "emea",
  }),
  inboundMessageCallbackUrl: early(text(), header(KALEYRA_HEADERS.inboundMessageCallbackUrl), {
    doc: "Where Kaleyra sends inbound messages. Known at preview.",
  }),
  deliveryReportCallbackUrl: early(text(), header(KALEYRA_HEADERS.deliveryReportCallbackUrl), {
    doc: "Where Kaleyra sends delivery reports. Known at preview.",
  }),
  payloadVersion: early(text(), member("payloadVersion"), {
    doc: 'Version of the payload, today "0.1". Known at preview.',
  }),
  incomingUrlQuery: early(text(), local, {
    doc: "Query for Kaleyra's Incoming URL of the number: append it after `?`, or after `&` where the URL has a query already. Known at preview.",
  }),
  isDefault: output(flag, member("isDefault"), { doc: "Whether this is the account's default provider." }),
  status: output(text(), member("status"), {
    doc: '"active". Where people work the server also "pending" (somebody has yet to make the change), "refused" (`up` sends it again) and "deleting" (`up` keeps it).',
  }),
  statusReason: output(text(), member("statusReason"), {
    mayBeAbsent: true,
    doc: "Why the last change was refused, in the words of whoever refused it. Absent when there is nothing to say.",
  }),
  taskUrl: output(text(), local, {
    mayBeAbsent: true,
    doc: "Page of the task that waits for a person, or that was refused. Absent when there is none.",
  }),
  revision: output(integer(), member("revision"), {
    doc: "Counts the changes of the provider, whoever made them.",
  }),
  accountId: output(text(), local, { doc: "CleverTap account that holds the provider." }),
  externalReference: output(text(), member("externalReference"), {
    label: "Owner's mark",
    mayBeAbsent: true,
    doc: "The owner's mark on the provider: organization, project, stack and name, a random root drawn when it was taken, and the revision that this met.",
  }),
  credentialFingerprint: early(text(), local, {
    doc: "12 hex digits of a digest over account, number, apiKey, sid and header values: two states show a rotation without showing a credential. All zeros after a refresh that found a credential possibly changed elsewhere.",
  }),
};

export const ARGUMENTS = propertiesOf(properties, "argument");
export const EARLY = propertiesOf(properties, "early");
export const OUTPUTS = propertiesOf(properties, "output");
/** Names of the secret arguments. */
export const SECRETS = ARGUMENTS.filter((p) => p.secret).map((p) => p.name);

/** Checked arguments with all values known, as create and update get them. */
export type Inputs = InputsOf<typeof properties> & {
  /** The resource, as marks name it: computed at each check. */
  __owner: string;
};

/** Checked arguments of a preview. */
export type Wanted = PartlyKnown<InputsOf<typeof properties>> & { readonly __owner?: string };

/** What state keeps of a provider. Secrets are missing after `get` and import. */
export type State = StateOf<typeof properties> & {
  /** The claim: the mark that a write of this state put on the provider. */
  __mark?: string;
  /** Read by an import or a `get`, and not written since: there is no claim. */
  __imported?: boolean;
  /** Origin and base path of the API that holds the provider. */
  __api?: string;
  /** People work the API: a write waits for one of them. */
  __byPeople?: boolean;
  /** What the API reports for optional members that the program leaves out: a later difference is drift. */
  __defaults?: Record<string, unknown>;
};

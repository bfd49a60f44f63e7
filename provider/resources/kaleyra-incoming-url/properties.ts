import { flag, text } from "../../model/kind";
import {
  argument,
  early,
  type InputsOf,
  local,
  output,
  propertiesOf,
  type StateOf,
} from "../../model/property";
import type { PartlyKnown } from "../../model/unknown";
import { credential, mobileNumber } from "../rules";
import * as rules from "./rules";

/** The one table of properties: check, diff, state, types, schema and reference follow it. */
export const properties = {
  mobileNumber: argument(text(mobileNumber), local, {
    required: true,
    replaces: "create-first",
    doc: "WhatsApp number with the country code, digits only, 7 to 15 of them, approved in Kaleyra's dashboard. A change replaces the resource; the old number keeps its URL.",
    example: "919999999999",
  }),
  kaleyraHost: argument(text(rules.apiHost), local, {
    required: true,
    doc: "Host of Kaleyra's API: https URL without a query (http on loopback only), or a bare host name, which is called by https.",
    example: "https://api.in.kaleyra.io/",
  }),
  sid: argument(text(credential), local, {
    required: true,
    secret: true,
    doc: "Kaleyra's account SID: visible ASCII. Secret whatever the program passes.",
  }),
  apiKey: argument(text(credential), local, {
    required: true,
    secret: true,
    doc: "Kaleyra's API key: visible ASCII. Secret whatever the program passes.",
  }),
  baseUrl: argument(text(rules.baseUrl), local, {
    required: true,
    doc: "Base of the Incoming URL, handed out by Kaleyra support: absolute https URL without user-info or fragment (http on loopback only). A query that it has is kept. Undefined after `get`.",
    example: "https://example.com/whatsapp_incoming",
  }),
  incomingUrlQuery: argument(text(rules.incomingUrlQuery), local, {
    required: true,
    doc: "What is appended to `baseUrl`: the `incomingUrlQuery` of the number's WhatsAppProvider. Undefined after `get`.",
  }),
  incomingUrl: early(text(), local, {
    madeOf: ["baseUrl", "incomingUrlQuery"],
    doc: "The Incoming URL that is set: `baseUrl`, `?` (or `&` where it has a query already), `incomingUrlQuery`. Known at preview. After a refresh or `get` what Kaleyra shows, where it does; empty where Kaleyra has none.",
  }),
  readsBack: output(flag, local, {
    doc: "Whether Kaleyra's answers hold the Incoming URL, so that a change made elsewhere shows as drift.",
  }),
  credentialFingerprint: early(text(), local, {
    doc: "12 hex digits of a digest over number, apiKey and sid: two states show a rotation without showing a credential.",
  }),
};

export const ARGUMENTS = propertiesOf(properties, "argument");
export const EARLY = propertiesOf(properties, "early");

/** Checked arguments with all values known, as create and update get them. */
export type Inputs = InputsOf<typeof properties>;
/** Checked arguments of a preview. */
export type Wanted = PartlyKnown<Inputs>;
/** What state keeps of it. */
export type State = StateOf<typeof properties>;

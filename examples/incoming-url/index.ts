import * as pulumi from "@pulumi/pulumi";
import { KaleyraIncomingUrl, WhatsAppProvider } from "pulumi-clevertap-whatsapp";

const config = new pulumi.Config();

const mobileNumber = "919999999999";
const kaleyraAccount = {
  apiKey: config.requireSecret("apiKey"),
  sid: config.requireSecret("sid"),
  kaleyraHost: config.require("kaleyraHost"),
};

// CleverTap's side: campaigns go out through it.
const kaleyra = new WhatsAppProvider("kaleyra", {
  ...kaleyraAccount,
  nickname: "Kaleyra India",
  mobileNumber,
  httpEndpoint: config.require("httpEndpoint"), // handed out by Kaleyra support
});

// Kaleyra's side: what users write comes to CleverTap. Never tried on a live account, see docs/incoming-url.md.
// The base is handed out by Kaleyra support too:
// pulumi config set incomingBaseUrl INCOMING_BASE_URL
const incoming = new KaleyraIncomingUrl("kaleyra", {
  ...kaleyraAccount,
  mobileNumber,
  baseUrl: config.require("incomingBaseUrl"),
  incomingUrlQuery: kaleyra.incomingUrlQuery,
});

export const inboundMessageCallbackUrl = kaleyra.inboundMessageCallbackUrl;
export const deliveryReportCallbackUrl = kaleyra.deliveryReportCallbackUrl;
export const incomingUrl = incoming.incomingUrl;

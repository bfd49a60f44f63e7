import * as pulumi from "@pulumi/pulumi";
import { WhatsAppProvider } from "pulumi-clevertap-whatsapp";

const config = new pulumi.Config();

const kaleyra = new WhatsAppProvider("kaleyra", {
  nickname: "Kaleyra India",
  mobileNumber: "919999999999",
  httpEndpoint: config.require("httpEndpoint"), // handed out by Kaleyra support
  apiKey: config.requireSecret("apiKey"),
  sid: config.requireSecret("sid"),
  kaleyraHost: config.require("kaleyraHost"),
});

export const inboundMessageCallbackUrl = kaleyra.inboundMessageCallbackUrl;
export const deliveryReportCallbackUrl = kaleyra.deliveryReportCallbackUrl;
// Append this to Kaleyra's Incoming URL of the number: after `?`, or after `&` where it has a query already.
export const incomingUrlQuery = kaleyra.incomingUrlQuery;

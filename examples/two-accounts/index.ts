import * as pulumi from "@pulumi/pulumi";
import { WhatsAppProvider } from "pulumi-clevertap-whatsapp";

const config = new pulumi.Config();

const kaleyra = {
  httpEndpoint: config.require("httpEndpoint"),
  apiKey: config.requireSecret("apiKey"),
  sid: config.requireSecret("sid"),
  kaleyraHost: config.require("kaleyraHost"),
};

// The account of clevertap:accountId.
const india = new WhatsAppProvider("india", {
  ...kaleyra,
  nickname: "Kaleyra India",
  mobileNumber: "919999999999",
});

// pulumi config set --path clevertap:accounts.emea.accountId SECOND_ACCOUNT_ID
// pulumi config set --secret --path clevertap:accounts.emea.passcode
const emea = new WhatsAppProvider("emea", {
  ...kaleyra,
  nickname: "Kaleyra EMEA",
  mobileNumber: "447700900000",
  account: "emea",
});

export const inbound = { india: india.inboundMessageCallbackUrl, emea: emea.inboundMessageCallbackUrl };

import * as pulumi from "@pulumi/pulumi";
import { WhatsAppProvider } from "pulumi-clevertap-whatsapp";

const config = new pulumi.Config();

// Someone made this provider in the dashboard. The preview names what the take-over will overwrite.
// Of one that another stack manages, give its mark (the refusal quotes it) in place of true.
const kaleyra = new WhatsAppProvider("kaleyra", {
  nickname: "Kaleyra India",
  mobileNumber: "919999999999",
  httpEndpoint: config.require("httpEndpoint"),
  apiKey: config.requireSecret("apiKey"),
  sid: config.requireSecret("sid"),
  kaleyraHost: config.require("kaleyraHost"),
  adoptExisting: true,
});

export const id = kaleyra.id;

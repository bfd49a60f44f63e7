import * as pulumi from "@pulumi/pulumi";
import { WhatsAppProvider } from "pulumi-clevertap-whatsapp";

const config = new pulumi.Config();

const kaleyra = new WhatsAppProvider("kaleyra", {
  nickname: "Kaleyra India",
  mobileNumber: "919999999999",
  httpEndpoint: config.require("httpEndpoint"),
  apiKey: config.requireSecret("apiKey"),
  sid: config.requireSecret("sid"),
  kaleyraHost: config.require("kaleyraHost"),
});

// A Stash stands for whatever configures Kaleyra: its input is known in the first preview, and a change of the
// nickname shows no change here.
new pulumi.Stash("kaleyra-incoming-url", {
  input: pulumi.interpolate`https://example.com/incoming?${kaleyra.incomingUrlQuery}`,
});

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

// A Stash stands for any resource that needs them: its input is known in the first preview, and a change of the nickname
// shows no change here. The Incoming URL at Kaleyra has a resource of its own, see examples/incoming-url.
new pulumi.Stash("dependent", {
  input: pulumi.interpolate`https://example.com/incoming?${kaleyra.incomingUrlQuery}`,
});

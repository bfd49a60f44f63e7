import * as pulumi from "@pulumi/pulumi";
import { WhatsAppProvider } from "pulumi-clevertap-whatsapp";

const config = new pulumi.Config();

// One line for each number. Change them to yours.
const numbers: Record<string, { nickname: string; mobileNumber: string }> = {
  support: { nickname: "Support", mobileNumber: "14155550100" },
  orders: { nickname: "Orders", mobileNumber: "14155550101" },
};

const providers = Object.entries(numbers).map(
  ([name, number]) =>
    new WhatsAppProvider(name, {
      ...number,
      httpEndpoint: config.require("httpEndpoint"),
      apiKey: config.requireSecret("apiKey"),
      sid: config.requireSecret("sid"),
      kaleyraHost: config.require("kaleyraHost"),
      markAsDefault: name === "support",
    }),
);

/** What to append to Kaleyra's Incoming URL, by number. */
export const incomingUrlQueries = pulumi
  .all(providers.map(({ mobileNumber, incomingUrlQuery }) => pulumi.all([mobileNumber, incomingUrlQuery])))
  .apply((pairs) => Object.fromEntries(pairs));

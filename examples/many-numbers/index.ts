import * as pulumi from "@pulumi/pulumi";
import { WhatsAppProvider } from "pulumi-clevertap-whatsapp";

const config = new pulumi.Config();

// One line for each number: add or remove a line and nothing else changes.
const numbers: Record<string, { mobileNumber: string; nickname: string }> = {
  support: { mobileNumber: "14155550100", nickname: "Support" },
  orders: { mobileNumber: "14155550101", nickname: "Orders" },
  marketing: { mobileNumber: "14155550102", nickname: "Marketing" },
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

export const incomingUrlQueries = pulumi.all(providers.map((provider) => provider.incomingUrlQuery));

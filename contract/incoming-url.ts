import type { ProviderDefaults } from "./types";

/** What CleverTap's guide has appended to the Incoming URL of a number at Kaleyra: the names of its query. */
export const INCOMING_URL_QUERY = ["inbound_message_callback_url", "payload_version"] as const;

/** The query for an account's numbers. */
export function incomingUrlQuery(defaults: ProviderDefaults): string {
  const { inboundMessageCallbackUrl, payloadVersion } = defaults;
  const [url, version] = INCOMING_URL_QUERY;
  return `${url}=${queryValue(inboundMessageCallbackUrl)}&${version}=${queryValue(payloadVersion)}`;
}

/** Only what would break the query is encoded: a plain URL stays readable, as Kaleyra's documentation shows it. */
function queryValue(value: string): string {
  return value.replace(/[^\w\-.~:/?@!$'()*,;=]/gu, encodeURIComponent);
}

import { createHash } from "node:crypto";
import { KALEYRA_HEADER_NAMES } from "../../contract/headers";
import type { HeaderPair, Provider, ProviderDefaults, ProviderRequest } from "../../contract/types";
import { ownerOfMark } from "./owner";
import type { Inputs, State } from "./values";

/** Between what the program says, what the API speaks, and what state keeps. */

/** Shown in place of a fingerprint when a credential may have been changed elsewhere: the next update sends them all again. */
export const NO_FINGERPRINT = "000000000000";

/** The body of POST and PUT. Every write carries all five headers and every secret. */
export function toRequest(inputs: Inputs, mark: string): ProviderRequest {
  const headers: HeaderPair[] = [
    { key: "api-key", value: inputs.apiKey, secret: true },
    { key: "sid", value: inputs.sid, secret: true },
    { key: "kaleyra-host", value: inputs.kaleyraHost },
    { key: "inbound-message-callback-url", value: inputs.inboundMessageCallbackUrl },
    { key: "delivery-report-callback-url", value: inputs.deliveryReportCallbackUrl },
    ...Object.entries(inputs.headers ?? {}).map(([key, value]) => ({ key, value, secret: true })),
  ];
  return {
    provider: "generic",
    nickname: inputs.nickname,
    mobileNumber: inputs.mobileNumber,
    httpEndpoint: inputs.httpEndpoint,
    headers,
    ...(inputs.markAsDefault && { markAsDefault: true }),
    ...(inputs.autoReplyUntracked !== undefined && { autoReplyUntracked: inputs.autoReplyUntracked }),
    ...(inputs.maxConcurrentRequests !== undefined && {
      maxConcurrentRequests: inputs.maxConcurrentRequests,
    }),
    externalReference: mark,
  };
}

/** State after a write: the program's inputs and what the API made of them. */
export function stateAfterWrite(inputs: Inputs, provider: Provider, accountId: string): State {
  const { __owner, ...own } = inputs;
  const reported = provider.maxConcurrentRequests;
  return sorted({
    ...own,
    ...outputsOf(provider, accountId),
    ...(inputs.maxConcurrentRequests === undefined &&
      reported !== undefined && { __defaults: { maxConcurrentRequests: reported } }),
  });
}

/** The outputs that only the API knows. */
export function outputsOf(provider: Provider, accountId: string) {
  return {
    isDefault: provider.isDefault,
    status: provider.status,
    revision: provider.revision,
    accountId,
    externalReference: provider.externalReference,
  };
}

/** Callback URLs, payload version, and the query for Kaleyra's Incoming URL made of them. */
export function knownUrls(defaults: ProviderDefaults) {
  const { inboundMessageCallbackUrl, deliveryReportCallbackUrl, payloadVersion } = defaults;
  const incomingUrlQuery = `inbound_message_callback_url=${queryValue(inboundMessageCallbackUrl)}&payload_version=${queryValue(payloadVersion)}`;
  return { inboundMessageCallbackUrl, deliveryReportCallbackUrl, payloadVersion, incomingUrlQuery };
}

/** Only what would break the query is encoded: a plain URL stays readable, as Kaleyra's documentation shows it. */
function queryValue(value: string): string {
  return value.replace(/[^\w\-.~:/?@!$'()*,;=]/gu, encodeURIComponent);
}

/** Digest over account, number and every credential: shows a rotation without showing a credential. */
export function fingerprint(
  accountId: string,
  inputs: Pick<Inputs, "mobileNumber" | "apiKey" | "sid" | "headers">,
): string {
  const parts = [
    accountId,
    inputs.mobileNumber,
    inputs.apiKey,
    inputs.sid,
    Object.entries(inputs.headers ?? {}),
  ];
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 12);
}

/** Value of a readable header of an answer, whatever the case of its name. */
export function headerValue(provider: Provider, key: string): string | undefined {
  return provider.headers.find((h) => h.key.toLowerCase() === key)?.value;
}

/** Names of the extra headers of an answer, in lower case and sorted. */
export function extraHeaderNames(provider: Provider): string[] {
  const names = provider.headers.map((h) => h.key.toLowerCase());
  return names.filter((name) => !KALEYRA_HEADER_NAMES.includes(name)).sort();
}

/** Whether the API holds a value for api-key, sid and every extra header that is secret. */
export function secretsAreSet(provider: Provider): boolean {
  const isSet = (key: string) =>
    provider.headers.some((h) => h.key.toLowerCase() === key && h.valueSet !== false);
  return isSet("api-key") && isSet("sid") && provider.headers.every((h) => !h.secret || h.valueSet !== false);
}

/**
 * Readable properties in which a provider differs from what was sent or last seen. A secret never shows.
 * `sent` may be inputs (what a write carried) or state (what was last seen).
 */
export function visibleDifferences(sent: Partial<Inputs> | State, provider: Provider): string[] {
  const seen: [string, unknown, unknown][] = [
    ["nickname", sent.nickname, provider.nickname],
    ["httpEndpoint", sent.httpEndpoint, provider.httpEndpoint],
    ["kaleyraHost", sent.kaleyraHost, headerValue(provider, "kaleyra-host")],
    [
      "inboundMessageCallbackUrl",
      sent.inboundMessageCallbackUrl,
      headerValue(provider, "inbound-message-callback-url"),
    ],
    [
      "deliveryReportCallbackUrl",
      sent.deliveryReportCallbackUrl,
      headerValue(provider, "delivery-report-callback-url"),
    ],
    ["autoReplyUntracked", sent.autoReplyUntracked ?? false, provider.autoReplyUntracked ?? false],
    ["headers", Object.keys(sent.headers ?? {}).join(), extraHeaderNames(provider).join()],
  ];
  const limit =
    sent.maxConcurrentRequests ?? ("__defaults" in sent ? sent.__defaults?.maxConcurrentRequests : undefined);
  if (limit !== undefined) seen.push(["maxConcurrentRequests", limit, provider.maxConcurrentRequests]);
  return seen.filter(([, a, b]) => a !== b).map(([name]) => name);
}

/** Whether a mark on the server is of another making than the one in state: another owner, or a later create. */
export function isOtherMark(mine: string | undefined, found: string | undefined): boolean {
  return mine !== undefined && found !== undefined && mine !== found;
}

/** Whether two marks name the same owner. */
export function isSameOwner(mine: string | undefined, found: string | undefined): boolean {
  const owner = ownerOfMark(mine);
  return owner !== undefined && owner === ownerOfMark(found);
}

/** The same object with its keys in order and without undefined members: state must not depend on the order of the program. */
export function sorted<T extends object>(value: T): T {
  const entries = Object.entries(value).filter(([, v]) => v !== undefined);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1))) as T;
}

/** The five header pairs that a Kaleyra number needs, each by what it carries. */
export const KALEYRA_HEADERS = {
  apiKey: "api-key",
  sid: "sid",
  kaleyraHost: "kaleyra-host",
  inboundMessageCallbackUrl: "inbound-message-callback-url",
  deliveryReportCallbackUrl: "delivery-report-callback-url",
} as const;

/** The names of the five. */
export const KALEYRA_HEADER_NAMES: readonly string[] = Object.values(KALEYRA_HEADERS);

/** Secret whatever a request says. */
export const SECRET_HEADER_NAMES: readonly string[] = [KALEYRA_HEADERS.apiKey, KALEYRA_HEADERS.sid];

/** Whose values may be shown: the host and the callback URLs. */
export const OPEN_HEADER_NAMES = KALEYRA_HEADER_NAMES.filter((name) => !SECRET_HEADER_NAMES.includes(name));

/** The pair of that name: names ignore case. */
export function pairOf<Pair extends { key: string }>(pairs: readonly Pair[], name: string): Pair | undefined {
  return pairs.find((pair) => pair.key.toLowerCase() === name.toLowerCase());
}

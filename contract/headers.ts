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

/** The other three: their values may be shown. */
export const PUBLIC_HEADER_NAMES: readonly string[] = KALEYRA_HEADER_NAMES.filter(
  (name) => !SECRET_HEADER_NAMES.includes(name),
);

/** A token of RFC 9110. */
export function isHeaderName(name: string): boolean {
  return /^[!#$%&'*+\-.^_`|~\dA-Za-z]+$/.test(name);
}

/** Visible ASCII, with spaces and tabs inside only: a line break would let one header become two. */
export function isHeaderValue(value: string): boolean {
  return /^[\x21-\x7e]([\x20-\x7e\t]*[\x21-\x7e])?$/.test(value);
}

/** The pair of that name: names ignore case. */
export function pairOf<Pair extends { key: string }>(pairs: readonly Pair[], name: string): Pair | undefined {
  return pairs.find((pair) => pair.key.toLowerCase() === name.toLowerCase());
}

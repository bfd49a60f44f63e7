/** The five header pairs that a Kaleyra number needs. */
export const KALEYRA_HEADERS: readonly string[] = [
  "api-key",
  "sid",
  "kaleyra-host",
  "inbound-message-callback-url",
  "delivery-report-callback-url",
];

/** Values that must appear nowhere in clear. */
export const CANARIES = {
  apiKey: "A0123456789abcdef0123456789abcdef",
  sid: "HXIN1234567890IN",
  header: "canary-header-value",
};

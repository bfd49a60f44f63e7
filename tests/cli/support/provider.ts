import type { Provider } from "../../../contract/types";

/** A provider as a listing shows it. */
export const provider = (over: Partial<Provider>): Provider => ({
  id: "wap_1",
  provider: "generic",
  nickname: "Kaleyra",
  mobileNumber: "14155550100",
  httpEndpoint: "https://example.com/whatsapp/message/clevertap",
  headers: [{ key: "kaleyra-host", value: "api.in.kaleyra.io" }],
  isDefault: false,
  status: "active",
  revision: 1,
  inboundMessageCallbackUrl: "https://example.com/in",
  deliveryReportCallbackUrl: "https://example.com/out",
  payloadVersion: "0.1",
  ...over,
});

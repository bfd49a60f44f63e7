/** The public surface of pulumi-clevertap-whatsapp. */
export { ERRORS, type ErrorCode, type ErrorEntry, WhatsAppProviderError } from "./errors";
export {
  type GetWhatsAppProviderArgs,
  type GetWhatsAppProviderResult,
  getWhatsAppProvider,
  getWhatsAppProviderOutput,
} from "./functions";
export { WhatsAppProvider, type WhatsAppProviderArgs } from "./resource";
export { argumentSchemas, whatsAppProviderArgsSchema } from "./schemas";

/** The front door, and the public surface of pulumi-clevertap-whatsapp. */
export { ERRORS, type ErrorCode, type ErrorEntry, WhatsAppProviderError } from "./model/errors";
export {
  getWhatsAppProvider,
  getWhatsAppProviderOutput,
  KaleyraIncomingUrl,
  WhatsAppProvider,
} from "./program/dynamic-door";
export {
  argumentSchemas,
  kaleyraIncomingUrlArgsSchema,
  whatsAppProviderArgsSchema,
} from "./program/lazy-schemas";
export type { GetWhatsAppProviderArgs, GetWhatsAppProviderResult } from "./program/look-up";
export type { KaleyraAccessArgs, KaleyraIncomingUrlArgs, WhatsAppProviderArgs } from "./program/program";

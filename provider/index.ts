/** The front door, and the public surface of pulumi-clevertap-whatsapp. */
export { ERRORS, type ErrorCode, type ErrorEntry, WhatsAppProviderError } from "./model/errors";
export { getWhatsAppProvider, getWhatsAppProviderOutput, WhatsAppProvider } from "./program/dynamic-door";
export { argumentSchemas, whatsAppProviderArgsSchema } from "./program/lazy-schemas";
export type { GetWhatsAppProviderArgs, GetWhatsAppProviderResult } from "./program/look-up";
export type { WhatsAppProviderArgs } from "./program/program";

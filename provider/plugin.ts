/** The second door: the same provider through the native plugin in this package's folder `plugin`. */
export { ERRORS, type ErrorCode, type ErrorEntry, WhatsAppProviderError } from "./model/errors";
export type { GetWhatsAppProviderArgs, GetWhatsAppProviderResult } from "./program/look-up";
export {
  type GetProviderDefaultsResult,
  getProviderDefaults,
  getProviderDefaultsOutput,
  getWhatsAppProvider,
  getWhatsAppProviderOutput,
  KaleyraIncomingUrl,
  Provider,
  WhatsAppProvider,
} from "./program/plugin-door";
export type { KaleyraAccessArgs, KaleyraIncomingUrlArgs, WhatsAppProviderArgs } from "./program/program";
export type { AccountArgs, ProviderArgs } from "./program/provider-args";

/** The public surface of pulumi-clevertap-whatsapp. */
import type * as Schemas from "./schemas";

export { ERRORS, type ErrorCode, type ErrorEntry, WhatsAppProviderError } from "./model/errors";
export { WhatsAppProvider, type WhatsAppProviderArgs } from "./program/dynamic-door";
export {
  type GetWhatsAppProviderArgs,
  type GetWhatsAppProviderResult,
  getWhatsAppProvider,
  getWhatsAppProviderOutput,
} from "./program/functions";

/** One zod schema for each argument. */
export declare const argumentSchemas: typeof Schemas.argumentSchemas;
/** The zod schema of the arguments together, for programs that validate their own configuration. */
export declare const whatsAppProviderArgsSchema: typeof Schemas.whatsAppProviderArgsSchema;

// Few programs ask for the schemas, and zod would be most of what a program loads: so only when asked. Written so that
// Node finds the names for ES modules, which it does by reading, not running, the file.
const lazy = {
  get argumentSchemas() {
    return (require("./schemas") as typeof Schemas).argumentSchemas;
  },
  get whatsAppProviderArgsSchema() {
    return (require("./schemas") as typeof Schemas).whatsAppProviderArgsSchema;
  },
};
Object.defineProperty(exports, "argumentSchemas", {
  enumerable: true,
  get() {
    return lazy.argumentSchemas;
  },
});
Object.defineProperty(exports, "whatsAppProviderArgsSchema", {
  enumerable: true,
  get() {
    return lazy.whatsAppProviderArgsSchema;
  },
});

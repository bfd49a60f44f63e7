import type * as Schemas from "../schemas";

/** The zod schemas, loaded when somebody asks for them: few programs do, and zod would be most of what a program loads. */

/** One zod schema for each argument. */
export declare const argumentSchemas: typeof Schemas.argumentSchemas;
/** The zod schema of the arguments of a WhatsAppProvider together, for programs that validate their own configuration. */
export declare const whatsAppProviderArgsSchema: typeof Schemas.whatsAppProviderArgsSchema;
/** The same of a KaleyraIncomingUrl. */
export declare const kaleyraIncomingUrlArgsSchema: typeof Schemas.kaleyraIncomingUrlArgsSchema;

for (const name of ["argumentSchemas", "whatsAppProviderArgsSchema", "kaleyraIncomingUrlArgsSchema"] as const)
  Object.defineProperty(exports, name, {
    enumerable: true,
    get: () => (require("../schemas") as typeof Schemas)[name],
  });

import { z } from "zod";
import type { Kind } from "./model/kind";
import type { NamedProperty } from "./model/property";
import { ARGUMENTS as INCOMING_URL_ARGUMENTS } from "./resources/kaleyra-incoming-url/properties";
import { ARGUMENTS, type properties } from "./resources/whatsapp-provider/properties";

/**
 * The rules of the arguments as zod schemas, for programs that validate their own configuration. A schema's output is the
 * canonical form that state keeps. Texts never quote a value that is or may hold a secret.
 */

type Arguments = {
  [N in keyof typeof properties as (typeof properties)[N] extends { role: "argument" }
    ? N
    : never]: z.ZodType<(typeof properties)[N] extends { kind: Kind<infer T> } ? T : never>;
};

function schemaOf({ parse }: Kind<unknown>): z.ZodType {
  return z.unknown().transform((value, ctx) => {
    const parsed = parse(value);
    if ("value" in parsed) return parsed.value;
    for (const { message, correction, path } of parsed.faults) {
      const text = correction === undefined ? message : `${message}: use ${correction}`;
      ctx.addIssue({ code: "custom", message: text, path: [...(path ?? [])] });
    }
    return z.NEVER;
  });
}

/** One schema for each argument. */
export const argumentSchemas = Object.fromEntries(
  ARGUMENTS.map(({ name, kind }) => [name, schemaOf(kind)]),
) as Arguments;

/** The arguments of a resource together. */
function argumentsOf(args: readonly NamedProperty[]) {
  const shape = args.map(({ name, kind, required }) => [
    name,
    required ? schemaOf(kind) : schemaOf(kind).optional(),
  ]);
  return z.strictObject(Object.fromEntries(shape) as Record<string, z.ZodType>);
}

/** The arguments of a WhatsAppProvider. */
export const whatsAppProviderArgsSchema = argumentsOf(ARGUMENTS);
/** The arguments of a KaleyraIncomingUrl. */
export const kaleyraIncomingUrlArgsSchema = argumentsOf(INCOMING_URL_ARGUMENTS);

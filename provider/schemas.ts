import { z } from "zod";
import { KALEYRA_HEADER_NAMES } from "../contract/headers";
import { urlProblem } from "./url";

/**
 * The rules of the arguments as zod schemas. A schema's output is the canonical form that state keeps.
 * Texts never quote a value that is or may hold a secret.
 */

/** WhatsApp ids: E.164 digits. Nothing stricter, since number libraries refuse working ids (Brazil with 12 digits, Mexico with 1). */
const NUMBER = /^[1-9]\d{6,14}$/;

/** What is wrong with a number, with the corrected form where there is only one. */
function numberProblem(value: string): string | undefined {
  if (NUMBER.test(value)) return undefined;
  const digits = value.replace(/^\s*(\+|00)/, "").replace(/[\s\-().]/g, "");
  if (NUMBER.test(digits)) return `digits only with the country code: use ${digits}`;
  if (/^0\d+$/.test(digits))
    return "replace the leading 0 by the country code: digits only, like 919999999999";
  return "digits only with the country code, 7 to 15 of them, like 919999999999";
}

function hostProblem(value: string): string | undefined {
  if (value.includes("://")) return urlProblem(value);
  const host =
    /^(?=.{1,253}(:|$))[a-z\d]([a-z\d-]{0,61}[a-z\d])?(\.[a-z\d]([a-z\d-]{0,61}[a-z\d])?)*(:\d{1,5})?$/i;
  return host.test(value)
    ? undefined
    : "must be an https URL or a bare host name, like https://api.in.kaleyra.io/";
}

function credentialProblem(value: string): string | undefined {
  if (value === "") return "must not be empty";
  if (/^[\x21-\x7e]+$/.test(value)) return undefined;
  if (/^[\x21-\x7e]+$/.test(value.trim()))
    return "has a space or line break at an end: set it again without (its value is not shown)";
  return "must be visible ASCII without spaces (its value is not shown)";
}

function headerValueProblem(value: string): string | undefined {
  if (/^[\x21-\x7e]([\x20-\x7e\t]*[\x21-\x7e])?$/.test(value)) return undefined;
  return "the value must be visible ASCII without line breaks or spaces at its ends (it is not shown)";
}

function text(problem: (value: string) => string | undefined) {
  return z.string("must be a string").superRefine((value, ctx) => {
    const message = problem(value);
    if (message) ctx.addIssue({ code: "custom", message });
  });
}

const TOKEN = /^[!#$%&'*+\-.^_`|~\dA-Za-z]+$/;

/** Names in lower case, since header names ignore case; sorted, so that order never shows as a change. */
const headers = z
  // Not z.record, which silently drops a name such as __proto__.
  .custom<object>(
    (value) => typeof value === "object" && value !== null && !Array.isArray(value),
    "must be a map of header names to string values",
  )
  .transform((map, ctx) => {
    const seen: Record<string, string> = Object.create(null);
    for (const [name, value] of Object.entries(map)) {
      const key = name.toLowerCase();
      const fail = (message: string) => ctx.addIssue({ code: "custom", message, path: [printable(name)] });
      if (!TOKEN.test(name) || name === "__proto__")
        fail("is not a header name: letters, digits and !#$%&'*+-.^_`|~ only");
      else if (KALEYRA_HEADER_NAMES.includes(key))
        fail(`is set by ${KALEYRA_ARGUMENT[key] ?? "the provider"} itself: remove it`);
      else if (key in seen) fail("is there twice: names ignore case");
      else if (typeof value !== "string") fail("the value must be a string");
      else {
        const problem = headerValueProblem(value);
        if (problem) fail(problem);
      }
      seen[key] = typeof value === "string" ? value : "";
    }
    return Object.fromEntries(
      Object.keys(seen)
        .sort()
        .map((key) => [key, seen[key] as string]),
    );
  });

const KALEYRA_ARGUMENT: Record<string, string> = {
  "api-key": "apiKey",
  sid: "sid",
  "kaleyra-host": "kaleyraHost",
};

/** A name may be a misplaced value: show it only when it looks like a header's name. */
function printable(name: string): string {
  return TOKEN.test(name) && name.length <= 64 ? name.toLowerCase() : "(name)";
}

/** One schema for each argument. */
export const argumentSchemas = {
  nickname: z
    .string("must be a string")
    .transform((value) => value.trim())
    .superRefine((value, ctx) => {
      const length = [...value].length;
      if (length < 1) ctx.addIssue({ code: "custom", message: "must not be empty" });
      if (length > 64)
        ctx.addIssue({ code: "custom", message: `must have at most 64 characters, has ${length}` });
      if (/\p{Cc}/u.test(value))
        ctx.addIssue({ code: "custom", message: "must not contain control characters" });
    }),
  mobileNumber: text(numberProblem),
  httpEndpoint: text(urlProblem),
  apiKey: text(credentialProblem),
  sid: text(credentialProblem),
  kaleyraHost: text(hostProblem),
  headers,
  markAsDefault: z.boolean("must be true or false"),
  autoReplyUntracked: z.boolean("must be true or false"),
  maxConcurrentRequests: z
    .number("must be a whole number from 30 to 1000")
    .refine((n) => Number.isInteger(n) && n >= 30 && n <= 1000, "must be a whole number from 30 to 1000"),
  adoptExisting: z.union(
    [z.boolean(), z.string().min(1)],
    "must be true, false or the mark of the provider to adopt",
  ),
  account: z.string("must be a string").min(1, "must be the name of an entry of clevertap:accounts"),
};

/** The arguments together, for programs that validate their own configuration. */
export const whatsAppProviderArgsSchema = z.strictObject({
  nickname: argumentSchemas.nickname,
  mobileNumber: argumentSchemas.mobileNumber,
  httpEndpoint: argumentSchemas.httpEndpoint,
  apiKey: argumentSchemas.apiKey,
  sid: argumentSchemas.sid,
  kaleyraHost: argumentSchemas.kaleyraHost,
  headers: argumentSchemas.headers.optional(),
  markAsDefault: argumentSchemas.markAsDefault.optional(),
  autoReplyUntracked: argumentSchemas.autoReplyUntracked.optional(),
  maxConcurrentRequests: argumentSchemas.maxConcurrentRequests.optional(),
  adoptExisting: argumentSchemas.adoptExisting.optional(),
  account: argumentSchemas.account.optional(),
});

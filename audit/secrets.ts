import { redactor } from "../provider/api/redact";
import { SIGNATURE } from "../provider/model/sentinels";
import { visible, wellFormed } from "../provider/model/text";
import { isShallow, member, textMember } from "./reading/json";

/** What is a secret in a state, and how no report shows one. */

/** What the signature's key says of an object that stands for a secret. */
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

/**
 * A secret as a state keeps it: encrypted, or in clear in an export with --show-secrets. Where the signature is damaged or
 * gone, the plain text is a secret all the same.
 */
export function isEnveloped(value: unknown): boolean {
  return member(value, SIGNATURE) === SECRET || textMember(value, "plaintext") !== undefined;
}

/** The secret in an envelope that was opened; undefined where it is encrypted. */
export function openedText(value: unknown): string | undefined {
  return isEnveloped(value) ? textMember(value, "plaintext") : undefined;
}

/** Forms of Kaleyra's credentials: an API key, and an account SID. */
export const CREDENTIAL_SHAPES: readonly { readonly what: string; readonly shape: RegExp }[] = [
  { what: "an API key of Kaleyra", shape: /(?<![\da-zA-Z])A[\da-f]{32}(?![\da-zA-Z])/ },
  { what: "an account SID of Kaleyra", shape: /(?<![\da-zA-Z])HX[A-Z]{2}\d{10}[A-Z]{2}(?![\da-zA-Z])/ },
];

/** Makes a text fit to be shown: one line, without control characters, at most 300 characters, and no secret in it. */
export type Redaction = (text: string) => string;

/** Without anything that looks like a credential. */
export function masked(text: string): string {
  return CREDENTIAL_SHAPES.reduce(
    (safe, { shape }) => safe.replace(new RegExp(shape.source, "g"), "***"),
    visible(text),
  );
}

/** Characters of a text that are shown. */
const MOST = 300;

/**
 * Makes what hides these secrets wherever they come again.
 * @param secrets values that a state holds in clear; of an opened envelope the JSON inside
 */
export function redactionOf(secrets: readonly string[]): Redaction {
  if (secrets.length === 0) return (text) => cut(masked(text));
  const { text: redacted } = redactor(secrets.flatMap(leaves));
  return (text) => masked(redacted(text, MOST));
}

function cut(text: string): string {
  return text.length > MOST ? `${wellFormed(text.slice(0, MOST - 1))}…` : text;
}

/** An opened secret is JSON of its own. */
function leaves(secret: string): string[] {
  try {
    const value: unknown = JSON.parse(secret);
    return isShallow(value) ? [secret, ...strings(value)] : [secret];
  } catch {
    return [secret];
  }
}

function strings(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(strings) : [];
}

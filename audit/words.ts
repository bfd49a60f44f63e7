import type { NamedProperty } from "../provider/model/property";
import { Hidden } from "./resource";
import type { Redaction } from "./secrets";

/** Properties and their values in the words of CleverTap's form. */

/** `Nickname`, `HTTP End Point`, `Header api-key`. */
export function labelOf({ name, label, header }: NamedProperty): string {
  if (label !== undefined) return label;
  if (header !== undefined) return `Header ${header}`;
  const words = name.replace(/[A-Z]/g, (capital) => ` ${capital.toLowerCase()}`);
  const sentence = `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
  return sentence.replace(/\b(url|api|sid)\b/gi, (short) => short.toUpperCase());
}

/** A value for a person: `yes`, `not set`; a secret only as the fact that it is set. */
export function valueText(value: unknown, redact: Redaction): string {
  if (value === undefined) return "not set";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (value instanceof Hidden)
    return value.keys.length > 0 ? `${value.keys.map(redact).join(", ")} (secret)` : "secret";
  if (typeof value === "string") return value === "" ? "empty" : redact(value);
  return redact(JSON.stringify(value) ?? "");
}

/** `1 change`, `3 changes`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** `2026-07-01`. */
export function dayOf(time: string | number): string {
  return new Date(time).toISOString().slice(0, 10);
}

/** `2026-07-01 09:00 UTC`. */
export function minuteOf(time: string | number): string {
  return `${new Date(time).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

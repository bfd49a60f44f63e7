import {
  isHeaderName,
  isHeaderValue,
  KALEYRA_HEADER_NAMES,
  KALEYRA_HEADERS,
} from "../../../contract/headers";
import type { Fault } from "../../model/kind";

/** What the form accepts, property by property, beside the rules that all resources share. Texts never quote a value. */

export function nickname(value: string): string | undefined {
  const length = [...value].length;
  if (length < 1) return "must not be empty";
  if (length > 64) return `must have at most 64 characters, has ${length}`;
  return /\p{Cc}/u.test(value) ? "must not contain control characters" : undefined;
}

export function accountName(value: string): string | undefined {
  return value === "" ? "must be the name of an entry of clevertap:accounts" : undefined;
}

/** A pair beside Kaleyra's five. Names ignore case. */
export function headerPair(name: string, value: unknown, seen: ReadonlySet<string>): Fault[] {
  const key = name.toLowerCase();
  // A name may be a misplaced value: show it only when it looks like a header's name.
  const path = [isHeaderName(name) && name.length <= 64 ? key : "(name)"];
  const message = headerFault(name, key, value, seen);
  return message === undefined ? [] : [{ message, path }];
}

function headerFault(name: string, key: string, value: unknown, seen: ReadonlySet<string>) {
  if (!isHeaderName(name) || name === "__proto__")
    return "is not a header name: letters, digits and !#$%&'*+-.^_`|~ only";
  if (KALEYRA_HEADER_NAMES.includes(key)) {
    const [own] = Object.entries(KALEYRA_HEADERS).find(([, header]) => header === key) ?? [];
    return `is set by ${own?.endsWith("Url") ? "the provider" : own} itself: remove it`;
  }
  if (seen.has(key)) return "is there twice: names ignore case";
  if (typeof value !== "string") return "the value must be a string";
  if (isHeaderValue(value)) return undefined;
  return "the value must be visible ASCII without line breaks or spaces at its ends (it is not shown)";
}

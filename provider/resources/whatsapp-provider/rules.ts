import { KALEYRA_HEADER_NAMES, KALEYRA_HEADERS } from "../../../contract/headers";
import type { Fault } from "../../model/kind";
import { urlProblem } from "../../model/url";

/** What the form accepts, property by property. Texts never quote a value. */

/** WhatsApp ids: E.164 digits. Nothing stricter, since number libraries refuse working ids (Brazil with 12 digits, Mexico with 1). */
const NUMBER = /^[1-9]\d{6,14}$/;
const TOKEN = /^[!#$%&'*+\-.^_`|~\dA-Za-z]+$/;

export function nickname(value: string): string | undefined {
  const length = [...value].length;
  if (length < 1) return "must not be empty";
  if (length > 64) return `must have at most 64 characters, has ${length}`;
  return /\p{Cc}/u.test(value) ? "must not contain control characters" : undefined;
}

/** With the corrected form where there is only one. */
export function mobileNumber(value: string): Fault | string | undefined {
  if (NUMBER.test(value)) return undefined;
  const digits = value.replace(/^\s*(\+|00)/, "").replace(/[\s\-().]/g, "");
  if (NUMBER.test(digits)) return { message: "digits only with the country code", correction: digits };
  if (/^0\d+$/.test(digits))
    return "replace the leading 0 by the country code: digits only, like 919999999999";
  return "digits only with the country code, 7 to 15 of them, like 919999999999";
}

export const url = urlProblem;

export function urlOrHost(value: string): string | undefined {
  if (value.includes("://")) return urlProblem(value);
  const host =
    /^(?=.{1,253}(:|$))[a-z\d]([a-z\d-]{0,61}[a-z\d])?(\.[a-z\d]([a-z\d-]{0,61}[a-z\d])?)*(:\d{1,5})?$/i;
  return host.test(value)
    ? undefined
    : "must be an https URL or a bare host name, like https://api.in.kaleyra.io/";
}

export function credential(value: string): string | undefined {
  if (value === "") return "must not be empty";
  if (/^[\x21-\x7e]+$/.test(value)) return undefined;
  if (/^[\x21-\x7e]+$/.test(value.trim()))
    return "has a space or line break at an end: set it again without (its value is not shown)";
  return "must be visible ASCII without spaces (its value is not shown)";
}

export function accountName(value: string): string | undefined {
  return value === "" ? "must be the name of an entry of clevertap:accounts" : undefined;
}

/** A pair beside Kaleyra's five. Names ignore case. */
export function headerPair(name: string, value: unknown, seen: ReadonlySet<string>): Fault[] {
  const key = name.toLowerCase();
  // A name may be a misplaced value: show it only when it looks like a header's name.
  const path = [TOKEN.test(name) && name.length <= 64 ? key : "(name)"];
  const message = headerFault(name, key, value, seen);
  return message === undefined ? [] : [{ message, path }];
}

function headerFault(name: string, key: string, value: unknown, seen: ReadonlySet<string>) {
  if (!TOKEN.test(name) || name === "__proto__")
    return "is not a header name: letters, digits and !#$%&'*+-.^_`|~ only";
  if (KALEYRA_HEADER_NAMES.includes(key)) {
    const [own] = Object.entries(KALEYRA_HEADERS).find(([, header]) => header === key) ?? [];
    return `is set by ${own?.endsWith("Url") ? "the provider" : own} itself: remove it`;
  }
  if (seen.has(key)) return "is there twice: names ignore case";
  if (typeof value !== "string") return "the value must be a string";
  if (/^[\x21-\x7e]([\x20-\x7e\t]*[\x21-\x7e])?$/.test(value)) return undefined;
  return "the value must be visible ASCII without line breaks or spaces at its ends (it is not shown)";
}

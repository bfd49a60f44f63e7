import type { Fault } from "../model/kind";
import { urlProblem } from "../model/url";

/** Rules for what several resources take. Texts never quote a value. */

/** WhatsApp ids: E.164 digits. Nothing stricter, since number libraries refuse working ids (Brazil with 12 digits, Mexico with 1). */
const NUMBER = /^[1-9]\d{6,14}$/;

/** With the corrected form where there is only one. */
export function mobileNumber(value: string): Fault | string | undefined {
  if (NUMBER.test(value)) return undefined;
  const digits = value.replace(/^\s*(\+|00)/, "").replace(/[\s\-().]/g, "");
  if (NUMBER.test(digits)) return { message: "digits only with the country code", correction: digits };
  if (/^0\d+$/.test(digits))
    return "replace the leading 0 by the country code: digits only, like 919999999999";
  return "digits only with the country code, 7 to 15 of them, like 919999999999";
}

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

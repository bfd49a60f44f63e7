import { isMobileNumber } from "../../contract/members";
import { urlFault } from "../../contract/url";
import type { Fault } from "../model/kind";
import { isVisibleAscii } from "../model/text";

/** Rules for what several resources take. Texts never quote a value. */

/** With the corrected form where there is only one. */
export function mobileNumber(value: string): Fault | string | undefined {
  if (isMobileNumber(value)) return undefined;
  const digits = value.replace(/^\s*(\+|00)/, "").replace(/[\s\-().]/g, "");
  if (isMobileNumber(digits)) return { message: "digits only with the country code", correction: digits };
  if (/^0\d+$/.test(digits))
    return "replace the leading 0 by the country code: digits only, like 919999999999";
  return "digits only with the country code, 7 to 15 of them, like 919999999999";
}

export function urlOrHost(value: string): string | undefined {
  if (value.includes("://")) return urlFault(value);
  const host =
    /^(?=.{1,253}(:|$))[a-z\d]([a-z\d-]{0,61}[a-z\d])?(\.[a-z\d]([a-z\d-]{0,61}[a-z\d])?)*(:\d{1,5})?$/i;
  return host.test(value)
    ? undefined
    : "must be an https URL or a bare host name, like https://api.in.kaleyra.io/";
}

export function credential(value: string): string | undefined {
  if (value === "") return "must not be empty";
  if (isVisibleAscii(value)) return undefined;
  if (isVisibleAscii(value.trim()))
    return "has a space or line break at an end: set it again without (its value is not shown)";
  return "must be visible ASCII without spaces (its value is not shown)";
}

import { isLoopback } from "../../contract/url";
import type { NamedProperty } from "../../provider/model/property";
import { labelOf } from "../words";

/** The rules that `audit check` and the policy pack share: one looks at a state, the other at what a program declares. */

/** A resource, whoever shows it. */
export interface Declared {
  readonly properties: readonly NamedProperty[];
  /** A value; undefined where it is not set, a secret or not known yet. */
  value(name: string): unknown;
  readonly isProtected: boolean;
}

/** What is wrong, each as a sentence without its end. None quotes a value that may hold a token. */
type Faults = string[];

/** URLs over http, of another machine. */
export function plainHttp({ properties, value }: Declared): Faults {
  return properties
    .filter(({ name, secret }) => !secret && isPlainHttp(value(name)))
    .map((property) => `${labelOf(property)} (${property.name}) is an address over plain http`);
}

/** An address over http that is not on this machine. */
export function isPlainHttp(value: unknown): boolean {
  return (
    typeof value === "string" && /^http:/i.test(value) && URL.canParse(value) && !isLoopback(new URL(value))
  );
}

/** The default provider without `protect`. */
export function unprotectedDefault(resource: Declared): Faults {
  return isDefault(resource) && !resource.isProtected
    ? ["it is the account's default provider and not protected: one wrong destroy stops every campaign"]
    : [];
}

/** Whether it is the default, or is declared to become it. */
export function isDefault({ value }: Declared): boolean {
  return value("isDefault") === true || value("markAsDefault") === true;
}

/** @param codes allowed country calling codes, digits only; none: every country */
export function foreignCountry({ value }: Declared, codes: readonly string[]): Faults {
  const number = value("mobileNumber");
  if (typeof number !== "string" || codes.length === 0 || codes.some((code) => number.startsWith(code)))
    return [];
  return [`the number's country code is none of those allowed: ${codes.join(", ")}`];
}

/** @param pattern regular expression that the whole nickname must match; empty: every nickname */
export function otherNickname({ value }: Declared, pattern: string): Faults {
  const nickname = value("nickname");
  if (typeof nickname !== "string" || pattern === "") return [];
  return new RegExp(`^(?:${pattern})$`, "u").test(nickname) ? [] : [`the nickname does not match ${pattern}`];
}

/** Texts that both show. */
export const SHARED = {
  "plain-http": {
    about: "an address over plain http, through which credentials and messages can be read",
    remedy: "Use https: ask Kaleyra support, or the owner of the API, for an https address",
  },
  "unprotected-default": {
    about: "the default provider of an account without `protect`",
    remedy: "Set protect: true in the resource's options",
  },
  country: {
    about: "a number of a country that is not allowed",
    remedy: "Use a number of an allowed country, or add the country code to the list",
  },
  nickname: {
    about: "a nickname that does not follow the pattern",
    remedy: "Change the nickname; it is the name that people see in the dashboard",
  },
  "two-defaults": {
    about: "two providers that are, or are to become, the default of one account",
    remedy: "Keep markAsDefault: true on one of them, and let one stack own the default",
  },
} as const;

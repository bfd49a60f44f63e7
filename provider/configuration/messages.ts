import { WhatsAppProviderError } from "../model/errors";
import type { Key } from "./table";
import { defaultOf } from "./values";

/** The configuration in messages: names of settings, and the lines that set them. No message quotes a value. */

/** Some settings of one account have no value. @param isNamed in an entry of `clevertap:accounts` */
export function missing(keys: readonly Key[], isNamed: boolean): WhatsAppProviderError {
  const names = keys.map((key) => settingName(key, isNamed)).join(" and ");
  return new WhatsAppProviderError(
    "missing-configuration",
    `${names} ${keys.length > 1 ? "are" : "is"} not set`,
    {
      remedy: `Run ${setLines(keys, isNamed)}`,
    },
  );
}

/** A setting has a value of a wrong form. */
export function invalid(key: Key, problem: string, isNamed: boolean): WhatsAppProviderError {
  return new WhatsAppProviderError("invalid-configuration", `${settingName(key, isNamed)} ${problem}`, {
    remedy: `Run ${setLines([key], isNamed)}`,
  });
}

/** The lines of `pulumi config set` for some settings, as the end of a remedy. */
export function setLines(keys: readonly Key[], isNamed: boolean): string {
  return keys.map((key) => `\`${setLine(key, isNamed)}\``).join(" and ");
}

/** The line of `pulumi config set` for a setting. */
function setLine(key: Key, isNamed = false): string {
  const words = [
    "pulumi config set",
    key.secret && "--secret",
    isNamed && "--path",
    settingName(key, isNamed),
    valueInLine(key),
  ];
  return words.filter(Boolean).join(" ");
}

/** The name of an entry may be a secret of the program. */
function settingName({ name }: Key, isNamed: boolean): string {
  return isNamed ? `clevertap:accounts.<name>.${name}` : `clevertap:${name}`;
}

function valueInLine(key: Key): string | number | undefined {
  return "example" in key ? key.example : defaultOf(key);
}

import { closest } from "fastest-levenshtein";
import { passcodeNotSecret, plainPasscodes } from "../../configuration/plain-passcodes";
import {
  accountNames,
  apiOf,
  type ConfigReader,
  readSettings,
  type Settings,
} from "../../configuration/settings";
import { KEYS } from "../../configuration/table";
import { WhatsAppProviderError } from "../../model/errors";
import { hasUnknown, type Properties, UNKNOWN } from "../../model/unknown";
import type { Decoded } from "./encoding";

/** The arguments of a provider instance: of the stack's own, which carries the `clevertap:` configuration, or of the program's. */

const NAMES = KEYS.map(({ name }) => name);
const REQUIRED = KEYS.filter(({ required }) => required);
/** Arguments that are secret whatever is passed. */
export const SECRET_ARGUMENTS = KEYS.filter(({ secret }) => secret).map(({ name }) => name);

/** Whether the engine made the instance from the stack's configuration. It calls it `default`, with a version behind it. */
export function isDefaultInstance(urn: string): boolean {
  return /::default(_|$)/.test(urn);
}

/** Settings of an instance. Values may arrive as texts, as the configuration keeps them, or as what they are. */
export function settingsOf(values: Properties, isDefault: boolean): Settings {
  // A program may hold the names of its accounts for secret; those of the stack's configuration are in clear.
  return readSettings(readerOf(values), process.env, isDefault);
}

/** Reads the arguments as {@link settingsOf} does. */
export function readerOf(values: Properties): ConfigReader {
  return (name) => {
    const value = values[name];
    if (value === undefined || value === UNKNOWN) return undefined;
    return typeof value === "string" ? value : JSON.stringify(value);
  };
}

/** Passcodes that stand in the stack's configuration in clear. Only the call to configure still tells. */
export function passcodesInClear({ values, secrets }: Decoded): WhatsAppProviderError[] {
  return plainPasscodes(readerOf(values), (name) => secrets.includes(name)).map(passcodeNotSecret);
}

/** Everything that is wrong with the arguments of an instance that the program makes. What is unknown passes. */
export function checkInstance(values: Properties): WhatsAppProviderError[] {
  const failures = Object.keys(values)
    .filter((name) => !NAMES.includes(name) && !name.startsWith("__"))
    .map(
      (name) =>
        new WhatsAppProviderError("unknown-argument", "there is no such argument", {
          property: name,
          remedy: `Did you mean ${closest(name, NAMES)}?`,
        }),
    );
  const attempt = <T>(run: () => T): T | undefined => {
    try {
      return run();
    } catch (error) {
      if (!WhatsAppProviderError.is(error)) throw error;
      failures.push(forInstance(error));
      return undefined;
    }
  };
  const standIns = Object.fromEntries(
    REQUIRED.map(({ name, kind }) => [name, kind === "url" ? "https://unknown.invalid" : "unknown"]),
  );
  const known = Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, hasUnknown(value) ? standIns[name] : value]),
  );
  const settings = attempt(() => settingsOf(known, false));
  if (!settings) return failures;
  const isForNamedOnly = values.accounts !== undefined && values.accountId === undefined;
  if (!isForNamedOnly) attempt(() => settings.account());
  for (const name of attempt(() => accountNames(readerOf(known))) ?? [])
    if (name !== undefined) attempt(() => settings.account(name));
  return failures;
}

/** The same problem in words for an argument: there is no line of `pulumi config set` that would cure it. */
function forInstance(error: WhatsAppProviderError): WhatsAppProviderError {
  const variables = REQUIRED.flatMap(({ environment }) => environment ?? [])
    .join(", ")
    .replace(/, (?=\w+$)/, " and ");
  const remedy =
    error.code === "missing-configuration"
      ? `Pass it to the Provider, or set ${variables}`
      : "Correct the argument of the Provider";
  return new WhatsAppProviderError(error.code, error.what.replaceAll("clevertap:", ""), { remedy });
}

/** What a change of an instance's arguments means. */
export interface ConfigDiff {
  readonly changed: string[];
  /** Those that mean another account or another API: nothing that the old instance made is there. */
  readonly replaces: string[];
}

/**
 * Compares the arguments of an instance. The stack's own is never replaced: its resources refuse a changed account
 * themselves, and must not all be made anew because the configuration has a slip.
 */
export function diffConfig(urn: string, olds: Properties, news: Properties): ConfigDiff {
  const changed = NAMES.filter(
    (name) => JSON.stringify(olds[name]) !== JSON.stringify(news[name]) || news[name] === UNKNOWN,
  );
  const places = KEYS.filter(({ isPlace }) => isPlace).map(({ name }) => name);
  // The one place that may be named in another way: by a slash at its end, or by the address that it had before.
  const isKept = (name: string) =>
    name === "endpoint" &&
    [news.endpoint, news.formerEndpoint].some((url) => isSameEndpoint(url, olds.endpoint));
  const isOther = (name: string) =>
    changed.includes(name) && typeof olds[name] === "string" && news[name] !== UNKNOWN && !isKept(name);
  const replaces = isDefaultInstance(urn) ? [] : places.filter(isOther);
  return { changed, replaces };
}

/** However it is written: with a slash at its end, for one. */
function isSameEndpoint(a: unknown, b: unknown): boolean {
  return typeof a === "string" && typeof b === "string" && apiOf(a) === apiOf(b);
}

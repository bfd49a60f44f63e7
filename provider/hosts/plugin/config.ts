import { closest } from "fastest-levenshtein";
import { passcodeNotSecret } from "../../configuration/passcode";
import { apiOf, type ConfigReader, readSettings, type Settings } from "../../configuration/settings";
import { WhatsAppProviderError } from "../../model/errors";
import { type Properties, UNKNOWN } from "../../model/unknown";
import type { Decoded } from "./encoding";

/** The arguments of a provider instance: of the stack's own, which carries the `clevertap:` configuration, or of the program's. */

export const CONFIG_KEYS = [
  "endpoint",
  "accountId",
  "passcode",
  "accounts",
  "previewProbe",
  "probeFrom",
  "requestTimeout",
  "maxAttempts",
  "owner",
  "formerEndpoint",
] as const;

/** Whether the engine made the instance from the stack's configuration. It calls it `default`, with a version behind it. */
export function isDefaultInstance(urn: string): boolean {
  return /::default(_|$)/.test(urn);
}

/** Settings of an instance. Values may arrive as texts, as the configuration keeps them, or as what they are. */
export function settingsOf(values: Properties): Settings {
  return readSettings(readerOf(values));
}

function readerOf(values: Properties): ConfigReader {
  return (key) => {
    const value = values[key];
    if (value === undefined || value === UNKNOWN) return undefined;
    return typeof value === "string" ? value : JSON.stringify(value);
  };
}

/** Passcodes that stand in the stack's configuration in clear. Only the call to configure still tells. */
export function plainPasscodes({ values, secrets }: Decoded): WhatsAppProviderError[] {
  const holds = {
    passcode: /./,
    accounts: /"passcode"/,
  };
  const read = readerOf(values);
  return Object.entries(holds)
    .filter(([key, pattern]) => pattern.test(read(key) ?? "") && !secrets.includes(key))
    .map(([key]) => passcodeNotSecret(`clevertap:${key}`));
}

/** Everything that is wrong with the arguments of an instance that the program makes. What is unknown passes. */
export function checkInstance(values: Properties): WhatsAppProviderError[] {
  const failures = Object.keys(values)
    .filter((name) => !(CONFIG_KEYS as readonly string[]).includes(name) && !name.startsWith("__"))
    .map(
      (name) =>
        new WhatsAppProviderError("unknown-argument", "there is no such argument", {
          property: name,
          remedy: `Did you mean ${closest(name, CONFIG_KEYS)}?`,
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
  const standIns: Properties = {
    endpoint: "https://unknown.invalid",
    accountId: "unknown",
    passcode: "unknown",
  };
  const known = Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, value === UNKNOWN ? standIns[key] : value]),
  );
  const settings = attempt(() => settingsOf(known));
  if (!settings) return failures;
  const isForNamedOnly = values.accounts !== undefined && values.accountId === undefined;
  if (!isForNamedOnly) attempt(() => settings.account());
  if (known.accounts !== undefined) {
    for (const name of namesOf(known.accounts) ?? ["?"]) attempt(() => settings.account(name));
  }
  return failures;
}

/** The same problem in words for an argument: there is no line of `pulumi config set` that would cure it. */
function forInstance(error: WhatsAppProviderError): WhatsAppProviderError {
  const remedy =
    error.code === "missing-configuration"
      ? "Pass it to the Provider, or set CLEVERTAP_ENDPOINT, CLEVERTAP_ACCOUNT_ID and CLEVERTAP_PASSCODE"
      : "Correct the argument of the Provider";
  return new WhatsAppProviderError(error.code, error.what.replaceAll("clevertap:", ""), { remedy });
}

function namesOf(accounts: unknown): string[] | undefined {
  try {
    const value: unknown = typeof accounts === "string" ? JSON.parse(accounts) : accounts;
    return Object.keys(value as object);
  } catch {
    return undefined;
  }
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
  const changed = CONFIG_KEYS.filter(
    (key) => JSON.stringify(olds[key]) !== JSON.stringify(news[key]) || news[key] === UNKNOWN,
  );
  const isOther = (key: string) =>
    typeof olds[key] === "string" && news[key] !== UNKNOWN && changed.includes(key as never);
  const isMoved = isSameApi(news.endpoint, olds.endpoint) || isSameApi(news.formerEndpoint, olds.endpoint);
  const places = isMoved ? ["accountId"] : ["endpoint", "accountId"];
  const replaces = isDefaultInstance(urn) ? [] : places.filter(isOther);
  return { changed, replaces };
}

/** However it is written: with a slash at its end, for one. */
function isSameApi(a: unknown, b: unknown): boolean {
  return typeof a === "string" && typeof b === "string" && apiOf(a) === apiOf(b);
}

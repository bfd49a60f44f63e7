import { WhatsAppProviderError } from "../model/errors";
import { visible } from "../model/text";
import { invalid, missing, setLines } from "./messages";
import { KEYS, type Key, type Table } from "./table";
import { defaultOf, parsed, problemOf } from "./values";

type Value<K> = K extends { readonly choices: infer Choices }
  ? keyof Choices
  : K extends { readonly range: unknown }
    ? number
    : K extends { readonly required: true }
      ? string
      : string | undefined;
type OfAccount = Extract<Table[number], { readonly inAccounts: unknown }>;
type OfStack = Exclude<Table[number], { readonly inAccounts: unknown } | { readonly kind: "accounts" }>;

/** What the configuration says of an account: the keys of the table that may stand in an entry of `clevertap:accounts`. */
type AccountSettings = { readonly [K in OfAccount as K["name"]]: Value<K> };

/** An account at the API: where it is and who we are. */
export interface Account extends AccountSettings {
  /** Entry of clevertap:accounts; undefined for the account of clevertap:accountId. */
  readonly name?: string;
  /** Which API it is: origin and base path of the endpoint. Ids and "not found" mean something there only. */
  readonly api: string;
  /** The same API at its earlier address, `clevertap:formerEndpoint`. */
  readonly formerApi?: string;
}

/** The settings that are not bound to an account: the other keys of the table. */
type StackSettings = { readonly [K in OfStack as K["name"]]: Value<K> };

/** The `clevertap:` configuration. Configuration wins over the environment. */
export interface Settings extends StackSettings {
  /** The account of that name. @throws WhatsAppProviderError missing- or invalid-configuration, all problems in one */
  account(name?: string): Account;
}

/** Reads one key of the configuration, without its namespace. */
export type ConfigReader = (name: string) => string | undefined;

const ACCOUNT_KEYS = KEYS.filter(({ inAccounts }) => inAccounts);
const REQUIRED = ACCOUNT_KEYS.filter(({ required }) => required);
/** What an entry of `clevertap:accounts` can't do without. */
const ENTRY_KEYS = REQUIRED.filter(({ inAccounts }) => inAccounts === "own");

/**
 * Reads and checks the settings that are not bound to an account; accounts are read when asked for.
 * @param namesArePublic false where a program made `accounts`: it may hold the names of its entries for secret
 * @throws WhatsAppProviderError invalid-configuration
 */
export function readSettings(
  config: ConfigReader,
  environment: NodeJS.ProcessEnv = process.env,
  namesArePublic = true,
): Settings {
  const text = ({ name, environment: variable = "" }: Key) =>
    config(name) || environment[variable] || undefined;
  const texts = (keys: readonly Key[]) => Object.fromEntries(keys.map((key) => [key.name, text(key)]));
  const ofStack = KEYS.filter(({ inAccounts, kind }) => !inAccounts && kind !== "accounts");
  return {
    ...(checked(ofStack, texts(ofStack), false) as StackSettings),
    account(name) {
      const own = texts(ACCOUNT_KEYS);
      if (name === undefined) return account(own);
      return account(textsOfEntry(name, readAccounts(config), own, namesArePublic), name);
    },
  };
}

/**
 * Names of the accounts that are configured; undefined stands for the one of clevertap:accountId.
 * @throws WhatsAppProviderError invalid-configuration, which quotes nothing
 */
export function accountNames(
  config: ConfigReader,
  environment: NodeJS.ProcessEnv = process.env,
): (string | undefined)[] {
  const names = [...readAccounts(config).keys()];
  return config("accountId") || environment.CLEVERTAP_ACCOUNT_ID ? [undefined, ...names] : names;
}

/** Values by key, as somebody wrote them. */
type Texts = Readonly<Record<string, unknown>>;

/** A program may pass the name as a secret, so no message quotes it. */
function textsOfEntry(name: string, known: Map<string, Texts>, own: Texts, namesArePublic: boolean): Texts {
  const entry = known.get(name);
  if (entry) {
    const inherited = ACCOUNT_KEYS.filter(({ inAccounts }) => inAccounts === "inherited");
    return {
      ...entry,
      ...Object.fromEntries(inherited.map((key) => [key.name, entry[key.name] ?? own[key.name]])),
    };
  }
  const names = [...known.keys()].map(visible).join(", ") || "none";
  throw new WhatsAppProviderError(
    "missing-configuration",
    `clevertap:accounts has no entry of that name${namesArePublic ? ` (it has: ${names})` : ""}`,
    { property: "account", remedy: `Run ${setLines(ENTRY_KEYS, true)}` },
  );
}

function account(texts: Texts, name?: string): Account {
  const settings = checked(ACCOUNT_KEYS, texts, name !== undefined) as AccountSettings;
  const { endpoint, formerEndpoint } = settings;
  return { ...settings, name, api: apiOf(endpoint), formerApi: formerEndpoint && apiOf(formerEndpoint) };
}

/** The values of some keys. @throws WhatsAppProviderError everything that is missing, or the first that is wrong */
function checked(keys: readonly Key[], texts: Texts, isNamed: boolean): Record<string, unknown> {
  const isUnset = ({ name }: Key) => typeof texts[name] !== "string" || texts[name] === "";
  const unset = keys.filter((key) => key.required && isUnset(key));
  if (unset.length > 0) throw missing(unset, isNamed);
  const value = (key: Key) => {
    if (texts[key.name] === undefined) return defaultOf(key);
    const text = String(texts[key.name]);
    const problem = problemOf(key, text);
    if (problem) throw invalid(key, problem, isNamed);
    return parsed(key, text);
  };
  return Object.fromEntries(keys.map((key) => [key.name, value(key)]));
}

/** Origin and base path of an endpoint, the same for every way to write it. */
export function apiOf(endpoint: string): string {
  const { origin, pathname } = new URL(endpoint);
  return `${origin}${pathname.replace(/\/+$/, "")}`;
}

function readAccounts(config: ConfigReader): Map<string, Texts> {
  const text = config("accounts");
  if (!text) return new Map();
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's own error quotes the text, which holds passcodes.
    value = undefined;
  }
  const isMap = (v: unknown): v is Texts => typeof v === "object" && v !== null && !Array.isArray(v);
  if (isMap(value) && Object.values(value).every(isMap))
    return new Map(Object.entries(value) as [string, Texts][]);
  throw new WhatsAppProviderError(
    "invalid-configuration",
    `clevertap:accounts must be a map of names to {${REQUIRED.map(({ name }) => name).join(", ")}}`,
    { remedy: `Run ${setLines(ENTRY_KEYS, true)}` },
  );
}

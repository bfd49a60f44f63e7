import { WhatsAppProviderError } from "../model/errors";
import { visible } from "../model/text";
import { urlProblem } from "../model/url";

/** An account at the API: where it is and who we are. */
export interface Account {
  /** Entry of clevertap:accounts; undefined for the account of clevertap:accountId. */
  readonly name?: string;
  readonly endpoint: string;
  readonly accountId: string;
  readonly passcode: string;
  /** Which API it is: origin and base path of the endpoint. Ids and "not found" mean something there only. */
  readonly api: string;
  /** The same API at its earlier address, `clevertap:formerEndpoint`. */
  readonly formerApi?: string;
}

/** The `clevertap:` configuration. Configuration wins over the environment. */
export interface Settings {
  /** The account of that name. @throws WhatsAppProviderError missing- or invalid-configuration, all problems in one */
  account(name?: string): Account;
  /** When the dry run goes out at preview. Default `each`. */
  readonly previewProbe: "each" | "once" | "off";
  /** Who sends the verification message at preview. Default `api`. */
  readonly probeFrom: "api" | "here";
  /** Seconds per attempt. Default 10. */
  readonly requestTimeout: number;
  /** Attempts per call, the first included. Default 5. */
  readonly maxAttempts: number;
  /** Prefix of the owner's mark, for equal stacks on different backends. */
  readonly owner?: string;
}

/** Reads one key of the configuration, without its namespace. */
export type ConfigReader = (key: string) => string | undefined;

const ENVIRONMENT: Record<string, string> = {
  endpoint: "CLEVERTAP_ENDPOINT",
  accountId: "CLEVERTAP_ACCOUNT_ID",
  passcode: "CLEVERTAP_PASSCODE",
};

const EXAMPLE: Record<string, string> = {
  endpoint: "pulumi config set clevertap:endpoint <URL>",
  accountId: "pulumi config set clevertap:accountId <ID>",
  passcode: "pulumi config set --secret clevertap:passcode",
};

const NAMED_EXAMPLE: Record<string, string> = {
  endpoint: "pulumi config set --path clevertap:accounts.<name>.endpoint <URL>",
  accountId: "pulumi config set --path clevertap:accounts.<name>.accountId <ID>",
  passcode: "pulumi config set --secret --path clevertap:accounts.<name>.passcode",
};

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
  const setting = (key: string) => config(key) || environment[ENVIRONMENT[key] ?? ""] || undefined;
  return {
    account: (name) =>
      name === undefined
        ? checked(undefined, {
            endpoint: setting("endpoint"),
            accountId: setting("accountId"),
            passcode: setting("passcode"),
            formerEndpoint: setting("formerEndpoint"),
          })
        : namedAccount(name, readAccounts(config), setting("endpoint"), namesArePublic),
    previewProbe: oneOf("previewProbe", config("previewProbe"), ["each", "once", "off"]),
    probeFrom: oneOf("probeFrom", config("probeFrom"), ["api", "here"]),
    requestTimeout: positive("requestTimeout", config("requestTimeout"), 10, 600, "seconds"),
    maxAttempts: Math.floor(positive("maxAttempts", config("maxAttempts"), 5, 20, "attempts")),
    owner: config("owner") || undefined,
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

type RawAccount = Partial<Record<"endpoint" | "accountId" | "passcode" | "formerEndpoint", unknown>>;

/** A program may pass the name as a secret, so no message of this file quotes it. */
function namedAccount(
  name: string,
  known: Map<string, RawAccount>,
  endpoint: string | undefined,
  namesArePublic: boolean,
): Account {
  const entry = known.get(name);
  if (entry) return checked(name, { ...entry, endpoint: entry.endpoint ?? endpoint });
  const names = [...known.keys()].map(visible).join(", ") || "none";
  throw new WhatsAppProviderError(
    "missing-configuration",
    `clevertap:accounts has no entry of that name${namesArePublic ? ` (it has: ${names})` : ""}`,
    { property: "account", remedy: `Run ${lines(true, ["accountId", "passcode"])}` },
  );
}

function checked(name: string | undefined, values: RawAccount): Account {
  const isNamed = name !== undefined;
  const missing = Object.keys(EXAMPLE).filter((key) => {
    const value = values[key as keyof RawAccount];
    return typeof value !== "string" || value === "";
  });
  if (missing.length > 0) {
    const what = missing.map((key) => settingName(isNamed, key)).join(" and ");
    throw new WhatsAppProviderError(
      "missing-configuration",
      `${what} ${missing.length > 1 ? "are" : "is"} not set`,
      { remedy: `Run ${lines(isNamed, missing)}` },
    );
  }
  const { endpoint, accountId, passcode, formerEndpoint } = values as Record<keyof RawAccount, string>;
  for (const [key, url] of Object.entries({ endpoint, formerEndpoint })) {
    const bad = url === undefined ? undefined : urlProblem(String(url));
    if (bad) throw invalid(isNamed, key, bad);
  }
  for (const [key, value] of Object.entries({ accountId, passcode })) {
    if (!/^[\x21-\x7e]+$/.test(value)) throw invalid(isNamed, key, "must be visible ASCII without spaces");
  }
  const formerApi = formerEndpoint ? apiOf(formerEndpoint) : undefined;
  return { name, endpoint, accountId, passcode, api: apiOf(endpoint), formerApi };
}

/** Origin and base path of an endpoint, the same for every way to write it. */
export function apiOf(endpoint: string): string {
  const { origin, pathname } = new URL(endpoint);
  return `${origin}${pathname.replace(/\/+$/, "")}`;
}

function invalid(isNamed: boolean, key: string, problem: string): WhatsAppProviderError {
  return new WhatsAppProviderError("invalid-configuration", `${settingName(isNamed, key)} ${problem}`, {
    remedy: `Run ${lines(isNamed, [key])}`,
  });
}

/** The configuration's name of a setting, as messages print it. */
function settingName(isNamed: boolean, key: string): string {
  return isNamed ? `clevertap:accounts.<name>.${key}` : `clevertap:${key}`;
}

function lines(isNamed: boolean, keys: string[]): string {
  const examples = isNamed ? NAMED_EXAMPLE : EXAMPLE;
  const former = isNamed ? "--path clevertap:accounts.<name>.formerEndpoint" : "clevertap:formerEndpoint";
  return keys.map((key) => `\`${examples[key] ?? `pulumi config set ${former} <URL>`}\``).join(" and ");
}

function readAccounts(config: ConfigReader): Map<string, RawAccount> {
  const text = config("accounts");
  if (!text) return new Map();
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's own error quotes the text, which holds passcodes.
    value = undefined;
  }
  const isObject = (v: unknown): v is object => typeof v === "object" && v !== null && !Array.isArray(v);
  if (!isObject(value) || !Object.values(value).every(isObject)) {
    throw new WhatsAppProviderError(
      "invalid-configuration",
      "clevertap:accounts must be a map of names to {endpoint, accountId, passcode}",
      { remedy: `Run ${lines(true, ["accountId", "passcode"])}` },
    );
  }
  return new Map(Object.entries(value));
}

function oneOf<T extends string>(key: string, value: string | undefined, choices: readonly [T, ...T[]]): T {
  if (!value) return choices[0];
  if ((choices as readonly string[]).includes(value)) return value as T;
  throw new WhatsAppProviderError("invalid-configuration", `clevertap:${key} must be ${choices.join(", ")}`, {
    remedy: `Run \`pulumi config set clevertap:${key} ${choices[0]}\``,
  });
}

function positive(
  key: string,
  value: string | undefined,
  standard: number,
  most: number,
  unit: string,
): number {
  if (!value) return standard;
  const number = Number(value);
  if (number >= 1 && number <= most) return number;
  throw new WhatsAppProviderError("invalid-configuration", `clevertap:${key} must be 1 to ${most} ${unit}`, {
    remedy: `Run \`pulumi config set clevertap:${key} ${standard}\``,
  });
}

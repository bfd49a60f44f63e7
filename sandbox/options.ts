/** An account of the sandbox's CleverTap. */
export interface SandboxAccount {
  readonly id: string;
  readonly passcode: string;
  /** True: its writes are answered with 403 forbidden. */
  readonly readOnly?: boolean;
}

/** Credentials that the stand-in for Kaleyra's middleware accepts. */
export interface KaleyraCredentials {
  readonly sid: string;
  readonly apiKey: string;
  /** Keys that are valid as well, such as the old one while a rotation goes on. Default: none. */
  readonly otherApiKeys?: readonly string[];
}

/** Every key that is valid, the one for new providers first. */
export function apiKeysOf({ apiKey, otherApiKeys = [] }: KaleyraCredentials): string[] {
  return [apiKey, ...otherApiKeys];
}

export interface SandboxOptions {
  /** Port on 127.0.0.1; 0, the default, takes any free one. */
  readonly port?: number;
  /** Folder of the SQLite file. Left out: everything is kept in memory. */
  readonly dataDir?: string;
  readonly accounts?: readonly SandboxAccount[];
  readonly kaleyra?: KaleyraCredentials;
  /** Numbers that the stand-in knows: single ones, or ranges such as `14155550100-14155550199`. */
  readonly approvedNumbers?: readonly string[];
  /** Numbers in `approvedNumbers` that are not subscribed all the same (code 2003). */
  readonly unsubscribedNumbers?: readonly string[];
  /** Numbers that are answered with code 2002. */
  readonly invalidNumbers?: readonly string[];
  /** Hosts of Kaleyra that the stand-in knows, beside the sandbox itself; without scheme and slash. */
  readonly kaleyraHosts?: readonly string[];
  /** Whether the details of a number hold its Incoming URL. Default false: Kaleyra's documentation does not name it. */
  readonly showsIncomingUrl?: boolean;
  /** The most items that the listing serves on one page, whatever is asked for. Default 100. */
  readonly pageSize?: number;
  readonly payloadVersion?: string;
  /**
   * True: it plays a server that people work. What is saved waits until somebody confirms it, at its page or by a control call.
   * Default false.
   */
  readonly manual?: boolean;
  /** How long Save waits for the HTTP End Point, in milliseconds. Default 1000, as CleverTap does. */
  readonly verificationLimitMs?: number;
  /** How long an Idempotency-Key is kept, in milliseconds. Default 24 hours. */
  readonly idempotencyMs?: number;
}

export type Settings = Required<Omit<SandboxOptions, "dataDir">> & { readonly dataDir: string | undefined };

/** The values that belong to no one, in shape only. */
export const DEFAULT_ACCOUNTS: readonly SandboxAccount[] = [
  { id: "TEST-000-001Z", passcode: "sandbox-passcode-one" },
  { id: "TEST-000-002Z", passcode: "sandbox-passcode-two" },
  { id: "TEST-000-003Z", passcode: "sandbox-passcode-three", readOnly: true },
];

const DEFAULTS = {
  port: 0,
  accounts: DEFAULT_ACCOUNTS,
  kaleyra: { sid: "HXIN1234567890IN", apiKey: "A0123456789abcdef0123456789abcdef" },
  approvedNumbers: [
    "919999999999",
    "917834811114",
    "15017122661",
    "14155551234",
    "14155550100-14155550199",
    "16505553333",
    "447700900000-447700900999",
  ],
  unsubscribedNumbers: ["14155550199"],
  invalidNumbers: ["9407178156"],
  kaleyraHosts: [
    "api.in.kaleyra.io",
    "api.ap.kaleyra.io",
    "api.eu.kaleyra.io",
    "api.na.kaleyra.io",
    "api.kaleyra.io",
  ],
  showsIncomingUrl: false,
  pageSize: 100,
  payloadVersion: "0.1",
  manual: false,
  verificationLimitMs: 1_000,
  idempotencyMs: 24 * 60 * 60 * 1000,
};

/** Options with the defaults filled in; a member that is undefined counts as left out. */
export function settingsOf(options: SandboxOptions): Settings {
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  return { ...DEFAULTS, dataDir: undefined, ...given };
}

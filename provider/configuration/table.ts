/**
 * The one table of the `clevertap:` configuration. It is plain data, and a new key is an entry here: the settings, their
 * checks and messages, the warnings of misspelt keys, the refusal of passcodes in clear, and the arguments of an explicit
 * `Provider` follow from it when the program runs; `ProviderArgs`, the plugin's schema and the README's table are
 * generated from it (`npm run docs`).
 */

/** One key of the configuration. */
export type Key = Common & (Text | Choice | Quantity);

interface Common {
  /** Without the namespace. */
  readonly name: string;
  /** Environment variable that counts where the configuration has no value. */
  readonly environment?: string;
  /** Kept encrypted; a value in clear is refused. */
  readonly secret?: true;
  /** No account is complete without it. */
  readonly required?: true;
  /** May stand in an entry of `clevertap:accounts`. An entry that leaves out an inherited one has the stack's. */
  readonly inAccounts?: "own" | "inherited";
  /** Says where resources are: another value replaces an explicit instance and what it has made. */
  readonly isPlace?: true;
  /** Meaning, without what other members of the entry say. */
  readonly doc: string;
}

interface Text {
  /** "token": visible ASCII without spaces. "accounts": a map of names to what `inAccounts` lets in. */
  readonly kind: "text" | "token" | "url" | "accounts";
  /** Stands for the value in the line of `pulumi config set`. Without one the CLI asks for it. */
  readonly example?: string;
}

interface Choice {
  readonly kind: "choice";
  /** Each value and its meaning. The first is the default. */
  readonly choices: Readonly<Record<string, string>>;
}

interface Quantity {
  /** "integer" cuts off a fraction. */
  readonly kind: "number" | "integer";
  readonly range: readonly [least: number, most: number];
  readonly unit: string;
  readonly default: number;
}

const TABLE = [
  {
    name: "endpoint",
    kind: "url",
    environment: "CLEVERTAP_ENDPOINT",
    required: true,
    inAccounts: "inherited",
    isPlace: true,
    doc: "Base URL of the provider API, a server of the project's contract: https, or http on loopback.",
    example: "<URL>",
  },
  {
    name: "accountId",
    kind: "token",
    environment: "CLEVERTAP_ACCOUNT_ID",
    required: true,
    inAccounts: "own",
    isPlace: true,
    doc: "CleverTap account.",
    example: "<ID>",
  },
  {
    name: "passcode",
    kind: "token",
    environment: "CLEVERTAP_PASSCODE",
    secret: true,
    required: true,
    inAccounts: "own",
    doc: "Passcode of the account.",
  },
  {
    name: "accounts",
    kind: "accounts",
    secret: true,
    doc: "Further accounts by name, for the argument `account`.",
  },
  {
    name: "previewProbe",
    kind: "choice",
    choices: {
      each: "for every new or changed provider",
      once: "once for each distinct endpoint and credentials",
      off: "never",
    },
    doc: "When the dry run goes out at preview.",
  },
  {
    name: "probeFrom",
    kind: "choice",
    choices: {
      api: "the server, by its dry run",
      here: "this machine, straight to the HTTP End Point",
    },
    doc: "Who sends the verification message at preview.",
  },
  {
    name: "requestTimeout",
    kind: "number",
    range: [1, 600],
    unit: "seconds",
    default: 10,
    doc: "Seconds per attempt.",
  },
  {
    name: "maxAttempts",
    kind: "integer",
    range: [1, 20],
    unit: "attempts",
    default: 5,
    doc: "Attempts per call, the first included.",
  },
  {
    name: "waitFor",
    kind: "number",
    range: [0, 86_400],
    unit: "seconds",
    default: 0,
    doc: "Seconds that `up` waits for a pending change, where people work the server; with 0 it names the task and goes on.",
  },
  {
    name: "owner",
    kind: "text",
    doc: "Prefix of the owner's mark, for equal stacks on different backends.",
    example: "<PREFIX>",
  },
  {
    name: "formerEndpoint",
    kind: "url",
    inAccounts: "own",
    doc: "The earlier endpoint of an API that has moved: nothing is replaced, and the next `up` records the new one.",
    example: "<URL>",
  },
] as const satisfies readonly Key[];

/** The entries as they are written, for types that follow from them. */
export type Table = typeof TABLE;

/** The keys, in the order of the documents. */
export const KEYS: readonly Key[] = TABLE;

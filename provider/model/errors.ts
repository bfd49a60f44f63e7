/**
 * Every error of this package: one class, one table of codes. `docs/errors.md` is generated from the table.
 */

/** What the table says of a code: when it occurs and what the user can do. */
export interface ErrorEntry {
  /** When it occurs, as one sentence. */
  readonly when: string;
  /** What to do about it, as one sentence; it ends each message. */
  readonly remedy: string;
}

/** The table of codes. The codes of the API (contract/openapi.yaml) keep their names. */
export const ERRORS = {
  "invalid-input": {
    when: "An argument breaks a rule that the dashboard would refuse at Save.",
    remedy: "Correct the argument; the message gives the accepted form.",
  },
  "unknown-argument": {
    when: "The program passes an argument that the resource does not have.",
    remedy: "Use the name that the message suggests, or remove the argument.",
  },
  "placeholder-secret": {
    when: "A secret still holds the placeholder that an import wrote.",
    remedy:
      "Set the real value, best with pulumi config set --secret, and read it with config.requireSecret.",
  },
  "missing-configuration": {
    when: "The endpoint, the account id or the passcode is set neither in the configuration nor in the environment.",
    remedy: "Run the `pulumi config set` lines in the message.",
  },
  "invalid-configuration": {
    when: "A value of the clevertap: configuration, or its environment variable, has a wrong form.",
    remedy: "Correct it with the `pulumi config set` line in the message.",
  },
  "passcode-not-secret": {
    when: "A passcode stands in the configuration in clear.",
    remedy:
      "Set it again with the `--secret` line in the message, and rotate it if it was committed or `pulumi up` has run.",
  },
  "account-mismatch": {
    when: "The account configured now is not the one in which the provider was made.",
    remedy: "Configure the account that the state names, or move the resource by setting `account`.",
  },
  "api-mismatch": {
    when: "The API configured now is not the one at which the provider was made: its 404 would prove nothing.",
    remedy:
      "Configure the endpoint that the state names, or name it in clevertap:formerEndpoint where the API has moved.",
  },
  "number-in-use": {
    when: "Another provider of the account already holds the number.",
    remedy: "Adopt that provider with adoptExisting, remove it, or use another number.",
  },
  "number-declared-twice": {
    when: "Two resources of one program declare the same number in the same account, or set its Incoming URL.",
    remedy: "Keep one; for a rename use an alias, for a swap of numbers do it in two updates.",
  },
  "default-declared-twice": {
    when: "Two resources of one program set markAsDefault: true in the same account.",
    remedy: "Keep markAsDefault: true on one of them.",
  },
  "changed-elsewhere": {
    when: "Someone changed the provider since the state was last written.",
    remedy: "Run `pulumi refresh`, look at the difference, then run `pulumi up` again.",
  },
  "taken-over": {
    when: "The provider carries a mark that this state did not write: another stack, or a later create, took it over.",
    remedy:
      "Leave it to its owner with `pulumi state delete URN`, or take it with adoptExisting and the mark that the message quotes.",
  },
  "provider-not-found": {
    when: "The provider does not exist in the account.",
    remedy: "Run `pulumi refresh`, then `pulumi up` creates it again.",
  },
  "provider-in-use": {
    when: "The API refuses to delete a provider that something still uses.",
    remedy: "Move the campaigns that use it to another provider, then run `pulumi destroy` again.",
  },
  "invalid-field": {
    when: "The API refuses a field.",
    remedy: "Correct the properties that the message names.",
  },
  "verification-failed": {
    when: "The HTTP End Point refused the verification message that Save sends.",
    remedy:
      "Correct the properties that the message names; `npx pulumi-clevertap-whatsapp verify` tries them alone.",
  },
  "verification-timeout": {
    when: "The HTTP End Point did not answer the verification message within 1 second.",
    remedy: "Check httpEndpoint and try again.",
  },
  "idempotency-key-reused": {
    when: "The API says that an Idempotency-Key was used with another body.",
    remedy: "Run `pulumi up` again: each create call makes its own key.",
  },
  "request-in-progress": {
    when: "An earlier attempt of the same create is still running at the API.",
    remedy: "Run `pulumi up` again: it finishes what was begun.",
  },
  "precondition-required": {
    when: "The API did not see the If-Match or Idempotency-Key header of a write, so something between removed it.",
    remedy: "Let the proxy or gateway pass the headers If-Match and Idempotency-Key.",
  },
  unauthenticated: {
    when: "The API does not accept the credentials.",
    remedy:
      "Check the account id, the passcode and the region of the endpoint: all three must belong together. " +
      "Refresh and destroy use the configuration of the last `pulumi up`: after a change run that first, without --refresh, or add --run-program.",
  },
  forbidden: {
    when: "The credentials are valid but may not do this.",
    remedy: "Give the account's passcode the right to manage WhatsApp providers.",
  },
  "too-many-requests": {
    when: "The API still asked to slow down at the last attempt.",
    remedy: "Run it again later, or lower --parallel.",
  },
  unavailable: {
    when: "The API answered with a server error at every attempt.",
    remedy: "Run it again later.",
  },
  "defaults-not-set": {
    when: "People work the API, and nobody has entered the callback URLs of the account there yet.",
    remedy:
      "Copy the two callback URLs and the payload version from the dashboard's form to the page that the message names, then run it again.",
  },
  refused: {
    when: "While `clevertap:waitFor` lasted, the person who was to make the change reported that CleverTap refused it.",
    remedy: "Correct what the reason names, then run `pulumi up`: it sends the change again.",
  },
  "still-pending": {
    when: "`clevertap:waitFor` is over, and nobody has made the change in the dashboard yet.",
    remedy:
      "Run `pulumi up` again to go on waiting, or `npx pulumi-clevertap-whatsapp wait`: the task stays the same.",
  },
  unreachable: {
    when: "The API could not be reached: name, connection, TLS or time limit.",
    remedy: "Check clevertap:endpoint, the network and the proxy settings, then run it again.",
  },
  "outcome-unknown": {
    when: "A write got no readable answer, so it is not known whether it took effect.",
    remedy: "Run `pulumi up` again: it looks first and finishes without making a duplicate.",
  },
  "bad-answer": {
    when: "What answered does not speak the contract: HTML, broken JSON, a wrong shape, too much, a redirect.",
    remedy:
      "Check that clevertap:endpoint is the base URL of the provider API and not of a web page or gateway.",
  },
  "not-the-api": {
    when: "A 404 that is not the API's own: a gateway's, or a wrong base path.",
    remedy: "Check the path in clevertap:endpoint; nothing was taken for deleted.",
  },
  "request-refused": {
    when: "The API refused the request with a status that has no code of its own.",
    remedy: "Look at the text of the API in the message; the request id helps its operators.",
  },
  "internal-error": {
    when: "A defect of this package, or something that it did not foresee. Its text is not shown, since it may hold a value.",
    remedy:
      "Set CLEVERTAP_DEBUG=1, run it again where nobody reads along, and report what it prints without the values.",
  },
  cancelled: {
    when: "The operation was cancelled while a request was under way.",
    remedy: "Run `pulumi up` again: it looks first and finishes what was begun.",
  },
} as const satisfies Record<string, ErrorEntry>;

/** A code of the table. */
export type ErrorCode = keyof typeof ERRORS;

const BRAND = Symbol.for("pulumi-clevertap-whatsapp.error");

/** What an error can say beside its text. */
export interface ErrorDetails {
  /** The property that it is about, as in the program: `apiKey`, `headers.x-team`. */
  readonly property?: string;
  /** HTTP status of the API's answer. */
  readonly status?: number;
  /** `X-Request-Id` of the last attempt. */
  readonly requestId?: string;
  /** Replaces the remedy of the table where the throw site knows better; empty where the text holds it already. */
  readonly remedy?: string;
}

/**
 * The error of this package. Its message never holds a secret.
 *
 * @example
 * try { await getWhatsAppProvider({ mobileNumber: "919999999999" }); }
 * catch (e) { if (WhatsAppProviderError.is(e) && e.code === "provider-not-found") { … } }
 */
export class WhatsAppProviderError extends Error {
  readonly code: ErrorCode;
  readonly property?: string;
  readonly status?: number;
  readonly requestId?: string;
  /** What happened, without remedy and code. */
  readonly what: string;

  constructor(code: ErrorCode, what: string, details: ErrorDetails = {}) {
    super(render(code, what, details));
    this.name = "WhatsAppProviderError";
    this.code = code;
    this.what = what;
    this.property = details.property;
    this.status = details.status;
    this.requestId = details.requestId;
    Object.defineProperty(this, BRAND, { value: true });
    // In a program, the SDK prints the message of such an error and not its stack.
    Object.defineProperty(this, "__pulumiRunError", { value: true });
  }

  /** Recognises the error across two installed copies of the package. */
  static is(error: unknown): error is WhatsAppProviderError {
    return typeof error === "object" && error !== null && BRAND in error;
  }
}

/** For an error that is not ours: its own message may quote a value, so only its kind is told. */
export function unexpected(error: unknown): WhatsAppProviderError {
  const kind = error instanceof Error ? error.name : typeof error;
  return new WhatsAppProviderError("internal-error", `unexpected ${kind}`);
}

/** For what a program asks for and this package does not have: its types come from another version. */
export function notInThisVersion(what: string): WhatsAppProviderError {
  return new WhatsAppProviderError("internal-error", `there is no ${what} in this package`, {
    remedy: "Install the version of the package that the program is written for",
  });
}

/** `<property>: <what>. <remedy> [code, request id]` */
function render(code: ErrorCode, what: string, { property, requestId, remedy }: ErrorDetails): string {
  const head = property ? `${property}: ${what}` : what;
  const request = requestId ? `, request ${requestId}` : "";
  const advice = remedy ?? ERRORS[code].remedy;
  return `${head}${advice && `. ${advice}`} [${code}${request}]`;
}

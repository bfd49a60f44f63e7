import { urlFault } from "../../contract/url";
import { WhatsAppProviderError } from "../model/errors";
import { isVisibleAscii } from "../model/text";
import { Caller, type CallerOptions } from "./call";
import { type Endpoints, endpoints } from "./endpoints";
import { type Clock, realClock } from "./retry";

/** Where the API is, the account, and how long to try. */
export interface ClientOptions extends CallerOptions {
  /** Base URL: https, or http on loopback. */
  readonly endpoint: string;
}

/** Characters of a text of the API that are shown. */
const LONGEST_TEXT = 1000;

/** A client of the contract. */
export interface ProviderApi extends Endpoints {
  /** Further secrets to take out of texts of the API, beside those that a call carries: those in state, for example. */
  conceal(values: readonly string[]): void;
  /** A text that the API stored, fit to be shown and kept: what people type can hold a secret. */
  withoutSecrets(text: string): string;
  /** Ends all connections; calls under way fail. */
  close(): Promise<void>;
}

/**
 * Makes a client. Nothing is loaded or opened before the first call.
 * @throws WhatsAppProviderError invalid-configuration
 */
export function createClient(options: ClientOptions, clock: Partial<Clock> = {}): ProviderApi {
  const { origin, path } = baseOf(options.endpoint);
  expectHeaderText("accountId", options.accountId);
  expectHeaderText("passcode", options.passcode);
  const caller = new Caller(origin, options, { ...realClock, ...clock });
  return {
    ...endpoints(caller, `${path}/v1/whatsapp`),
    conceal: (values) => caller.conceal(values),
    withoutSecrets: (text) => caller.redactor.text(text, LONGEST_TEXT),
    close: () => caller.close(),
  };
}

function baseOf(endpoint: string): { origin: string; path: string } {
  const problem =
    urlFault(endpoint) ?? (endpoint.includes("?") ? "must not contain a query (?…)" : undefined);
  if (problem) throw new WhatsAppProviderError("invalid-configuration", `clevertap:endpoint ${problem}`);
  const { origin, pathname } = new URL(endpoint);
  return { origin, path: pathname.replace(/\/+$/, "") };
}

/** A line break, for example, would end the header. */
function expectHeaderText(name: string, value: string): void {
  if (typeof value === "string" && isVisibleAscii(value)) return;
  throw new WhatsAppProviderError(
    "invalid-configuration",
    `clevertap:${name} must be visible ASCII characters without spaces`,
  );
}

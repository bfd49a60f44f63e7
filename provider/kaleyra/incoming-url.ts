import { membersOf, parseJson } from "../../contract/json";
import type { Failure } from "../api/api-error";
import { errorOf, userAgent, withoutAnswer } from "../api/call";
import { header, retryAfterSeconds, sentence } from "../api/error-answers";
import { type Redactor, redactor } from "../api/redact";
import { type Clock, type Patience, withRetries } from "../api/retry";
import { type Answer, openTransport, type Request, type Transport } from "../api/transport";
import type { ErrorCode } from "../model/errors";
import { harmless } from "../model/sentinels";
import { readEnvelope } from "./envelope";
import { detailsPath, type KaleyraAccess, whatsAppRoot } from "./number";

/**
 * The two calls of Kaleyra's number API that the resource makes. Requests are as documented; answers are not documented in
 * full, so a success is what HTTP calls one and what has an empty `error`.
 */

/** How long to try. */
export interface KaleyraOptions extends Patience {
  /** Seconds per attempt. */
  readonly requestTimeout: number;
}

/** What the details of a number say. */
export interface NumberDetails {
  /** Missing where the answer does not hold it. */
  readonly incomingUrl?: string;
}

/** Name of the URL in requests, and in answers that hold it. */
const INCOMING_URL = "incoming_url";

/** The calls with one key. Nothing is opened before the first. */
export class KaleyraNumbers {
  readonly #secrets: Redactor;
  #transport?: Transport;

  constructor(
    private readonly access: KaleyraAccess,
    private readonly options: KaleyraOptions,
    private readonly clock: Clock,
  ) {
    this.#secrets = redactor([access.apiKey, access.sid]);
  }

  /**
   * Reads a number.
   * @param expected URLs that would be no surprise. Any other goes into state and messages without what looks like a secret
   * @throws ApiError
   */
  async details(mobileNumber: string, expected: readonly unknown[]): Promise<NumberDetails> {
    const { path } = detailsPath(this.access, mobileNumber);
    const url = found(await this.#call({ name: "the read of the number" }, { method: "GET", path }));
    if (url === undefined || expected.includes(url)) return { incomingUrl: url };
    return { incomingUrl: this.#secrets.name(harmless(url)) };
  }

  /** Sets the Incoming URL of a number, and nothing else of it. It may be repeated. @throws ApiError */
  async setIncomingUrl(mobileNumber: string, url: string): Promise<void> {
    const path = `${whatsAppRoot(this.access, "v1").path}/number`;
    const body = JSON.stringify({ wa_number: mobileNumber, [INCOMING_URL]: url });
    await this.#call({ name: "the update of the number", isWrite: true }, { method: "PUT", path, body });
  }

  async close(): Promise<void> {
    await this.#transport?.close();
  }

  /** @returns the answer's body as JSON */
  async #call(call: { name: string; isWrite?: true }, request: Omit<Request, "headers">): Promise<unknown> {
    const headers = {
      "api-key": this.access.apiKey,
      "Content-Type": "application/json",
      Accept: "application/json",
      "User-Agent": userAgent(),
    };
    const { requestTimeout, signal } = this.options;
    const { origin } = whatsAppRoot(this.access, "v1");
    this.#transport ??= openTransport(origin, requestTimeout * 1000);
    const transport = this.#transport;
    const attempt = async () => {
      const result = await transport.send({ ...request, headers }, signal);
      return "status" in result ? judge(result, call, this.#secrets) : withoutAnswer(result, call);
    };
    const ended = await withRetries(attempt, this.options, this.clock);
    if ("value" in ended) return ended.value;
    throw errorOf(call, ended, detailsOf);
  }
}

/** The property that an error of a call is about, and what to do: the table of codes speaks of CleverTap's API. */
export function detailsOf(code: ErrorCode): { property?: string; remedy?: string } {
  switch (code) {
    case "unauthenticated":
      return {
        property: "apiKey",
        remedy: "Check apiKey, sid and kaleyraHost: all three must belong together",
      };
    case "forbidden":
      return { property: "apiKey", remedy: "Ask Kaleyra for a key that may manage WhatsApp numbers" };
    case "unreachable":
      return {
        property: "kaleyraHost",
        remedy: "Check kaleyraHost, the network and the proxy settings, then run it again",
      };
    case "bad-answer":
      return {
        property: "kaleyraHost",
        remedy: "Check that kaleyraHost is the host of Kaleyra's API and not of a web page or gateway",
      };
    case "request-refused":
      return { remedy: "Check mobileNumber and kaleyraHost; the text is Kaleyra's" };
    case "outcome-unknown":
      return { remedy: "Run `pulumi up` again: it sets the same URL again" };
    default:
      return {};
  }
}

/** What one answer means. */
function judge(
  answer: Answer,
  { isWrite = false }: { isWrite?: boolean },
  redact: Redactor,
): { value: unknown } | Failure {
  const { status, body } = answer;
  const json = parseJson(body);
  const isSuccess = status >= 200 && status < 300;
  // An empty body has an empty error too. A web page has not: a gateway answered.
  if (isSuccess && body.trim() !== "" && (typeof json !== "object" || json === null)) {
    const what = `Kaleyra's answer (status ${status}) is not the JSON object of its API`;
    return { code: "bad-answer", what, retry: true, lost: isWrite, status };
  }
  const { isDone, refusesKey, code, message } = readEnvelope(status, json);
  if (isDone) return { value: json };
  const [ours, what] = refusesKey
    ? (["unauthenticated", "Kaleyra does not accept this key with this sid"] as const)
    : meaningOf(status);
  const numbers = [`HTTP ${status}`, code && redact.text(code, 64)].filter(Boolean).join(", ");
  const words = sentence(redact.text(message));
  const mayHeal = !refusesKey && (status === 408 || status === 429 || status >= 500);
  return {
    code: ours,
    what: `${what} (${numbers})${words && `: ${words}`}`,
    retry: mayHeal,
    lost: isWrite && mayHeal && status !== 429,
    retryAfter: retryAfterSeconds(header(answer, "retry-after"), header(answer, "date")),
    status,
  };
}

function meaningOf(status: number): readonly [ErrorCode, string] {
  if (status === 403) return ["forbidden", "Kaleyra does not allow this with this key"];
  if (status === 429) return ["too-many-requests", "Kaleyra asks to slow down"];
  if (status === 408) return ["unavailable", "Kaleyra did not get the request in time"];
  if (status >= 500) return ["unavailable", "Kaleyra answers with a server error"];
  if (status >= 300 && status < 400)
    return ["bad-answer", "what answered sends elsewhere, which is not followed"];
  return ["request-refused", "Kaleyra refuses the request"];
}

/** Where in an answer the URL stands is not documented: the first member of its name counts, at any depth. */
function found(json: unknown, depth = 0): string | undefined {
  const members = membersOf(json);
  const own = Object.hasOwn(members, INCOMING_URL) ? members[INCOMING_URL] : undefined;
  if (typeof own === "string" && own !== "") return own;
  if (depth === DEPTH) return undefined;
  for (const member of Object.values(members)) {
    const inside = found(member, depth + 1);
    if (inside !== undefined) return inside;
  }
  return undefined;
}

/** Levels of an answer that are looked into. */
const DEPTH = 5;

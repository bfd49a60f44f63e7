import type { IncomingHttpHeaders } from "node:http";
import type * as Undici from "undici";
import { isLoopback } from "../../contract/url";
import { WhatsAppProviderError } from "../model/errors";

/** Every request of the process goes through here. Its result is an answer or a breakdown, never an exception with a foreign error inside. */

/** The request of one attempt. */
export interface Request {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** Path and query. */
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body?: string;
}

/** A complete answer. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Why there is no complete answer. */
export interface Breakdown {
  readonly code: "unreachable" | "bad-answer" | "cancelled";
  /** What happened; it holds no foreign text. */
  readonly what: string;
  /** Whether the request may have reached the server. */
  readonly sent: boolean;
  /** Whether another attempt may go better. */
  readonly heals: boolean;
  /** The time limit was reached. */
  readonly timedOut?: true;
}

/** Sends requests to one origin. */
export interface Transport {
  send(request: Request, signal?: AbortSignal): Promise<Answer | Breakdown>;
  close(): Promise<void>;
}

/** Longest answer, in bytes; beyond it the connection is destroyed. A page of 100 providers has some 200 kB. */
const MAX_BODY = 8 * 1024 * 1024;
/** Connections to the API at a time, and so requests at a time. */
const MAX_CONNECTIONS = 16;

/**
 * Opens the transport. TLS certificates are verified whatever the environment says; redirects are not followed.
 * @param origin scheme, host and port
 * @param timeout milliseconds for one attempt, connection, headers and body together
 * @throws WhatsAppProviderError invalid-configuration when the proxy variables hold no URL
 */
export function openTransport(origin: string, timeout: number): Transport {
  const dispatcher = dispatcherFor(origin, timeout);
  const inTurn = atMost(MAX_CONNECTIONS);
  return {
    // The time limit starts with a free connection: the wait for one is no fault of the API.
    send: (request, signal) => inTurn(() => exchange(dispatcher, origin, request, timeout, signal)),
    close: () => dispatcher.destroy(),
  };
}

/** One request to any URL, on a connection of its own. @param timeout milliseconds */
export async function sendOnce(
  url: string,
  request: Omit<Request, "path">,
  timeout: number,
): Promise<Answer | Breakdown> {
  const { origin, pathname, search } = new URL(url);
  const transport = openTransport(origin, timeout);
  try {
    return await transport.send({ ...request, path: pathname + search });
  } finally {
    await transport.close();
  }
}

function dispatcherFor(origin: string, timeout: number): Undici.Dispatcher {
  const tls = { rejectUnauthorized: true };
  const options = {
    connections: MAX_CONNECTIONS,
    pipelining: 1,
    allowH2: false,
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: { ...tls, timeout },
    requestTls: tls,
    proxyTls: tls,
    connectTimeout: timeout,
  };
  // For a proxy, "localhost" is another machine. Plain http is for this machine only.
  if (isLoopback(new URL(origin)) || !proxyIsSet()) return new (agentClass())(options);
  const { EnvHttpProxyAgent } = require("undici") as typeof Undici;
  try {
    return new EnvHttpProxyAgent(options);
  } catch {
    // The variables may hold the password of a proxy, and the foreign error may quote it.
    throw new WhatsAppProviderError(
      "invalid-configuration",
      "HTTPS_PROXY or HTTP_PROXY in the environment is not a URL",
      { remedy: "Correct the variable, or unset it" },
    );
  }
}

function proxyIsSet(): boolean {
  return ["https_proxy", "HTTPS_PROXY", "http_proxy", "HTTP_PROXY"].some((name) => process.env[name]);
}

/** The class alone loads three times as fast as the whole package, and every process of the engine loads it. */
function agentClass(): typeof Undici.Agent {
  try {
    return require("undici/lib/dispatcher/agent.js") as typeof Undici.Agent;
  } catch {
    return (require("undici") as typeof Undici).Agent;
  }
}

function exchange(
  dispatcher: Undici.Dispatcher,
  origin: string,
  request: Request,
  timeout: number,
  signal: AbortSignal | undefined,
): Promise<Answer | Breakdown> {
  return new Promise((resolve) => {
    let sent = false;
    let over = false;
    let controller: Undici.Dispatcher.DispatchController | undefined;
    let status = 0;
    let headers: IncomingHttpHeaders = {};
    let size = 0;
    const chunks: Buffer[] = [];

    const finish = (result: Answer | Breakdown) => {
      if (over) return;
      over = true;
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
      if ("what" in result) controller?.abort(new Error("given up"));
      resolve(result);
    };
    const onAbort = () =>
      finish({ code: "cancelled", what: "the request was cancelled", sent, heals: false });
    const timer = setTimeout(() => {
      const what = sent ? "the API gave no complete answer" : `no connection to ${origin}`;
      const text = `${what} within ${timeout / 1000} s`;
      finish({ code: "unreachable", what: text, sent, heals: true, timedOut: true });
    }, timeout);
    if (signal?.aborted) return onAbort();
    signal?.addEventListener("abort", onAbort);

    dispatcher.dispatch(
      { origin, ...request },
      {
        onRequestStart(c) {
          if (over) return c.abort(new Error("given up"));
          controller = c;
          sent = true;
        },
        onResponseStart(_, statusCode, responseHeaders) {
          status = statusCode;
          headers = responseHeaders;
        },
        onResponseData(_, chunk) {
          size += chunk.length;
          if (size <= MAX_BODY) chunks.push(chunk);
          else {
            const what = `the answer (status ${status}) is larger than ${MAX_BODY / 1024 / 1024} MiB`;
            finish({ code: "bad-answer", what, sent, heals: false });
          }
        },
        onResponseEnd: () => finish({ status, headers, body: Buffer.concat(chunks).toString("utf8") }),
        onResponseError: (_, error) => finish(breakdownOf(error, origin, sent)),
      },
    );
  });
}

const CONNECTING: Record<string, string> = {
  ECONNREFUSED: "the connection was refused",
  ENOTFOUND: "the host name is not known",
  EAI_AGAIN: "the host name could not be looked up",
  ENETUNREACH: "there is no route to the network",
  EHOSTUNREACH: "there is no route to the host",
  UND_ERR_CONNECT_TIMEOUT: "the connection was not made in time",
  ETIMEDOUT: "the connection was not made in time",
};

/** Uses only the code of the foreign error: its text and its members may hold the request. */
function breakdownOf(error: unknown, origin: string, sent: boolean): Breakdown {
  const raw = typeof error === "object" && error !== null && "code" in error ? String(error.code) : "";
  const code = /^[A-Z][A-Z0-9_]{2,60}$/.test(raw) ? raw : "";
  const suffix = code && ` (${code})`;
  const unreachable = (what: string, heals = true): Breakdown => ({ code: "unreachable", what, sent, heals });
  const unreadable = code.startsWith("HPE_") || (error instanceof Error && error.name === "HTTPParserError");
  if (sent && unreadable)
    return { code: "bad-answer", what: `what answered does not speak HTTP${suffix}`, sent, heals: true };
  if (sent) return unreachable(`the connection broke before the answer was complete${suffix}`);
  if (/CERT|SIGNATURE|SELF_SIGNED|UNABLE_TO_|TLS|SSL/.test(code)) {
    const hint = "NODE_EXTRA_CA_CERTS names a private authority";
    return unreachable(`the TLS certificate of ${origin} is not accepted${suffix}; ${hint}`, false);
  }
  if (/^UND_ERR_(ABORTED|PRX|PROXY)/.test(code))
    return unreachable(`the proxy does not connect to ${origin}${suffix}`);
  const what = CONNECTING[code] ?? "the connection failed";
  return unreachable(`${origin} can't be reached: ${what}${suffix}`);
}

/** Runs so many functions at a time; the others wait for their turn. */
function atMost(size: number) {
  let free = size;
  const waiting: (() => void)[] = [];
  return async <T>(run: () => Promise<T>): Promise<T> => {
    if (free > 0) free--;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await run();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free++;
    }
  };
}

import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { answerOf, callOf, json, problemAnswer, send } from "../server/http";
import { Problem } from "../server/problem";
import { type Api, type ApiSettings, createApi } from "./api/calls";
import { type Gateway, type GatewayOptions, openGateway } from "./gateway";
import { openDueLooks } from "./model/work";
import { type Addressing, baseOf, isKnownHost } from "./trust/addresses";

export interface ServerOptions extends GatewayOptions, ApiSettings {
  /** Port; 0, the default, takes any free one. */
  readonly port?: number;
  /** Address to listen on. Default 127.0.0.1; any other needs `tls` or `behindProxy`. */
  readonly host?: string;
  /** Certificate and key, in PEM. */
  readonly tls?: { readonly cert: string; readonly key: string };
  /** True: a reverse proxy in front of it speaks https. */
  readonly behindProxy?: boolean;
  /** The root under which people and programs reach it, such as `https://gateway.example.com`. Default: the address that a call names. */
  readonly publicUrl?: string;
  /** A look at each provider after so many days. Left out: none by itself. */
  readonly attestEveryDays?: number;
  /** Answers everything that is not the API, such as the pages. */
  readonly pages?: (gateway: Gateway, addressing: Addressing) => RequestListener;
}

/** A running gateway. */
export interface RunningGateway {
  /** Its root without a slash at the end, as others reach it. */
  readonly url: string;
  /** The address that it listens on, with its port. */
  readonly localUrl: string;
  readonly gateway: Gateway;
  /** Ends it at once, open connections included. */
  close(): Promise<void>;
}

const HOUR_MS = 60 * 60 * 1000;
const LOOPBACK = /^(127(\.\d{1,3}){3}|localhost|::1)$/;

/** The options don't fit together. The message is for the person who starts the gateway. */
export class OptionProblem extends Error {}

/**
 * Starts a gateway.
 *
 * @throws OptionProblem, KeyProblem, NewerDatabase, or the error of `listen`, such as EADDRINUSE
 */
export async function startGateway(options: ServerOptions): Promise<RunningGateway> {
  const { host = "127.0.0.1", port = 0, tls, behindProxy = false, publicUrl, attestEveryDays } = options;
  if (!LOOPBACK.test(host) && !tls && !behindProxy)
    throw new OptionProblem(
      `On ${host} passcodes would travel in clear: give a certificate, or say that it is behind a proxy.`,
    );
  const gateway = openGateway(options);
  const api = createApi(gateway, options);
  const addressing: Addressing = { host, isTls: tls !== undefined, behindProxy, publicUrl };
  const pages = options.pages?.(gateway, addressing);
  const listener: RequestListener = (request, response) => {
    // A caller that went away is no failure of the gateway.
    handle({ gateway, api, addressing, pages }, request, response).catch(() => response.destroy());
  };
  const settings = { keepAliveTimeout: 60_000 };
  const server = tls ? createTlsServer({ ...settings, ...tls }, listener) : createServer(settings, listener);
  const looks =
    attestEveryDays === undefined
      ? undefined
      : setInterval(() => openDueLooks(gateway, attestEveryDays), HOUR_MS);
  looks?.unref();
  const close = async () => {
    clearInterval(looks);
    api.close();
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
    gateway.close();
  };
  try {
    if (attestEveryDays !== undefined) openDueLooks(gateway, attestEveryDays);
    await listening(server, port, host);
  } catch (error) {
    await close();
    throw error;
  }
  const { port: own } = server.address() as AddressInfo;
  const named = host.includes(":") ? `[${host}]` : host;
  const localUrl = `${tls ? "https" : "http"}://${named}:${own}`;
  return { url: publicUrl?.replace(/\/+$/, "") ?? localUrl, localUrl, gateway, close };
}

function listening(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => resolve());
  });
}

interface Parts {
  readonly gateway: Gateway;
  readonly api: Api;
  readonly addressing: Addressing;
  readonly pages: RequestListener | undefined;
}

async function handle(
  { gateway, api, addressing, pages }: Parts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  response.setHeader("Cache-Control", "no-store");
  const path = request.url?.split("?")[0] ?? "/";
  const isPage = pages && !/^\/(v1\/|healthz$)/.test(path);
  // A page of another site must not reach the gateway through a name that it has given this address.
  if (!isKnownHost(addressing, request)) {
    send(
      response,
      problemAnswer(new Problem("forbidden", "The gateway is not reached under this host name.")),
    );
    return;
  }
  if (isPage) {
    pages(request, response);
    return;
  }
  const call = await callOf(request);
  response.setHeader("X-Request-Id", call.requestId);
  const answer = await answerOf(() =>
    path === "/healthz" ? health(gateway) : api.answer(call, baseOf(addressing, request)),
  ).catch((error) => {
    console.error(error);
    return problemAnswer(new Problem("internal-error", "The gateway failed: see what it printed."));
  });
  send(response, answer);
}

/** Says nothing of what the gateway holds: whoever asks needs no credentials. */
function health({ database }: Gateway) {
  database.row("SELECT 1 FROM note");
  return json(200, { status: "ok" });
}

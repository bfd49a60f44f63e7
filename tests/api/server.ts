import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { inspect } from "node:util";
import type { Provider, ProviderRequest } from "../../contract/types";
import { ApiError } from "../../provider/api/api-error";
import { type ClientOptions, createClient, type ProviderApi } from "../../provider/api/client";

/** A request as the server saw it. */
export interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/** Answers one request; called again for the next, the last one for all that follow. */
export type Reply = (response: ServerResponse, seen: Seen) => void;

/** A server on loopback, a client for it, and what both did. */
export interface Stage {
  readonly seen: Seen[];
  readonly waits: number[];
  readonly lines: string[];
  readonly origin: string;
  readonly api: ProviderApi;
}

export const CANARY = {
  passcode: "canary+pass/code=\"7'\\&%x",
  apiKey: "canary-key/A0123456789+=\"'&<>\\%41",
  sid: "canary-SID.HXIN1234567890IN",
  extra: "canary extra/header value+ü=",
};

/** A request that carries canaries in every secret place. */
export const REQUEST: ProviderRequest = {
  provider: "generic",
  nickname: "Kaleyra",
  mobileNumber: "919999999999",
  httpEndpoint: "https://example.com/whatsapp/clevertap",
  headers: [
    { key: "api-key", value: CANARY.apiKey, secret: true },
    { key: "sid", value: CANARY.sid, secret: true },
    { key: "kaleyra-host", value: "https://api.kaleyra.io/" },
    { key: "x-team", value: CANARY.extra, secret: true },
  ],
  externalReference: "project/stack/name",
};

export const PROVIDER: Provider = {
  id: "p1",
  provider: "generic",
  nickname: "Kaleyra",
  mobileNumber: "919999999999",
  httpEndpoint: "https://example.com/whatsapp/clevertap",
  headers: [{ key: "api-key", secret: true, valueSet: true }],
  isDefault: false,
  status: "active",
  revision: 7,
  inboundMessageCallbackUrl: "https://example.com/in",
  deliveryReportCallbackUrl: "https://example.com/dlr",
  payloadVersion: "0.1",
  externalReference: "project/stack/name",
};

/** An answer as JSON. */
export const json =
  (status: number, body: unknown, headers: Record<string, string> = {}): Reply =>
  (response) => {
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(JSON.stringify(body));
  };

/** A problem of the contract. */
export const problem = (
  status: number,
  code: string,
  members: object = {},
  headers: Record<string, string> = {},
): Reply =>
  json(
    status,
    { type: "about:blank", status, code, ...members },
    { "content-type": "application/problem+json", ...headers },
  );

/** An answer with any body. */
export const raw =
  (status: number, body: string, headers: Record<string, string> = { "content-type": "text/html" }): Reply =>
  (response) => {
    response.writeHead(status, headers);
    response.end(body);
  };

/** The connection breaks: the request was read, nothing is answered. */
export const reset: Reply = (response) => response.socket?.destroy();

/** The connection breaks after half of the body. */
export const truncated: Reply = (response) => {
  const text = JSON.stringify(PROVIDER);
  response.writeHead(200, { "content-type": "application/json", "content-length": text.length });
  response.write(text.slice(0, 20), () => response.socket?.destroy());
};

/** Never answers. */
export const hang: Reply = () => {};

/** Runs a test against a server that gives these answers one after the other. */
export async function staged(
  replies: Reply[],
  test: (stage: Stage) => Promise<void>,
  options: Partial<ClientOptions> = {},
): Promise<void> {
  const seen: Seen[] = [];
  const waits: number[] = [];
  const lines: string[] = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    const entry = { method: request.method ?? "", url: request.url ?? "", headers: request.headers, body };
    seen.push(entry);
    const reply = replies[Math.min(seen.length, replies.length) - 1];
    reply?.(response, entry);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const api = createClient(
    {
      endpoint: `${origin}/base`,
      accountId: "ACCT",
      passcode: CANARY.passcode,
      requestTimeout: 30,
      maxAttempts: 5,
      onWait: (line) => lines.push(line),
      ...options,
    },
    { random: () => 0.5, sleep: async (seconds) => void waits.push(seconds) },
  );
  try {
    await test({ seen, waits, lines, origin, api });
  } finally {
    await api.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    expectNoCanary(lines);
  }
}

/** The ApiError that a call throws, searched for canaries. */
export async function failure(call: Promise<unknown>): Promise<ApiError> {
  const error = await call.then(
    () => new Error("it did not fail"),
    (e: unknown) => e,
  );
  expectNoCanary(error);
  if (!(error instanceof ApiError)) throw error;
  expect(error.cause).toBeUndefined();
  return error;
}

/** No canary is in a value, at any depth. */
export function expectNoCanary(value: unknown): void {
  const text = `${inspect(value, { depth: null, showHidden: true, maxStringLength: null })}\n${value instanceof Error ? value.stack : ""}`;
  for (const secret of Object.values(CANARY)) {
    const forms = [
      secret,
      encodeURIComponent(secret),
      JSON.stringify(secret).slice(1, -1),
      Buffer.from(secret).toString("base64"),
    ];
    for (const form of forms) expect(text.includes(form)).toBe(false);
  }
  expect(text).not.toMatch(/canary/i);
}

import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type Api, createApi } from "../../gateway/api/calls";
import type { Gateway } from "../../gateway/gateway";
import { answerOf, type Call } from "../../server/http";
import { ACCOUNT } from "./support";

/** Calls of the contract straight to the gateway's functions, without a socket. */

export interface Got {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: the tests look into answers of every shape
  readonly body: any;
}

const PROVIDERS = "/v1/whatsapp/providers";

export function apiOf(gateway: Gateway, account = ACCOUNT) {
  const api: Api = createApi(gateway, { verificationLimitMs: 20_000 });
  async function call(
    method: string,
    target: string,
    body?: unknown,
    more: Record<string, string> = {},
  ): Promise<Got> {
    const [path = "", query = ""] = target.split("?");
    const headers = {
      "x-clevertap-account-id": account.id,
      "x-clevertap-passcode": account.passcode,
      "content-type": "application/json",
      ...more,
    };
    const call: Call = {
      method,
      path,
      target,
      query: new URLSearchParams(query),
      param: () => "",
      headers,
      body: Buffer.from(body === undefined ? "" : JSON.stringify(body)),
      tooLarge: false,
      requestId: "test",
    };
    const answer = await answerOf(() => api.answer(call, "http://127.0.0.1:1"));
    return { status: answer.status, body: answer.body === "" ? undefined : JSON.parse(answer.body) };
  }
  return {
    call,
    post: (body: unknown, key: string = randomUUID()) =>
      call("POST", PROVIDERS, body, { "idempotency-key": key }),
    put: (id: string, revision: number, body: unknown) =>
      call("PUT", `${PROVIDERS}/${id}`, body, { "if-match": `"${revision}"` }),
    get: (id: string) => call("GET", `${PROVIDERS}/${id}`),
    list: () => call("GET", `${PROVIDERS}?pageSize=100`),
    remove: (id: string) => call("DELETE", `${PROVIDERS}/${id}`),
  };
}

export type InProcess = ReturnType<typeof apiOf>;

/** An HTTP End Point that takes every message. */
export async function endPoint(): Promise<{ url: string; close(): void }> {
  const server = createServer((request, response) => {
    request.resume().on("end", () => response.end('{"status":"success"}'));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/whatsapp/message/clevertap`;
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { url, close };
}

import type { Provider } from "../../contract/types";
import { type Sandbox, type SandboxOptions, startSandbox } from "../../sandbox";
import { validateAnswer } from "../support/openapi";

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  /** Anything: the tests look into answers of every shape. */
  // biome-ignore lint/suspicious/noExplicitAny: see above
  readonly body: any;
}

export interface Options {
  readonly headers?: Record<string, string | undefined>;
  readonly body?: unknown;
  /** Text to send as it is. */
  readonly raw?: string;
  /** False: the answer is not one of the contract. */
  readonly valid?: boolean;
  readonly account?: number;
}

/** Plain calls to a sandbox; every answer is checked against openapi.yaml. */
export function clientOf(sandbox: Sandbox) {
  let keys = 0;
  async function call(method: string, path: string, options: Options = {}): Promise<Reply> {
    const account = sandbox.accounts[options.account ?? 0];
    const text = options.raw ?? (options.body === undefined ? undefined : JSON.stringify(options.body));
    const headers: Record<string, string | undefined> = {
      "x-clevertap-account-id": account?.id,
      "x-clevertap-passcode": account?.passcode,
      ...(text === undefined ? {} : { "content-type": "application/json" }),
      ...options.headers,
    };
    const sent = Object.entries(headers).filter((pair): pair is [string, string] => pair[1] !== undefined);
    const answer = await fetch(sandbox.url + path, { method, headers: sent, body: text, redirect: "manual" });
    const got = await answer.text();
    const body = got === "" ? undefined : JSON.parse(got);
    if (options.valid !== false) {
      validateAnswer(method, path, answer.status, body);
      const type = answer.status >= 400 ? "application/problem+json" : "application/json";
      if (body !== undefined) expect(answer.headers.get("content-type")).toBe(type);
    }
    return { status: answer.status, headers: answer.headers, body };
  }

  /** A good request body. */
  function good(over: Record<string, unknown> = {}, pairs: Record<string, string | undefined> = {}) {
    const { sid, apiKey } = sandbox.kaleyra;
    const values = { "api-key": apiKey, sid, "kaleyra-host": sandbox.kaleyraHost, ...pairs };
    const headers = Object.entries(values).map(([key, value]) => ({
      key,
      ...(value === undefined ? {} : { value }),
      ...(key === "kaleyra-host" ? {} : { secret: true }),
    }));
    const { httpEndpoint } = sandbox;
    return {
      provider: "generic",
      nickname: "Kaleyra",
      mobileNumber: "919999999999",
      httpEndpoint,
      headers,
      ...over,
    };
  }

  const post = (body: unknown, options: Options = {}) => {
    keys += 1;
    const headers = { "idempotency-key": `key-${keys}`, ...options.headers };
    return call("POST", "/v1/whatsapp/providers", { ...options, headers, body });
  };
  const dryRun = (body: unknown) => call("POST", "/v1/whatsapp/providers?validateOnly=true", { body });
  const put = (id: string, revision: number | undefined, body: unknown, query = "") =>
    call("PUT", `/v1/whatsapp/providers/${id}${query}`, {
      body,
      headers: { "if-match": revision === undefined ? undefined : `"${revision}"` },
    });
  const created = async (over: Record<string, unknown> = {}): Promise<Provider> => {
    const { status, body } = await post(good(over));
    expect(status).toBe(201);
    return body;
  };
  return { call, good, post, dryRun, put, created };
}

export type Client = ReturnType<typeof clientOf>;

/** Runs the body with a sandbox of its own. A busy machine must not turn a good probe into a timeout. */
export async function withSandbox(
  body: (client: Client, sandbox: Sandbox) => Promise<void>,
  options: SandboxOptions = {},
): Promise<void> {
  const sandbox = await startSandbox({ verificationLimitMs: 20_000, ...options });
  try {
    await body(clientOf(sandbox), sandbox);
  } finally {
    await sandbox.close();
  }
}

import { randomUUID, scryptSync } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { COMMAND, setDefaults } from "../../gateway/accounts";
import type { Gateway } from "../../gateway/gateway";
import { type RunningGateway, type ServerOptions, startGateway } from "../../gateway/server";
import type { Actor } from "../../gateway/trust/roles";
import { type Sandbox, startSandbox } from "../../sandbox";
import { validateAnswer } from "../support/openapi";

export const ACCOUNT = { id: "TEST-000-001Z", passcode: "gateway-passcode-one" };
export const OTHER = { id: "TEST-000-002Z", passcode: "gateway-passcode-two" };
export const MEERA: Actor = { name: "meera", role: "operator" };
export const ARUN: Actor = { name: "arun", role: "operator" };
export const ADMIN: Actor = { name: "asha", role: "admin" };
export const VIEWER: Actor = { name: "vik", role: "viewer" };

export const DEFAULTS = {
  inboundMessageCallbackUrl: "https://example.com/callbacks/one/inbound",
  deliveryReportCallbackUrl: "https://example.com/callbacks/one/delivery",
  payloadVersion: "0.1",
};

/** A second key that the stand-in for Kaleyra accepts, for rotations. */
export const NEW_KEY = "A11111111111111111111111111111111";

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  /** Anything: the tests look into answers of every shape. */
  // biome-ignore lint/suspicious/noExplicitAny: see above
  readonly body: any;
}

export interface CallOptions {
  readonly headers?: Record<string, string | undefined>;
  readonly body?: unknown;
  readonly account?: typeof ACCOUNT;
  /** False: the answer is not one of the contract. */
  readonly valid?: boolean;
}

/** A folder of its own, which is removed in the end. */
export async function withFolder<T>(body: (folder: string) => Promise<T> | T): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "gateway-"));
  try {
    return await body(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A hash that is cheap to check: tests open many gateways. */
export function cheapHash(password: string): string {
  const hash = scryptSync(password, "salt", 32, { N: 2, r: 8, p: 1 }).toString("base64");
  return `scrypt:2:8:1:${Buffer.from("salt").toString("base64")}:${hash}`;
}

/** Adds the account with a passcode that is cheap to check. */
export function addCheapAccount(gateway: Gateway, { id, passcode } = ACCOUNT): void {
  const account = { id, passcode: cheapHash(passcode), createdAt: gateway.now().toISOString() };
  gateway.database.run("INSERT INTO account VALUES (?, ?)", id, JSON.stringify(account));
}

/** Plain calls to a server of the contract; every answer is checked against openapi.yaml. */
export function clientOf(url: string, sandbox: Sandbox) {
  async function call(method: string, path: string, options: CallOptions = {}): Promise<Reply> {
    const account = options.account ?? ACCOUNT;
    const headers: Record<string, string | undefined> = {
      "x-clevertap-account-id": account.id,
      "x-clevertap-passcode": account.passcode,
      ...(options.body !== undefined && { "content-type": "application/json" }),
      ...options.headers,
    };
    const sent = Object.entries(headers).filter((pair): pair is [string, string] => pair[1] !== undefined);
    const body = options.body === undefined ? undefined : JSON.stringify(options.body);
    const answer = await fetch(url + path, { method, headers: sent, body, redirect: "manual" });
    const text = await answer.text();
    const got = text === "" ? undefined : JSON.parse(text);
    if (options.valid !== false) validateAnswer(method, path, answer.status, got);
    return { status: answer.status, headers: answer.headers, body: got };
  }
  const PROVIDERS = "/v1/whatsapp/providers";
  return {
    call,
    /** A good request body. @param pairs header values by name; undefined: sent without its value; null: left out */
    good(over: Record<string, unknown> = {}, pairs: Record<string, string | undefined | null> = {}) {
      const { apiKey, sid } = sandbox.kaleyra;
      const values = { "api-key": apiKey, sid, "kaleyra-host": sandbox.kaleyraHost, ...pairs };
      const headers = Object.entries(values)
        .filter(([, value]) => value !== null)
        .map(([key, value]) => ({
          key,
          ...(value !== undefined && { value }),
          ...(key !== "kaleyra-host" && { secret: true }),
        }));
      const httpEndpoint = sandbox.httpEndpoint;
      return {
        provider: "generic",
        nickname: "Kaleyra",
        mobileNumber: "919999999999",
        httpEndpoint,
        headers,
        ...over,
      };
    },
    post: (body: unknown, options: CallOptions = {}) =>
      call("POST", PROVIDERS, {
        ...options,
        body,
        headers: { "idempotency-key": randomUUID(), ...options.headers },
      }),
    dryRun: (body: unknown, options: CallOptions = {}) =>
      call("POST", `${PROVIDERS}?validateOnly=true`, { ...options, body }),
    put: (id: string, revision: number, body: unknown, options: CallOptions = {}) =>
      call("PUT", `${PROVIDERS}/${id}`, {
        ...options,
        body,
        headers: { "if-match": `"${revision}"`, ...options.headers },
      }),
    dryPut: (id: string, body: unknown) => call("PUT", `${PROVIDERS}/${id}?validateOnly=true`, { body }),
    get: (id: string, options: CallOptions = {}) => call("GET", `${PROVIDERS}/${id}`, options),
    list: async (query = "", options: CallOptions = {}) => call("GET", PROVIDERS + query, options),
    remove: (id: string, options: CallOptions = {}) => call("DELETE", `${PROVIDERS}/${id}`, options),
  };
}

export type Client = ReturnType<typeof clientOf>;

/** What a test of a running gateway gets. */
export interface Scene extends Client {
  readonly sandbox: Sandbox;
  readonly gateway: RunningGateway["gateway"];
  /** Where it listens. */
  readonly url: string;
  /** What it says is its address. */
  readonly published: string;
  readonly folder: string;
  /** The verification messages that arrived so far. */
  probes(): number;
}

/** Runs the body with a gateway and, for the HTTP End Point, a sandbox. */
export function withGateway(
  body: (scene: Scene) => Promise<void>,
  options: Partial<ServerOptions> & { defaults?: false } = {},
): Promise<void> {
  return withFolder(async (folder) => {
    const { defaults, ...settings } = options;
    const kaleyra = {
      sid: "HXIN1234567890IN",
      apiKey: "A0123456789abcdef0123456789abcdef",
      otherApiKeys: [NEW_KEY],
    };
    const sandbox = await startSandbox({ kaleyra });
    // A busy machine must not turn a good probe into a timeout.
    const running = await startGateway({ dataDir: folder, verificationLimitMs: 20_000, ...settings });
    try {
      for (const account of [ACCOUNT, OTHER]) {
        addCheapAccount(running.gateway, account);
        if (defaults !== false) setDefaults(running.gateway, account.id, DEFAULTS, COMMAND);
      }
      const { gateway, localUrl: url, url: published } = running;
      const probes = () => sandbox.requests({ kind: "kaleyra" }).length;
      await body({ ...clientOf(url, sandbox), sandbox, gateway, url, published, folder, probes });
    } finally {
      await running.close();
      await sandbox.close();
    }
  });
}

import { randomUUID } from "node:crypto";
import { KALEYRA_HEADERS } from "../../contract/headers";

/** What the checks know of the server, and of a provider that it would take. */
export interface Subject {
  /** Base URL, without a slash at the end. */
  readonly url: string;
  readonly accountId: string;
  readonly passcode: string;
  /** A number that no provider of the account has. */
  readonly mobileNumber: string;
  readonly httpEndpoint: string;
  readonly apiKey: string;
  readonly sid: string;
  readonly kaleyraHost: string;
}

/** An answer, whatever it is. */
export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  /** The body as JSON; an empty object where there is none. */
  readonly body: Readonly<Record<string, unknown>>;
  readonly text: string;
}

export interface CallOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** A body to send as it is. */
  readonly raw?: string;
}

const LIMIT_MS = 30_000;
const PROVIDERS = "/v1/whatsapp/providers";

/** Plain calls of the contract, without the retries and the care of the resource's own client. */
export type Client = ReturnType<typeof clientOf>;

export function clientOf(subject: Subject) {
  const { url, accountId, passcode } = subject;
  async function call(
    method: string,
    path: string,
    { headers = {}, body, raw }: CallOptions = {},
  ): Promise<Reply> {
    const sent = raw ?? (body === undefined ? undefined : JSON.stringify(body));
    const answer = await fetch(url + path, {
      method,
      headers: {
        "X-CleverTap-Account-Id": accountId,
        "X-CleverTap-Passcode": passcode,
        "X-Request-Id": randomUUID(),
        "User-Agent": "pulumi-clevertap-whatsapp-conformance",
        ...(sent !== undefined && { "Content-Type": "application/json" }),
        ...headers,
      },
      body: sent,
      redirect: "manual",
      signal: AbortSignal.timeout(LIMIT_MS),
    });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, body: objectIn(text), text };
  }
  const path = (id: unknown) => `${PROVIDERS}/${encodeURIComponent(String(id))}`;
  return {
    subject,
    call,
    /** A body that the server should take. @param over other members @param apiKey undefined: left out of its pair */
    wish(over: Readonly<Record<string, unknown>> = {}, apiKey: string | undefined = subject.apiKey) {
      const { mobileNumber, httpEndpoint, sid, kaleyraHost } = subject;
      const headers = [
        { key: KALEYRA_HEADERS.apiKey, value: apiKey, secret: true },
        { key: KALEYRA_HEADERS.sid, value: sid, secret: true },
        { key: KALEYRA_HEADERS.kaleyraHost, value: kaleyraHost },
      ];
      return { provider: "generic", nickname: "Conformance", mobileNumber, httpEndpoint, headers, ...over };
    },
    defaults: () => call("GET", "/v1/whatsapp/provider-defaults"),
    list: (query = "") => call("GET", PROVIDERS + query),
    get: (id: unknown) => call("GET", path(id)),
    post: (body: unknown, key: string = randomUUID()) =>
      call("POST", PROVIDERS, { body, headers: { "Idempotency-Key": key } }),
    dryRun: (body: unknown) => call("POST", `${PROVIDERS}?validateOnly=true`, { body }),
    put: (id: unknown, etag: string | undefined, body: unknown, query = "") =>
      call("PUT", path(id) + query, { body, headers: etag === undefined ? {} : { "If-Match": etag } }),
    remove: (id: unknown, etag?: string) =>
      call("DELETE", path(id), { headers: etag === undefined ? {} : { "If-Match": etag } }),
  };
}

function objectIn(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

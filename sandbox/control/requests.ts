import type { Call } from "../../server/http";

export type RequestKind = "api" | "kaleyra" | "callback";

/** A request as it was seen, without any secret. */
export interface LoggedRequest {
  readonly seq: number;
  readonly at: string;
  /** api: the contract; kaleyra: the stand-in; callback: the receivers. */
  readonly kind: RequestKind;
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly account: string | undefined;
  /** undefined: not answered yet; 0: the connection was cut. */
  status: number | undefined;
  readonly requestId: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The JSON body with every header pair's secret replaced; undefined when it was none. */
  readonly body: unknown;
  /** The kind of the fault that hit it. */
  fault: string | undefined;
}

export interface RequestFilter {
  /** Default "api". */
  readonly kind?: RequestKind | "all";
  readonly method?: string;
  /** The start of the path. */
  readonly path?: string;
  readonly account?: string;
}

export interface RequestLog {
  add(kind: RequestKind, call: Call): LoggedRequest;
  list(filter?: RequestFilter): LoggedRequest[];
  clear(): void;
}

export const REDACTED = "[redacted]";
const KEPT = 5_000;
const OPEN_HEADERS = new Set([
  "accept",
  "accept-encoding",
  "connection",
  "content-length",
  "content-type",
  "delivery-report-callback-url",
  "host",
  "idempotency-key",
  "if-match",
  "inbound-message-callback-url",
  "kaleyra-host",
  "transfer-encoding",
  "user-agent",
  "x-clevertap-account-id",
  "x-request-id",
]);
const OPEN_PAIRS = new Set(["kaleyra-host", "inbound-message-callback-url", "delivery-report-callback-url"]);

/** Only what is known to be harmless is kept as it is. */
function openHeaders(headers: Call["headers"]): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, OPEN_HEADERS.has(name) ? String(value) : REDACTED]),
  );
}

function openBody(call: Call): unknown {
  if (call.body.length === 0) return undefined;
  try {
    const body = JSON.parse(call.body.toString("utf8"));
    if (Array.isArray(body?.headers))
      body.headers = body.headers.map((pair: unknown) => {
        if (typeof pair !== "object" || pair === null) return REDACTED;
        const { key, value } = pair as { key?: unknown; value?: unknown };
        if (value === undefined || OPEN_PAIRS.has(String(key).toLowerCase())) return pair;
        return { ...pair, value: REDACTED };
      });
    return body;
  } catch {
    return undefined;
  }
}

/** The sid is a part of the path of Kaleyra's own API. */
function openPath(path: string): string {
  return path.replace(/^(\/+v2\/)[^/]+/, `$1${REDACTED}`);
}

/** Keeps the last few thousand requests in memory. */
export function requestLog(): RequestLog {
  let items: LoggedRequest[] = [];
  let seq = 0;
  return {
    add(kind, call) {
      seq += 1;
      const account = call.headers["x-clevertap-account-id"];
      const entry: LoggedRequest = {
        seq,
        at: new Date().toISOString(),
        kind,
        method: call.method,
        path: openPath(call.path),
        query: Object.fromEntries(call.query),
        account: typeof account === "string" ? account : undefined,
        status: undefined,
        requestId: call.requestId,
        headers: openHeaders(call.headers),
        body: openBody(call),
        fault: undefined,
      };
      items.push(entry);
      if (items.length > KEPT) items = items.slice(-KEPT);
      return entry;
    },
    list({ kind = "api", method, path, account } = {}) {
      return items.filter(
        (entry) =>
          (kind === "all" || entry.kind === kind) &&
          (method === undefined || entry.method === method) &&
          (path === undefined || entry.path.startsWith(path)) &&
          (account === undefined || entry.account === account),
      );
    },
    clear() {
      items = [];
    },
  };
}

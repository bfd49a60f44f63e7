import { PUBLIC_HEADER_NAMES } from "../../contract/headers";
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
  /** api (the default), kaleyra, callback or all. */
  readonly kind?: RequestKind | "all";
  /** In capitals. */
  readonly method?: string;
  /** The start of the path. */
  readonly path?: string;
  /** Id of an account. */
  readonly account?: string;
}

const REDACTED = "[redacted]";
const KEPT = 5_000;

/** Only what is known to be harmless is shown. */
const OPEN_HEADERS = [
  ...PUBLIC_HEADER_NAMES,
  "accept",
  "accept-encoding",
  "connection",
  "content-length",
  "content-type",
  "host",
  "idempotency-key",
  "if-match",
  "transfer-encoding",
  "user-agent",
  "x-clevertap-account-id",
  "x-request-id",
];

function openHeaders(headers: Call["headers"]): Record<string, string> {
  const open = ([name, value]: [string, unknown]) =>
    [name, OPEN_HEADERS.includes(name) ? String(value) : REDACTED] as const;
  return Object.fromEntries(Object.entries(headers).map(open));
}

function openPair(pair: unknown): unknown {
  if (typeof pair !== "object" || pair === null) return REDACTED;
  const { key, value } = pair as { key?: unknown; value?: unknown };
  const isOpen = value === undefined || PUBLIC_HEADER_NAMES.includes(String(key).toLowerCase());
  return isOpen ? pair : { ...pair, value: REDACTED };
}

function openBody({ body: bytes }: Call): unknown {
  try {
    const body = JSON.parse(bytes.toString("utf8"));
    return Array.isArray(body?.headers) ? { ...body, headers: body.headers.map(openPair) } : body;
  } catch {
    return undefined;
  }
}

/** The sid is a part of the path of Kaleyra's own API. */
function openPath(path: string): string {
  return path.replace(/^(\/+v2\/|\/+v1\/(?=[^/]+\/whatsapp\/number$))[^/]+/, `$1${REDACTED}`);
}

export type RequestLog = ReturnType<typeof requestLog>;

/** Keeps the last few thousand requests in memory. */
export function requestLog() {
  let items: LoggedRequest[] = [];
  let seq = 0;
  return {
    add(kind: RequestKind, call: Call): LoggedRequest {
      seq += 1;
      const { method, requestId } = call;
      const account = call.headers["x-clevertap-account-id"]?.toString();
      const entry: LoggedRequest = {
        seq,
        at: new Date().toISOString(),
        kind,
        method,
        path: openPath(call.path),
        query: Object.fromEntries(call.query),
        account,
        status: undefined,
        requestId,
        headers: openHeaders(call.headers),
        body: openBody(call),
        fault: undefined,
      };
      items.push(entry);
      if (items.length > KEPT) items.shift();
      return entry;
    },
    list({ kind = "api", method, path = "", account }: RequestFilter = {}): LoggedRequest[] {
      return items.filter(
        (entry) =>
          (kind === "all" || entry.kind === kind) &&
          (method === undefined || entry.method === method) &&
          entry.path.startsWith(path) &&
          (account === undefined || entry.account === account),
      );
    },
    clear(): void {
      items = [];
    },
  };
}

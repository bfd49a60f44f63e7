import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { type Answer, type Call, json, send } from "../../server/http";
import { codeForStatus, type ProblemCode, problemBody } from "../../server/problem";

export const FAULT_KINDS = [
  "latency",
  "status",
  "drop-before",
  "drop-after",
  "hang",
  "truncated",
  "huge",
  "html",
  "empty",
  "invalid-json",
  "wrong-type",
  "redirect",
] as const;

/** Something that goes wrong on demand. */
export interface FaultSpec {
  readonly kind: (typeof FAULT_KINDS)[number];
  /** Only this method. */
  readonly method?: string;
  /**
   * Start of the path with query, or else a regular expression on it: `^/v1/whatsapp/providers$` is a create and a
   * listing, not a dry run. Default `/v1`.
   */
  readonly path?: string;
  /** How many requests it hits. Default: all, until it is cleared. */
  readonly count?: number;
  /** How many matching requests it lets pass first. */
  readonly skip?: number;
  /** Status of the answer: default 503 for `status`, 302 for `redirect`, otherwise what the call itself answers. */
  readonly status?: number;
  /** Code of the problem that `status` answers with. Default: one that fits the status. */
  readonly code?: ProblemCode;
  /** Body of the answer, instead of the kind's own: text, or a value that is sent as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Retry-After: seconds as a number, or any text as it is, an HTTP date for one. */
  readonly retryAfter?: number | string;
  /** Retry-After as an HTTP date this many seconds from now. */
  readonly retryAfterDate?: number;
  /** Milliseconds to wait first, with every kind. `latency` is this alone; default there 1000. */
  readonly delayMs?: number;
  /** Size of a `huge` body. Default 100 MB. */
  readonly bytes?: number;
  /**
   * Is the call carried out before its answer is spoiled? Default: yes for drop-after, truncated, huge, empty, html,
   * invalid-json and wrong-type without an error status; no for the rest.
   */
  readonly stored?: boolean;
}

export interface FaultBox {
  add(spec: FaultSpec): void;
  /** The faults that are still to come. */
  list(): FaultSpec[];
  clear(): void;
  /** The fault for this call, used up by one. */
  take(call: Call): FaultSpec | undefined;
}

function hits(spec: FaultSpec, call: Call): boolean {
  if (spec.method !== undefined && spec.method.toUpperCase() !== call.method) return false;
  const path = spec.path ?? "/v1";
  return call.target.startsWith(path) || new RegExp(path).test(call.target);
}

export function faultBox(): FaultBox {
  let open: { spec: FaultSpec; skip: number; left: number }[] = [];
  return {
    add(spec) {
      if (!FAULT_KINDS.includes(spec.kind))
        throw new Error(`Unknown kind of fault. Known: ${FAULT_KINDS.join(", ")}.`);
      if (spec.path !== undefined) new RegExp(spec.path);
      open.push({ spec, skip: spec.skip ?? 0, left: spec.count ?? Number.POSITIVE_INFINITY });
    },
    list: () =>
      open.map(({ spec, left }) => (left === Number.POSITIVE_INFINITY ? spec : { ...spec, count: left })),
    clear() {
      open = [];
    },
    take(call) {
      for (const entry of open) {
        if (!hits(entry.spec, call)) continue;
        if (entry.skip > 0) {
          entry.skip -= 1;
          continue;
        }
        entry.left -= 1;
        if (entry.left <= 0) open = open.filter((other) => other !== entry);
        return entry.spec;
      }
      return undefined;
    },
  };
}

function isStored(spec: FaultSpec): boolean {
  if (spec.stored !== undefined) return spec.stored;
  if (spec.kind === "latency" || spec.kind === "drop-after") return true;
  const spoils = ["truncated", "huge", "empty", "html", "invalid-json", "wrong-type"].includes(spec.kind);
  return spoils && (spec.status ?? 200) < 400;
}

function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

function spoilt(spec: FaultSpec, real: Answer | undefined): Answer {
  const status =
    spec.status ?? real?.status ?? (spec.kind === "redirect" ? 302 : spec.kind === "status" ? 503 : 200);
  const retryAfter =
    spec.retryAfterDate === undefined
      ? spec.retryAfter
      : new Date(Date.now() + spec.retryAfterDate * 1000).toUTCString();
  const headers: Record<string, string> = {
    ...spec.headers,
    ...(retryAfter === undefined ? {} : { "Retry-After": String(retryAfter) }),
  };
  const base =
    real ??
    json(status, problemBody(spec.code ?? codeForStatus(status), "A fault that was asked for.", status));
  const type: Record<string, string> = real ? {} : { "Content-Type": "application/problem+json" };
  const own = { ...base, status, headers: { ...base.headers, ...type, ...headers } };
  const withBody = (body: string, contentType: string) => ({
    ...own,
    body,
    headers: { ...own.headers, "Content-Type": contentType, ...headers },
  });
  if (spec.body !== undefined && typeof spec.body === "string") return withBody(spec.body, "text/plain");
  if (spec.body !== undefined) return withBody(JSON.stringify(spec.body), "application/json");
  if (spec.kind === "html")
    return withBody(
      "<!doctype html><html><body><h1>Bad gateway</h1></body></html>",
      "text/html; charset=utf-8",
    );
  if (spec.kind === "empty") return withBody("", "application/json");
  if (spec.kind === "invalid-json") return withBody('{"id": "wap_", ]', "application/json");
  if (spec.kind === "wrong-type") return withBody(own.body, "text/plain");
  if (spec.kind === "redirect") return { ...own, body: "", headers: { Location: "/elsewhere", ...headers } };
  return own;
}

async function sendHuge(response: ServerResponse, answer: Answer, bytes: number): Promise<void> {
  const chunk = Buffer.alloc(64 * 1024, " ");
  const gone = once(response, "close");
  response.writeHead(answer.status, { ...answer.headers, "Content-Type": "application/json" });
  for (let left = bytes; left > 0 && !response.destroyed; left -= chunk.length) {
    if (response.write(chunk)) continue;
    await Promise.race([once(response, "drain"), gone]);
  }
  response.end();
}

/**
 * Answers a call that a fault hits.
 *
 * @param work carries the call out
 * @returns the status that went out; 0 when the connection was cut
 */
export async function answerWithFault(
  spec: FaultSpec,
  response: ServerResponse,
  closing: AbortSignal,
  work: () => Promise<Answer>,
): Promise<number> {
  const delay = spec.delayMs ?? (spec.kind === "latency" ? 1_000 : 0);
  if (delay > 0) await wait(delay, closing);
  const real = isStored(spec) ? await work() : undefined;
  if (spec.kind === "latency" && real) {
    send(response, real);
    return real.status;
  }
  if (spec.kind === "drop-before" || spec.kind === "drop-after") {
    response.socket?.destroy();
    return 0;
  }
  if (spec.kind === "hang") {
    await new Promise<void>((resolve) => response.once("close", resolve));
    return 0;
  }
  const answer = spoilt(spec, real);
  if (spec.kind === "huge") {
    await sendHuge(response, answer, spec.bytes ?? 100 * 1024 * 1024);
  } else if (spec.kind === "truncated") {
    const body = Buffer.from(answer.body);
    response.writeHead(answer.status, { ...answer.headers, "Content-Length": String(body.length + 1) });
    response.write(body.subarray(0, Math.floor(body.length / 2)), () => response.socket?.destroy());
  } else {
    send(response, answer);
  }
  return answer.status;
}

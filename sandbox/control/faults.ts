import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import { PROBLEM_CODES, PROBLEMS, type ProblemCode } from "../../contract/problems";
import { type Answer, type Call, problemAnswer, send } from "../../server/http";
import { Problem } from "../../server/problem";

/** What a kind does when the fault says nothing else. */
interface Kind {
  readonly status?: number;
  /** The call is carried out before its answer is spoiled; "when good": unless an error status is asked for. */
  readonly stored?: true | "when good";
  readonly type?: string;
  readonly body?: string;
}

const HTML = "<!doctype html><html><body><h1>Bad gateway</h1></body></html>";

const KINDS = {
  latency: { stored: true },
  status: { status: 503 },
  "drop-before": {},
  "drop-after": { stored: true },
  hang: {},
  truncated: { stored: "when good" },
  huge: { stored: "when good", type: "application/json" },
  html: { stored: "when good", type: "text/html; charset=utf-8", body: HTML },
  empty: { stored: "when good", type: "application/json", body: "" },
  "invalid-json": { stored: "when good", type: "application/json", body: '{"id": "wap_", ]' },
  "wrong-type": { stored: "when good", type: "text/plain" },
  redirect: { status: 302, body: "" },
} satisfies Record<string, Kind>;

export const FAULT_KINDS = Object.keys(KINDS) as FaultSpec["kind"][];

function kindOf(kind: FaultSpec["kind"]): Kind {
  return KINDS[kind];
}

/** Something that goes wrong on demand. */
export interface FaultSpec {
  /** latency, status, drop-before, drop-after, hang, truncated, huge, html, empty, invalid-json, wrong-type or redirect. */
  readonly kind: keyof typeof KINDS;
  /** Only this method. */
  readonly method?: string;
  /**
   * Start of the path with query, or else a regular expression on it: `^/v1/whatsapp/providers$` is a create and a
   * listing, not a dry run. Default `/v1/whatsapp`.
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

function hits(spec: FaultSpec, call: Call): boolean {
  if (spec.method !== undefined && spec.method.toUpperCase() !== call.method) return false;
  const path = spec.path ?? "/v1/whatsapp";
  return call.target.startsWith(path) || new RegExp(path).test(call.target);
}

export type FaultBox = ReturnType<typeof faultBox>;

export function faultBox() {
  let open: { spec: FaultSpec; skip: number; left: number }[] = [];
  return {
    add(spec: FaultSpec): void {
      if (!FAULT_KINDS.includes(spec.kind))
        throw new Error(`Unknown kind of fault. Known: ${FAULT_KINDS.join(", ")}.`);
      if (spec.path !== undefined) new RegExp(spec.path);
      open.push({ spec, skip: spec.skip ?? 0, left: spec.count ?? Number.POSITIVE_INFINITY });
    },
    /** The faults that are still to come. */
    list: (): FaultSpec[] =>
      open.map(({ spec, left }) => (left === Number.POSITIVE_INFINITY ? spec : { ...spec, count: left })),
    clear(): void {
      open = [];
    },
    /** The fault for this call, used up by one. */
    take(call: Call): FaultSpec | undefined {
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

function isStored({ kind, stored, status = 200 }: FaultSpec): boolean {
  const usual = kindOf(kind).stored;
  return stored ?? (usual === true || (usual === "when good" && status < 400));
}

/** The code that fits a status best. */
function codeFor(status: number): ProblemCode {
  if (status === 404) return "not-found";
  if (status === 409) return "request-in-progress";
  return PROBLEM_CODES.find((code) => PROBLEMS[code][0] === status) ?? "unavailable";
}

/** The headers that a fault asks for. */
function askedHeaders({ headers, retryAfter, retryAfterDate: seconds }: FaultSpec): Record<string, string> {
  const date = seconds === undefined ? undefined : new Date(Date.now() + seconds * 1000).toUTCString();
  const value = date ?? retryAfter;
  return { ...headers, ...(value === undefined ? {} : { "Retry-After": String(value) }) };
}

/** The type and the text of the body that a fault asks for, or its kind; undefined: as they were. */
function otherBody({ kind, body }: FaultSpec): Pick<Kind, "type" | "body"> {
  if (typeof body === "string") return { type: "text/plain", body };
  return body === undefined ? kindOf(kind) : { type: "application/json", body: JSON.stringify(body) };
}

function spoilt(spec: FaultSpec, real: Answer | undefined): Answer {
  const status = spec.status ?? real?.status ?? kindOf(spec.kind).status ?? 200;
  const code = spec.code ?? codeFor(status);
  const base = real ?? problemAnswer(new Problem(code, "A fault that was asked for.", {}, {}, status));
  const { type, body = base.body } = otherBody(spec);
  const own = { ...base.headers, ...(type === undefined ? {} : { "Content-Type": type }) };
  const isPlainRedirect = spec.kind === "redirect" && spec.body === undefined;
  const headers = { ...(isPlainRedirect ? { Location: "/elsewhere" } : own), ...askedHeaders(spec) };
  return { status, headers, body };
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
  if (delay > 0) await wait(delay, undefined, { signal: closing }).catch(() => {});
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

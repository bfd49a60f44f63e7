import type { IncomingMessage, ServerResponse } from "node:http";
import { Problem } from "./problem";

/** A call as the handlers see it. */
export interface Call {
  readonly method: string;
  readonly path: string;
  /** Path with query, as it came. */
  readonly target: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage["headers"];
  readonly body: Buffer;
  /** True: the body was longer than `BODY_LIMIT` and was not kept. */
  readonly tooLarge: boolean;
  readonly requestId: string;
}

/** An answer that is not sent yet, so that a fault can still spoil it. */
export interface Answer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** Longest request body, in bytes. */
export const BODY_LIMIT = 256 * 1024;

export function json(status: number, value: unknown, headers: Record<string, string> = {}): Answer {
  return { status, headers: { "Content-Type": "application/json", ...headers }, body: JSON.stringify(value) };
}

export function problemAnswer(problem: Problem): Answer {
  return json(problem.status, problem.body(), {
    ...problem.headers,
    "Content-Type": "application/problem+json",
  });
}

/** Reads to the end even when the body is too large: a reset would hide the 413 from the client. */
export async function readBody(request: IncomingMessage): Promise<{ body: Buffer; tooLarge: boolean }> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= BODY_LIMIT) chunks.push(chunk);
    else chunks.length = 0;
  }
  return size <= BODY_LIMIT
    ? { body: Buffer.concat(chunks), tooLarge: false }
    : { body: Buffer.alloc(0), tooLarge: true };
}

/**
 * The body as a JSON value.
 *
 * @throws Problem payload-too-large, unsupported-media-type or invalid-json
 */
export function jsonBody(call: Call): unknown {
  if (call.tooLarge) throw new Problem("payload-too-large", `The body may have at most ${BODY_LIMIT} bytes.`);
  const type = (call.headers["content-type"] ?? "").split(";")[0]?.trim().toLowerCase();
  if (type !== "application/json")
    throw new Problem("unsupported-media-type", "Send the body as Content-Type: application/json.");
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(call.body));
  } catch {
    // Not the parser's own message: it quotes the text, which may hold a secret.
    throw new Problem("invalid-json", "The body could not be read as JSON in UTF-8.");
  }
}

export function send(response: ServerResponse, answer: Answer): void {
  const body = Buffer.from(answer.body);
  const length = answer.status === 204 ? {} : { "Content-Length": String(body.length) };
  response.writeHead(answer.status, { ...answer.headers, ...length });
  response.end(answer.status === 204 ? undefined : body);
}

import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { Problem } from "./problem";

/** A call as the handlers see it. */
export interface Call {
  readonly method: string;
  readonly path: string;
  /** Path with query, as it came. */
  readonly target: string;
  readonly query: URLSearchParams;
  /** A part of the path by the name that the route gives it, decoded. */
  readonly param: (name: string) => string;
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

export const NO_CONTENT: Answer = { status: 204, headers: {}, body: "" };

export function json(status: number, value: unknown, headers: Record<string, string> = {}): Answer {
  return { status, headers: { "Content-Type": "application/json", ...headers }, body: JSON.stringify(value) };
}

export function problemAnswer(problem: Problem): Answer {
  const headers = { ...problem.headers, "Content-Type": "application/problem+json" };
  return json(problem.status, problem.body(), headers);
}

/** Turns a thrown problem into its answer; any other error goes on. */
export async function answerOf(work: () => Answer | Promise<Answer>): Promise<Answer> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Problem) return problemAnswer(error);
    throw error;
  }
}

/** Reads a request to its end, even when the body is too large: a reset would hide the 413 from the client. */
export async function callOf(request: IncomingMessage): Promise<Call> {
  const { method = "GET", headers, url: target = "/" } = request;
  const [path = "/", ...query] = target.split("?");
  const given = headers["x-request-id"];
  const requestId = typeof given === "string" && /^[\x21-\x7e]{1,128}$/.test(given) ? given : randomUUID();
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= BODY_LIMIT) chunks.push(chunk);
    else chunks.length = 0;
  }
  return {
    method,
    path,
    target,
    query: new URLSearchParams(query.join("?")),
    param: () => "",
    headers,
    body: Buffer.concat(chunks),
    tooLarge: size > BODY_LIMIT,
    requestId,
  };
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

/** @returns the status that went out */
export function send(response: ServerResponse, { status, headers, body }: Answer): number {
  const length = status === 204 ? {} : { "Content-Length": String(Buffer.byteLength(body)) };
  response.writeHead(status, { ...headers, ...length });
  response.end(body);
  return status;
}

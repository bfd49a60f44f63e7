import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { apiCall } from "../server/api";
import { type Answer, type Call, problemAnswer, readBody, send } from "../server/http";
import { Problem } from "../server/problem";
import { callbackCall } from "./clevertap/callbacks";
import { pageAnswer } from "./clevertap/page";
import { controlCall } from "./control/calls";
import { answerWithFault } from "./control/faults";
import type { RequestKind } from "./control/requests";
import { kaleyraCall } from "./kaleyra/end-point";
import type { World } from "./world";

type Handler = (world: World, call: Call) => Answer | Promise<Answer>;

/** Who answers, by the start of the path; what has no kind is not logged and meets no faults. */
function route(path: string): { handler: Handler; kind?: RequestKind } {
  if (path === "/") return { handler: pageAnswer };
  if (path.startsWith("/_sandbox/")) return { handler: controlCall };
  if (path.startsWith("/callbacks/")) return { handler: callbackCall, kind: "callback" };
  if (/^\/(kaleyra\/|\/*v2\/)/.test(path)) return { handler: kaleyraCall, kind: "kaleyra" };
  return { handler: apiCall, kind: "api" };
}

/** A web page must not reach the sandbox through the browser of the person who runs it. */
function refuseBrowsers(world: World, call: Call): void {
  const { origin, host = "" } = call.headers;
  if (origin !== undefined && origin !== world.url)
    throw new Problem("forbidden", "Calls from web pages are not accepted.");
  if (!/^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(host))
    throw new Problem("forbidden", "Call the sandbox by a loopback address.");
}

async function callOf(request: IncomingMessage): Promise<Call> {
  const target = request.url ?? "/";
  const [path = "/", query = ""] = [target.split("?")[0], target.split("?").slice(1).join("?")];
  const given = request.headers["x-request-id"];
  const requestId = typeof given === "string" && /^[\x21-\x7e]{1,128}$/.test(given) ? given : randomUUID();
  const { body, tooLarge } = await readBody(request);
  const { method = "GET", headers } = request;
  return { method, path, target, query: new URLSearchParams(query), headers, body, tooLarge, requestId };
}

async function handle(world: World, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const call = await callOf(request);
  response.setHeader("X-Request-Id", call.requestId);
  response.setHeader("Cache-Control", "no-store");
  const { handler, kind } = route(call.path);
  const entry = kind === undefined ? undefined : world.log.add(kind, call);
  const work = async (): Promise<Answer> => {
    try {
      refuseBrowsers(world, call);
      return await handler(world, call);
    } catch (error) {
      if (error instanceof Problem) return problemAnswer(error);
      if (!world.closing.aborted) console.error(error);
      return problemAnswer(new Problem("internal-error", "The sandbox failed: see what it printed."));
    }
  };
  const fault = kind === undefined ? undefined : world.faults.take(call);
  if (entry && fault) entry.fault = fault.kind;
  let status: number;
  if (fault) {
    status = await answerWithFault(fault, response, world.closing, work);
  } else {
    const answer = await work();
    send(response, answer);
    status = answer.status;
  }
  if (entry) entry.status = status;
}

/**
 * Listens on 127.0.0.1.
 *
 * @throws the error of `listen`, such as EADDRINUSE
 */
export async function listen(world: World, port: number): Promise<Server> {
  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    // A caller that went away is no failure of the sandbox.
    handle(world, request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => resolve());
  });
  world.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return server;
}

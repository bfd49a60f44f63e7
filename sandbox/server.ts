import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { apiCall } from "../server/api";
import { type Answer, answerOf, type Call, callOf, problemAnswer, send } from "../server/http";
import { Problem } from "../server/problem";
import type { Handler } from "../server/routes";
import { callbackCall } from "./clevertap/callbacks";
import { controlCall } from "./control/calls";
import { answerWithFault } from "./control/faults";
import type { RequestKind } from "./control/requests";
import { DASHBOARD_PATHS, dashboard } from "./dashboard/app";
import { kaleyraCall } from "./kaleyra/calls";
import { isLoopbackHost } from "./loopback";
import type { World } from "./world";

interface Room {
  /** The start of the paths that it answers. */
  readonly start: RegExp;
  readonly answer: Handler<World>;
  /** A room without a kind is not logged and meets no faults. */
  readonly kind?: RequestKind;
}

const ROOMS: readonly Room[] = [
  { start: /^\/_sandbox\//, answer: controlCall },
  { start: /^\/callbacks\//, answer: callbackCall, kind: "callback" },
  { start: /^\/(kaleyra\/|\/*v2\/|\/*v1\/[^/]+\/whatsapp\/number$)/, answer: kaleyraCall, kind: "kaleyra" },
];
const REST: Room = { start: /^/, answer: apiCall, kind: "api" };

/** A web page must not reach the sandbox through the browser of the person who runs it. */
function refuseBrowsers(world: World, call: Call): void {
  const { origin, host = "" } = call.headers;
  if (origin !== undefined && origin !== world.url)
    throw new Problem("forbidden", "Calls from web pages are not accepted.");
  if (!isLoopbackHost(host)) throw new Problem("forbidden", "Call the sandbox by a loopback address.");
}

async function handle(world: World, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const call = await callOf(request);
  response.setHeader("X-Request-Id", call.requestId);
  response.setHeader("Cache-Control", "no-store");
  const { answer, kind } = ROOMS.find(({ start }) => start.test(call.path)) ?? REST;
  const work = (): Promise<Answer> =>
    answerOf(() => {
      refuseBrowsers(world, call);
      return answer(world, call);
    }).catch((error) => {
      if (!world.closing.aborted) console.error(error);
      return problemAnswer(new Problem("internal-error", "The sandbox failed: see what it printed."));
    });
  if (kind === undefined) {
    send(response, await work());
    world.changes.notify();
    return;
  }
  const entry = world.log.add(kind, call);
  world.changes.notify();
  const fault = world.faults.take(call);
  entry.fault = fault?.kind;
  entry.status = fault
    ? await answerWithFault(fault, response, world.closing, work)
    : send(response, await work());
  world.changes.notify();
}

/**
 * Listens on 127.0.0.1.
 *
 * @throws the error of `listen`, such as EADDRINUSE
 */
export async function listen(world: World): Promise<Server> {
  // Programs that start a sandbox keep the Request and Response of their own.
  const pages = getRequestListener(dashboard(world).fetch, { overrideGlobalObjects: false });
  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    if (DASHBOARD_PATHS.test(request.url?.split("?")[0] ?? "")) {
      void pages(request, response);
      return;
    }
    // A caller that went away is no failure of the sandbox.
    handle(world, request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(world.settings.port, "127.0.0.1", () => resolve());
  });
  world.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return server;
}

import type { Answer, Breakdown, Request, Transport } from "../../provider/api/transport";
import { createWorld } from "../../sandbox/world";
import { apiCall } from "../../server/api";
import { answerOf } from "../../server/http";
import { Killed } from "./driver";

/**
 * The sandbox's API without a network, for thousands of sequences: the client's transport calls it directly. Use with
 * `jest.mock("../../provider/api/transport", () => require("./in-memory"))` and a mock of the server's check of the HTTP End Point.
 */

/** What becomes of one request. */
export const FATES = ["lost before", "lost after", "killed before", "killed after", "503", "429"] as const;
export type Fate = (typeof FATES)[number];

export const ENDPOINT = "http://127.0.0.1:1";

export const world = createWorld();
world.url = ENDPOINT;

/** Fates by the number of the request, counted from the last `plan`. */
let fates = new Map<number, Fate>();
let count = 0;
let losses = 0;
let listings = 0;

/** Sets the fates of the next requests and forgets the others. */
export function plan(next: ReadonlyMap<number, Fate>): void {
  fates = new Map(next);
  count = 0;
  losses = 0;
  listings = 0;
}

/** Requests since the last plan, how many of the writes among them got no answer, and how many were listings. */
export const told = () => ({ requests: count, losses, listings });

export function openTransport(): Transport {
  return { send, close: async () => {} };
}

async function send(request: Request): Promise<Answer | Breakdown> {
  const fate = fates.get(count++);
  const isWrite = request.method !== "GET" && !request.path.includes("validateOnly");
  if (fate && isWrite) losses++;
  if (request.method === "GET" && request.path.includes("/providers?")) listings++;
  if (fate === "killed before") throw new Killed();
  if (fate === "lost before") return lost;
  if (fate === "503") return status(503, "unavailable");
  if (fate === "429") return status(429, "too-many-requests");
  const answer = await carryOut(request);
  if (fate === "killed after") throw new Killed();
  return fate === "lost after" ? lost : answer;
}

const lost: Breakdown = { code: "unreachable", what: "the connection broke", sent: true, heals: true };

function status(code: number, name: string): Answer {
  const headers = { "content-type": "application/problem+json" };
  return { status: code, headers, body: JSON.stringify({ status: code, code: name, detail: "later" }) };
}

async function carryOut({ method, path: target, headers, body = "" }: Request): Promise<Answer> {
  const [path = "", query = ""] = target.split("?");
  const call = {
    method,
    target,
    path,
    query: new URLSearchParams(query),
    param: () => "",
    headers: Object.fromEntries(Object.entries(headers).map(([k, v]) => [k.toLowerCase(), v])),
    body: Buffer.from(body),
    tooLarge: false,
    requestId: headers["X-Request-Id"] ?? "",
  };
  const answer = await answerOf(() => apiCall(world, call));
  const lower = Object.entries(answer.headers).map(([k, v]) => [k.toLowerCase(), v]);
  const answerHeaders = { date: new Date().toUTCString(), ...Object.fromEntries(lower) };
  return { status: answer.status, headers: answerHeaders, body: answer.body };
}

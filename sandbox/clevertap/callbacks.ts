import { randomUUID } from "node:crypto";
import { type Answer, type Call, json, jsonBody } from "../../server/http";
import { Problem } from "../../server/problem";
import { router } from "../../server/routes";
import type { ReceivedCallback } from "../storage/tables";
import { callbackToken, type World } from "../world";

/** What arrived for an account, or for all; oldest first. */
export function receivedCallbacks(world: World, account?: string): ReceivedCallback[] {
  const all = world.callbacks.all();
  return account === undefined ? all : all.filter((callback) => callback.account === account);
}

/** How many callbacks of an account arrived. */
export function callbackCounts(world: World, account: string) {
  const received = receivedCallbacks(world, account);
  const reports = (status: string) =>
    received.filter((callback) => callback.kind === "delivery" && callback.status === status).length;
  return {
    inbound: received.filter(({ kind }) => kind === "inbound").length,
    sent: reports("sent"),
    delivered: reports("delivered"),
    read: reports("read"),
    failed: reports("failed"),
  };
}

const STATUSES = ["sent", "delivered", "read", "failed"];
const UNKNOWN = "There is no such callback address.";

type Json = Record<string, unknown>;
type Entry = Pick<ReceivedCallback, "subject" | "status" | "body">;

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function refuse(why: string): Problem {
  return new Problem("invalid-field", why, { errors: [{ pointer: "", code: "invalid", message: why }] });
}

/** @throws Problem when it has not the documented shape */
function inbound(body: Json): Entry[] {
  const from = text(body.from);
  const type = text(body.type);
  if (!from || !type || !text(body.wabaNumber))
    throw refuse("An inbound message has from, wabaNumber and type.");
  const context = body.context as { id?: unknown } | undefined;
  return [{ subject: text(context?.id) ?? from, status: type, body }];
}

/** @throws Problem when it has not the documented shape */
function delivery(body: Json): Entry[] {
  if (!Array.isArray(body.statuses)) throw refuse("A delivery report has statuses.");
  return body.statuses.map((entry: { msgId?: unknown; status?: unknown }) => {
    const subject = text(entry?.msgId);
    const status = text(entry?.status);
    if (!subject || !status || !STATUSES.includes(status))
      throw refuse(`Each status has a msgId and is one of ${STATUSES.join(", ")}.`);
    return { subject, status, body: entry };
  });
}

function receive(world: World, call: Call, kind: "inbound" | "delivery"): Answer {
  const { accounts, payloadVersion } = world.settings;
  const account = accounts.find(({ id }) => callbackToken(id) === call.param("token"));
  if (!account) throw new Problem("not-found", UNKNOWN);
  const body = jsonBody(call);
  if (typeof body !== "object" || body === null) throw refuse("The body must be an object.");
  if (!("payloadVersion" in body) || body.payloadVersion !== payloadVersion)
    throw refuse(`payloadVersion must be ${payloadVersion}.`);
  const entries = kind === "inbound" ? inbound({ ...body }) : delivery({ ...body });
  const receivedAt = new Date().toISOString();
  for (const entry of entries)
    world.callbacks.put(randomUUID(), { account: account.id, kind, ...entry, receivedAt });
  return json(200, { status: "success" });
}

/** The receivers behind the two callback URLs. */
export const callbackCall = router<World>(
  {
    "POST /callbacks/:token/inbound": (world, call) => receive(world, call, "inbound"),
    "POST /callbacks/:token/delivery": (world, call) => receive(world, call, "delivery"),
  },
  UNKNOWN,
);

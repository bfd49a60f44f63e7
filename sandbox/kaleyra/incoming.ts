import { type Answer, type Call, json } from "../../server/http";
import { postJson } from "../../server/post-json";
import { Problem } from "../../server/problem";
import { bodyOf, INBOUND, INCOMING_URL } from "../control/bodies";
import type { World } from "../world";

/** A message that a user writes to a number. */
export interface InboundMessage {
  /** Who writes. Default 14155550101. */
  readonly from?: string;
  readonly text?: string;
}

/** Did it reach CleverTap's inbound callback, and if not, why? */
export interface InboundResult {
  readonly delivered: boolean;
  readonly reason?: string;
}

/** Kaleyra's Incoming URL of a number; undefined: none is set. */
export function incomingUrl(world: World, number: string): string | undefined {
  const row = world.database.prepare("SELECT url FROM incoming_urls WHERE number = ?").get(number);
  return row ? String(row.url) : undefined;
}

export function setIncomingUrl(world: World, number: string, url: string): void {
  world.database
    .prepare(
      "INSERT INTO incoming_urls (number, url) VALUES (?, ?) ON CONFLICT (number) DO UPDATE SET url = excluded.url",
    )
    .run(number, url);
}

/** Names in the query that `incomingUrlQuery` holds. */
const OWN = ["inbound_message_callback_url", "payload_version"];

/**
 * Where an Incoming URL leads to: its query has to end with what `incomingUrlQuery` says. More behind it would be the rest of
 * a callback URL that was not encoded.
 */
export function incomingTarget(
  world: World,
  url: string | undefined,
): { target: string; version: string } | string {
  if (url === undefined) return "the number has no Incoming URL";
  const query = new URLSearchParams(url.includes("?") ? url.slice(url.indexOf("?") + 1) : "");
  const target = query.get("inbound_message_callback_url") ?? "";
  const version = query.get("payload_version") ?? "";
  const isAtEnd = [...query.keys()].slice(-2).sort().join() === OWN.join();
  if (!isAtEnd || OWN.some((name) => query.getAll(name).length !== 1))
    return "the Incoming URL must end with inbound_message_callback_url and payload_version, each once";
  const ours = target.startsWith(`${world.url}/callbacks/`) && target.endsWith("/inbound");
  if (!ours) return "inbound_message_callback_url is not an inbound callback URL of this sandbox";
  return version === world.settings.payloadVersion
    ? { target, version }
    : "payload_version is not the one that is in use";
}

/** A user writes to the number: Kaleyra passes it on to where the Incoming URL says. */
export async function receiveInbound(
  world: World,
  number: string,
  message: InboundMessage,
): Promise<InboundResult> {
  const found = incomingTarget(world, incomingUrl(world, number));
  if (typeof found === "string") return { delivered: false, reason: found };
  const { from = "14155550101", text = "Hello" } = message;
  const body = {
    payloadVersion: found.version,
    from,
    wabaNumber: number,
    timestamp: String(Math.floor(Date.now() / 1000)),
    type: "text",
    context: {},
    text: { body: text },
  };
  const { status } = await postJson(found.target, {}, body, 5_000, world.closing);
  if (status === 200) return { delivered: true };
  return { delivered: false, reason: `the inbound callback answered ${status ?? "nothing"}` };
}

/** `incoming-url`: GET and PUT; `inbound`: POST. @throws Problem */
export async function incomingUrlCall(
  world: World,
  call: Call,
  number: string,
  what: string,
): Promise<Answer> {
  const allowed = what === "inbound" ? "POST" : "GET, PUT";
  if (!allowed.includes(call.method))
    throw new Problem("method-not-allowed", `Use ${allowed}.`, {}, { Allow: allowed });
  if (call.method === "GET") return json(200, { url: incomingUrl(world, number) ?? null });
  if (what === "inbound") return json(200, await receiveInbound(world, number, bodyOf(call, INBOUND)));
  const { url } = bodyOf(call, INCOMING_URL);
  setIncomingUrl(world, number, url);
  return json(200, { url });
}

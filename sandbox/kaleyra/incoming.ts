import { z } from "zod";
import { INCOMING_URL_QUERY } from "../../contract/incoming-url";
import { membersOf, parseJson } from "../../contract/json";
import { isLoopback } from "../../contract/url";
import { type Answer, type Call, json } from "../../server/http";
import { postJson } from "../../server/post-json";
import { bodyOf } from "../call-values";
import type { World } from "../world";

/** A message that a user writes to a number. */
export interface InboundMessage {
  /** Who writes. Default 14155550101. */
  readonly from?: string;
  readonly text?: string;
}

const INBOUND: z.ZodType<InboundMessage> = z.strictObject({
  from: z.string().optional(),
  text: z.string().optional(),
});

/** A message at an Incoming URL, as far as it is passed on. */
const MESSAGE = z.object({
  from: z.string(),
  wabaNumber: z.string(),
  text: z.object({ body: z.string() }),
});

const INCOMING_URL = z.strictObject({
  url: z.string().refine(URL.canParse, "must be an absolute URL"),
});

/** Did it reach CleverTap's inbound callback, and if not, why? */
export interface InboundResult {
  readonly delivered: boolean;
  readonly reason?: string;
}

/** Path of the base of an Incoming URL, which Kaleyra's support hands out. */
export const INCOMING = "/kaleyra/whatsapp_incoming";

/**
 * Where an Incoming URL leads to: its query has to end with what `incomingUrlQuery` says. More behind it would be the rest of
 * a callback URL that was not encoded.
 */
export function incomingTarget(world: World, url: string | undefined): { target: string } | string {
  if (url === undefined) return "the number has no Incoming URL";
  const query = new URLSearchParams(url.includes("?") ? url.slice(url.indexOf("?") + 1) : "");
  const [target = "", version = ""] = INCOMING_URL_QUERY.map((name) => query.get(name) ?? "");
  const isAtEnd = [...query.keys()].slice(-2).sort().join() === INCOMING_URL_QUERY.join();
  if (!isAtEnd || INCOMING_URL_QUERY.some((name) => query.getAll(name).length !== 1))
    return `the Incoming URL must end with ${INCOMING_URL_QUERY.join(" and ")}, each once`;
  const ours = target.startsWith(`${world.url}/callbacks/`) && target.endsWith("/inbound");
  if (!ours) return "inbound_message_callback_url is not an inbound callback URL of this sandbox";
  return version === world.settings.payloadVersion
    ? { target }
    : "payload_version is not the one that is in use";
}

/** Seconds since 1970 as text, as Kaleyra writes the time. */
export const timestamp = () => String(Math.floor(Date.now() / 1000));

/** What Kaleyra says of an inbound message. */
interface Message {
  readonly from: string;
  readonly wabaNumber: string;
  readonly context: { readonly id?: string };
  readonly text: string;
}

/** Passes on to CleverTap what a user writes. @returns the status of the answer, if there was one */
export async function postInbound(world: World, url: string, message: Message): Promise<number | undefined> {
  const { payloadVersion } = world.settings;
  return (await postMessage(world, url, message, { payloadVersion })).status;
}

function postMessage(world: World, url: string, message: Message, more: object) {
  const text = { body: message.text };
  const body = { ...more, timestamp: timestamp(), type: "text", ...message, text };
  return postJson(url, {}, body, 5_000, world.closing);
}

/** A user writes to the number: Kaleyra sends it to the Incoming URL, and what is there passes it on to CleverTap. */
export async function receiveInbound(
  world: World,
  wabaNumber: string,
  { from = "14155550101", text = "Hello" }: InboundMessage = {},
): Promise<InboundResult> {
  const message = { from, wabaNumber, context: {}, text };
  const url = world.incomingUrls.get(wabaNumber);
  if (url === undefined || !isLoopback(new URL(url))) return passOn(world, url, message);
  const { status, body } = await postMessage(world, url, message, {});
  if (status === 200) return { delivered: true };
  const { reason } = membersOf(parseJson(body));
  const told = typeof reason === "string" ? reason : `the Incoming URL answered ${status ?? "nothing"}`;
  return { delivered: false, reason: told };
}

/** What Kaleyra's middleware does with a message that comes to an Incoming URL. That of another machine is played here. */
async function passOn(world: World, url: string | undefined, message: Message): Promise<InboundResult> {
  const found = incomingTarget(world, url);
  if (typeof found === "string") return { delivered: false, reason: found };
  const status = await postInbound(world, found.target, message);
  if (status === 200) return { delivered: true };
  return { delivered: false, reason: `the inbound callback answered ${status ?? "nothing"}` };
}

/** The middleware of the sandbox: the base of its Incoming URLs. */
export async function forward(world: World, call: Call): Promise<Answer> {
  const { from, wabaNumber, text } = bodyOf(call, MESSAGE);
  const message = { from, wabaNumber, context: {}, text: text.body };
  const result = await passOn(world, `${world.url}${call.target}`, message);
  return json(result.delivered ? 200 : 422, result);
}

export function readIncomingUrl(world: World, call: Call): Answer {
  return json(200, { url: world.incomingUrls.get(call.param("number")) ?? null });
}

export function writeIncomingUrl(world: World, call: Call): Answer {
  const { url } = bodyOf(call, INCOMING_URL);
  world.incomingUrls.put(call.param("number"), url);
  return json(200, { url });
}

export async function inbound(world: World, call: Call): Promise<Answer> {
  return json(200, await receiveInbound(world, call.param("number"), bodyOf(call, INBOUND)));
}

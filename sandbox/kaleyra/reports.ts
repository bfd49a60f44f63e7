import { postJson } from "../../server/post-json";
import { isLoopback } from "../../server/save-request";
import type { World } from "../world";

/** A message that the stand-in accepted, with the callback URLs that came in its headers. */
export interface AcceptedMessage {
  readonly msgId: string;
  readonly to: string;
  readonly wabaNumber: string;
  readonly delivery: string | undefined;
  readonly inbound: string | undefined;
}

const now = () => String(Math.floor(Date.now() / 1000));

/** The life of a message. By its last digit: 9 fails, 8 is never read, all others are read. */
function statuses(to: string): string[] {
  if (to.endsWith("9")) return ["sent", "failed"];
  return to.endsWith("8") ? ["sent", "delivered"] : ["sent", "delivered", "read"];
}

/** The stand-in talks to this machine only. */
function local(url: string | undefined): url is string {
  return url !== undefined && URL.canParse(url) && isLoopback(new URL(url));
}

async function report(world: World, message: AcceptedMessage): Promise<void> {
  const { msgId, to, wabaNumber } = message;
  const payloadVersion = world.settings.payloadVersion;
  for (const status of statuses(to)) {
    if (!local(message.delivery)) break;
    const error = status === "failed" ? { error: { code: 131026, title: "Message undeliverable" } } : {};
    const body = { payloadVersion, statuses: [{ msgId, status, timestamp: now(), ...error }] };
    await postJson(message.delivery, {}, body, 5_000, world.closing);
  }
  if (!to.endsWith("1") || !local(message.inbound)) return;
  const reply = {
    payloadVersion,
    from: to,
    wabaNumber,
    timestamp: now(),
    type: "text",
    context: { id: msgId },
  };
  await postJson(message.inbound, {}, { ...reply, text: { body: "Thank you" } }, 5_000, world.closing);
}

/** Posts delivery reports, and for a recipient that ends in 1 a reply, after the message's own answer is out. */
export function reportLater(world: World, message: AcceptedMessage): void {
  const work = new Promise<void>((resolve) => setImmediate(resolve))
    .then(() => report(world, message))
    .catch(() => {})
    .finally(() => world.background.delete(work));
  world.background.add(work);
}

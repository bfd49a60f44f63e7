import { isLoopback } from "../../contract/url";
import { postJson } from "../../server/post-json";
import type { World } from "../world";
import { postInbound, timestamp } from "./incoming";

/** A message that the stand-in accepted, with the callback URLs that came in its headers. */
export interface AcceptedMessage {
  readonly msgId: string;
  readonly to: string;
  readonly wabaNumber: string;
  readonly delivery: string | undefined;
  readonly inbound: string | undefined;
}

/** The life of a message. By its last digit: 9 fails, 8 is never read, all others are read. */
function statuses(to: string): string[] {
  if (to.endsWith("9")) return ["sent", "failed"];
  return to.endsWith("8") ? ["sent", "delivered"] : ["sent", "delivered", "read"];
}

/** The stand-in talks to this machine only. */
function local(url: string | undefined): url is string {
  return url !== undefined && URL.canParse(url) && isLoopback(new URL(url));
}

async function report(world: World, { msgId, to, wabaNumber, ...urls }: AcceptedMessage): Promise<void> {
  const { payloadVersion } = world.settings;
  for (const status of statuses(to)) {
    if (!local(urls.delivery)) break;
    const error = status === "failed" ? { error: { code: 131026, title: "Message undeliverable" } } : {};
    const body = { payloadVersion, statuses: [{ msgId, status, timestamp: timestamp(), ...error }] };
    await postJson(urls.delivery, {}, body, 5_000, world.closing);
  }
  if (to.endsWith("1") && local(urls.inbound))
    await postInbound(world, urls.inbound, {
      from: to,
      wabaNumber,
      context: { id: msgId },
      text: "Thank you",
    });
}

/** Posts delivery reports, and for a recipient that ends in 1 a reply, after the message's own answer is out. */
export function reportLater(world: World, message: AcceptedMessage): void {
  const work = new Promise<void>((resolve) => setImmediate(resolve))
    .then(() => report(world, message))
    .catch(() => {})
    .finally(() => world.background.delete(work));
  world.background.add(work);
}

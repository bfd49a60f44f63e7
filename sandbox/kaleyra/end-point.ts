import { ENDPOINT_REFUSALS } from "../../contract/endpoint-answer";
import { KALEYRA_HEADERS } from "../../contract/headers";
import { isMobileNumber } from "../../contract/members";
import { VERIFICATION_MESSAGE_ID } from "../../contract/verification-message";
import { type Answer, type Call, json, jsonBody } from "../../server/http";
import type { World } from "../world";
import { isServed, listsNumber } from "./numbers";
import { reportLater } from "./reports";

/** Path of the HTTP End Point that Kaleyra's support hands out. */
export const HTTP_END_POINT = "/kaleyra/whatsapp/message/clevertap";

function failure(code: keyof typeof ENDPOINT_REFUSALS, message: string): Answer {
  return json(200, { status: "failure", error: { code, message } });
}

/** With the text that is documented for the code. */
function refusal(code: 2000 | 2002 | 2003): Answer {
  return failure(code, ENDPOINT_REFUSALS[code].text);
}

function broken(message: string): Answer {
  return json(500, { status: "failure", error: { message } });
}

/** What one of Kaleyra's five headers carries. */
function carried(call: Call, name: keyof typeof KALEYRA_HEADERS): string | undefined {
  const value = call.headers[KALEYRA_HEADERS[name]];
  return typeof value === "string" ? value : undefined;
}

/** A bare host or a URL, with or without a slash at the end. */
function hostIsKnown(world: World, value = ""): boolean {
  const host = value.replace(/^https?:\/\//i, "").replace(/\/$/, "");
  return [...world.settings.kaleyraHosts, new URL(world.url).host].includes(host.toLowerCase());
}

interface Message {
  wabaNumber?: unknown;
  to?: unknown;
  msgId?: unknown;
  isTemplate?: unknown;
  template?: { components?: { parameters?: unknown }[] };
}

function templateIsFilled({ isTemplate, template }: Message): boolean {
  if (isTemplate !== true) return true;
  const components = template?.components;
  return Array.isArray(components) && components.every((component) => Array.isArray(component?.parameters));
}

/** Kaleyra's middleware: takes the verification message and real ones. */
export function endPoint(world: World, call: Call): Answer {
  if (call.method !== "POST") return json(403, { message: "Forbidden" });
  let message: Message;
  try {
    const value = jsonBody(call);
    if (typeof value !== "object" || value === null) throw new TypeError();
    message = value;
  } catch {
    return broken("The body could not be read");
  }
  if (!world.isKaleyra(carried(call, "sid"), carried(call, "apiKey"))) return refusal(2000);
  // The middleware looks the host up, and fails as a whole when it can't.
  if (!hostIsKnown(world, carried(call, "kaleyraHost")))
    return broken(`Unknown ${KALEYRA_HEADERS.kaleyraHost}`);
  const { wabaNumber, to, msgId } = message;
  if (typeof wabaNumber !== "string" || typeof to !== "string" || typeof msgId !== "string")
    return failure(2004, "wabaNumber, to and msgId are needed");
  if (!isMobileNumber(wabaNumber) || listsNumber(world.settings.invalidNumbers, wabaNumber))
    return refusal(2002);
  if (!isServed(world.settings, wabaNumber)) return refusal(2003);
  if (!templateIsFilled(message)) return failure(2001, "Template parameters are missing");
  if (msgId !== VERIFICATION_MESSAGE_ID)
    reportLater(world, {
      msgId,
      to,
      wabaNumber,
      delivery: carried(call, "deliveryReportCallbackUrl"),
      inbound: carried(call, "inboundMessageCallbackUrl"),
    });
  return json(200, { status: "success", message: "Accepted", msgId });
}

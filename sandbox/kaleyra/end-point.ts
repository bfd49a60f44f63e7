import { VERIFICATION_MESSAGE_ID } from "../../contract/verification-message";
import { type Answer, type Call, json, jsonBody } from "../../server/http";
import { Problem } from "../../server/problem";
import { listsNumber } from "../options";
import type { World } from "../world";
import { incomingUrlCall } from "./incoming";
import { reportLater } from "./reports";

/** Path of the HTTP End Point that Kaleyra's support hands out. */
export const HTTP_END_POINT = "/kaleyra/whatsapp/message/clevertap";

function failure(code: number, message: string): Answer {
  return json(200, { status: "failure", error: { code, message } });
}

function header(call: Call, name: string): string | undefined {
  const value = call.headers[name];
  return typeof value === "string" ? value : undefined;
}

/** A bare host or a URL, with or without a slash at the end. */
function hostIsKnown(world: World, value: string | undefined): boolean {
  const host = value
    ?.replace(/^https?:\/\//i, "")
    .replace(/\/$/, "")
    .toLowerCase();
  return host !== undefined && [...world.settings.kaleyraHosts, new URL(world.url).host].includes(host);
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
function endPoint(world: World, call: Call): Answer {
  if (call.method !== "POST") return json(403, { message: "Forbidden" });
  let message: Message;
  try {
    const value = jsonBody(call);
    if (typeof value !== "object" || value === null) throw new TypeError();
    message = value;
  } catch {
    return json(500, { status: "failure", error: { message: "The body could not be read" } });
  }
  const { sid, apiKey } = world.kaleyra;
  if (header(call, "api-key") !== apiKey || header(call, "sid") !== sid)
    return failure(2000, "Invalid Credentials");
  // The middleware looks the host up, and fails as a whole when it can't.
  if (!hostIsKnown(world, header(call, "kaleyra-host")))
    return json(500, { status: "failure", error: { message: "Unknown kaleyra-host" } });
  const { wabaNumber, to, msgId } = message;
  const { approvedNumbers, unsubscribedNumbers, invalidNumbers } = world.settings;
  if (typeof wabaNumber !== "string" || typeof to !== "string" || typeof msgId !== "string")
    return failure(2004, "wabaNumber, to and msgId are needed");
  if (!/^[1-9]\d{6,14}$/.test(wabaNumber) || listsNumber(invalidNumbers, wabaNumber))
    return failure(2002, "Invalid Phone Number");
  if (!listsNumber(approvedNumbers, wabaNumber) || listsNumber(unsubscribedNumbers, wabaNumber))
    return failure(2003, "Number not subscribed");
  if (!templateIsFilled(message)) return failure(2001, "Template parameters are missing");
  if (msgId !== VERIFICATION_MESSAGE_ID)
    reportLater(world, {
      msgId,
      to,
      wabaNumber,
      delivery: header(call, "delivery-report-callback-url"),
      inbound: header(call, "inbound-message-callback-url"),
    });
  return json(200, { status: "success", message: "Accepted", msgId });
}

/** Kaleyra's public API: details of a number. */
function numberDetails(world: World, call: Call, sid: string, number: string): Answer {
  const answer = (status: number, code: string, message: string, data: unknown, error: unknown) =>
    json(status, { code, message, data, error });
  if (header(call, "api-key") !== world.kaleyra.apiKey || sid !== world.kaleyra.sid)
    return answer(401, "RBC001", "Invalid SID or API key", {}, { error: "unauthorized" });
  const { approvedNumbers, unsubscribedNumbers } = world.settings;
  if (!listsNumber(approvedNumbers, number) || listsNumber(unsubscribedNumbers, number))
    return answer(404, "RBC404", "The number is not one of this account", {}, { number: "not found" });
  return answer(200, "RBC000", "Success", { phone_number: number, status: "CONNECTED" }, {});
}

/** A part of a path; what can't be decoded is no sid of ours. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** A call to the stand-in. @throws Problem not-found */
export async function kaleyraCall(world: World, call: Call): Promise<Answer> {
  if (call.path === HTTP_END_POINT) return endPoint(world, call);
  const path = call.path.replace(/^\/+/, "/");
  const [, sid, number] = /^\/v2\/([^/]+)\/whatsapp\/(\d+)\/phone_number_details$/.exec(path) ?? [];
  if (call.method === "GET" && sid !== undefined && number !== undefined)
    return numberDetails(world, call, decoded(sid), number);
  const [, own, what] = /^\/kaleyra\/numbers\/(\d+)\/(incoming-url|inbound)$/.exec(path) ?? [];
  if (own !== undefined && what !== undefined) return incomingUrlCall(world, call, own, what);
  throw new Problem("not-found", "Kaleyra's stand-in has no such address.");
}

import { membersOf } from "../../contract/json";
import { type Finding, findings, type KaleyraSettings } from "./findings";
import { ask, shown, text } from "./http";

/** Kaleyra's API for a WhatsApp number. */

/** How long an answer may take, in milliseconds. */
const LIMIT = 10_000;

/** Asks for the number's details; nothing where kaleyraHost is a bare host name. */
export async function readNumberDetails(settings: KaleyraSettings): Promise<Finding[]> {
  if (!settings.kaleyraHost.includes("://")) return [];
  const reply = await call(settings, "GET", "v2", `${settings.mobileNumber}/phone_number_details`);
  if ("why" in reply) return findings("unknown", ["kaleyraHost"], `Kaleyra's API: ${reply.why}`);
  const { status, code, isDone, data, summary } = reply;
  if (code === "RBC001" || status === 401) return findings("refused", ["apiKey", "sid"], summary);
  if (isDone && !isEmpty(data))
    return findings("good", ["apiKey", "sid", "kaleyraHost", "mobileNumber"], summary);
  return findings("unknown", ["mobileNumber"], summary);
}

/** One call, with what its envelope says. Its URL holds the SID, so it is never shown. */
async function call(settings: KaleyraSettings, method: "GET", version: string, path: string) {
  const { kaleyraHost, sid, apiKey } = settings;
  const url = `${kaleyraHost.replace(/\/+$/, "")}/${version}/${encodeURIComponent(sid)}/whatsapp/${path}`;
  const reply = await ask(url, { method, headers: { "api-key": apiKey } }, LIMIT);
  if ("why" in reply) return reply;
  const { status } = reply;
  const { code, message, data, error } = membersOf(reply.json);
  // The envelope always has a member error, which is empty in a success.
  const isDone = reply.isSuccess && isEmpty(error);
  const summary = shown(settings, `Kaleyra's API: HTTP ${status} ${text(code)} ${text(message)}`);
  return { status, code, data, isDone, summary };
}

function isEmpty(value: unknown): boolean {
  if (typeof value === "object" && value !== null) return Object.keys(value).length === 0;
  return value === undefined || value === null;
}

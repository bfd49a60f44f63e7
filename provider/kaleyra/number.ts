import { isEmpty, readEnvelope } from "./envelope";
import { type Finding, findings, type KaleyraSettings } from "./findings";
import { ask, shown } from "./http";

/** Kaleyra's API for a WhatsApp number: its addresses, and the question of `verify`. `incoming-url.ts` has the calls of the resource. */

/** How long an answer may take, in milliseconds. */
const LIMIT = 10_000;

/** What every call needs. */
export interface KaleyraAccess {
  /** https URL, or a bare host name. */
  readonly kaleyraHost: string;
  readonly sid: string;
  readonly apiKey: string;
}

/** The origin of Kaleyra's API, and the path under which an account's WhatsApp calls are. The path holds the SID, so it is never shown. */
export function whatsAppRoot({ kaleyraHost, sid }: KaleyraAccess, version: "v1" | "v2") {
  const base = new URL(kaleyraHost.includes("://") ? kaleyraHost : `https://${kaleyraHost}`);
  const path = base.pathname.replace(/\/+$/, "");
  return { origin: base.origin, path: `${path}/${version}/${encodeURIComponent(sid)}/whatsapp` };
}

/** Path of a number's details. */
export function detailsPath(access: KaleyraAccess, mobileNumber: string) {
  const { origin, path } = whatsAppRoot(access, "v2");
  return { origin, path: `${path}/${mobileNumber}/phone_number_details` };
}

/** Asks for the number's details; nothing where kaleyraHost is a bare host name. */
export async function readNumberDetails(settings: KaleyraSettings): Promise<Finding[]> {
  if (!settings.kaleyraHost.includes("://")) return [];
  const { origin, path } = detailsPath(settings, settings.mobileNumber);
  const headers = { "api-key": settings.apiKey };
  const reply = await ask(`${origin}${path}`, { method: "GET", headers }, LIMIT);
  if ("why" in reply) return findings("unknown", ["kaleyraHost"], `Kaleyra's API: ${reply.why}`);
  const { code, message, data, isDone, refusesKey } = readEnvelope(reply.status, reply.json);
  const summary = shown(settings, `Kaleyra's API: HTTP ${reply.status} ${code} ${message}`);
  if (refusesKey) return findings("refused", ["apiKey", "sid"], summary);
  if (isDone && !isEmpty(data))
    return findings("good", ["apiKey", "sid", "kaleyraHost", "mobileNumber"], summary);
  return findings("unknown", ["mobileNumber"], summary);
}

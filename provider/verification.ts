import { VERIFICATION_LIMIT_MS, verificationMessage } from "../contract/verification-message";
import { redactor } from "./api/redact";

/** The check that Save makes, sent from here: no CleverTap API takes part. */

/** What is verified. */
export interface VerificationSettings {
  readonly httpEndpoint: string;
  readonly mobileNumber: string;
  readonly apiKey: string;
  readonly sid: string;
  readonly kaleyraHost: string;
  readonly headers?: Record<string, string>;
  readonly inboundMessageCallbackUrl?: string;
  readonly deliveryReportCallbackUrl?: string;
}

export const PARTS = ["httpEndpoint", "apiKey", "sid", "kaleyraHost", "mobileNumber"] as const;
export type Part = (typeof PARTS)[number];

/** What one question said of one part. */
export interface Finding {
  readonly part: Part;
  readonly verdict: "good" | "refused" | "unknown";
  readonly reason: string;
}

/** Kaleyra's own API may take longer, in milliseconds. */
const DETAILS_LIMIT = 10_000;
const BODY_LIMIT = 64 * 1024;

/** Sends CleverTap's verification message to the HTTP End Point, with the configured headers, under the 1-second rule. */
export async function sendVerification(settings: VerificationSettings): Promise<Finding[]> {
  const { httpEndpoint, mobileNumber, apiKey, sid, kaleyraHost } = settings;
  const headers: Record<string, string> = {
    ...settings.headers,
    "content-type": "application/json",
    "api-key": apiKey,
    sid,
    "kaleyra-host": kaleyraHost,
    ...(settings.inboundMessageCallbackUrl && {
      "inbound-message-callback-url": settings.inboundMessageCallbackUrl,
    }),
    ...(settings.deliveryReportCallbackUrl && {
      "delivery-report-callback-url": settings.deliveryReportCallbackUrl,
    }),
  };
  const body = JSON.stringify(verificationMessage(mobileNumber));
  const answer = await ask(httpEndpoint, { method: "POST", headers, body }, VERIFICATION_LIMIT_MS);
  if (typeof answer === "string") return [{ part: "httpEndpoint", verdict: "refused", reason: answer }];
  return judgeAnswer(answer, redactor(secretsOf(settings)).text);
}

/** Asks Kaleyra's API for the number's details; nothing where kaleyraHost is a bare host name. Never prints that URL: it holds the SID. */
export async function readNumberDetails(settings: VerificationSettings): Promise<Finding[]> {
  const { kaleyraHost, sid, mobileNumber, apiKey } = settings;
  if (!kaleyraHost.includes("://")) return [];
  const url = `${kaleyraHost.replace(/\/+$/, "")}/v2/${encodeURIComponent(sid)}/whatsapp/${mobileNumber}/phone_number_details`;
  const answer = await ask(url, { method: "GET", headers: { "api-key": apiKey } }, DETAILS_LIMIT);
  if (typeof answer === "string")
    return [{ part: "kaleyraHost", verdict: "unknown", reason: `Kaleyra's API: ${answer}` }];
  const { status, json } = answer;
  const details = json as { code?: unknown; message?: unknown; data?: unknown } | undefined;
  const said = redactor(secretsOf(settings)).text(
    `Kaleyra's API: HTTP ${status} ${text(details?.code)} ${text(details?.message)}`,
  );
  if (details?.code === "RBC001" || status === 401) return refused(["apiKey", "sid"], said);
  if (status === 200 && details?.data && typeof details.data === "object") {
    return (["apiKey", "sid", "kaleyraHost", "mobileNumber"] as const).map((part) => ({
      part,
      verdict: "good",
      reason: said,
    }));
  }
  return [{ part: "mobileNumber", verdict: "unknown", reason: said }];
}

interface Answer {
  readonly status: number;
  readonly json: unknown;
}

/** @returns the answer, or in words why there is none */
async function ask(
  url: string,
  options: { method: "GET" | "POST"; headers: Record<string, string>; body?: string },
  limit: number,
): Promise<Answer | string> {
  // Loaded only here: most processes verify nothing from this side.
  const { EnvHttpProxyAgent, request } = require("undici") as typeof import("undici");
  const dispatcher = new EnvHttpProxyAgent();
  try {
    const signal = AbortSignal.timeout(limit);
    const { statusCode, body } = await request(url, { ...options, signal, dispatcher });
    let received = "";
    for await (const chunk of body) {
      received += chunk;
      if (received.length > BODY_LIMIT) break;
    }
    return { status: statusCode, json: parse(received) };
  } catch (error) {
    const { name, code } = error as { name?: string; code?: string };
    if (name === "TimeoutError" || name === "AbortError") return `no answer within ${limit / 1000} s`;
    // The error's own text may hold the URL, and the URL the SID.
    return `no answer (${/^[A-Z_]+$/.test(code ?? "") ? code : "connection failed"})`;
  } finally {
    await dispatcher.destroy();
  }
}

function parse(received: string): unknown {
  try {
    return JSON.parse(received);
  } catch {
    return undefined;
  }
}

/** Codes as CleverTap documents them for the Generic provider. */
function judgeAnswer({ status, json }: Answer, clean: (text: string) => string): Finding[] {
  const body = json as
    | { status?: unknown; message?: unknown; error?: { code?: unknown; message?: unknown } }
    | undefined;
  const isFailure = body?.status === "failure" || body?.error !== undefined;
  const code = Number(body?.error?.code);
  const message = clean(text(body?.error?.message ?? body?.message));
  const reason = `HTTP ${status}${code ? `, code ${code}` : ""}${message ? `: ${message}` : ""}`;
  if (status >= 200 && status < 300 && !isFailure)
    return PARTS.map((part) => ({ part, verdict: "good", reason }));
  const reached: Finding = { part: "httpEndpoint", verdict: "good", reason: "answers in time" };
  if (code === 2000) return [reached, ...refused(["apiKey", "sid"], reason)];
  if (code === 2002 || code === 2003) return [reached, ...refused(["mobileNumber"], reason)];
  if (/host/i.test(message)) return [reached, ...refused(["kaleyraHost"], reason)];
  if (status === 429 || status === 403 || status >= 500)
    return [{ part: "httpEndpoint", verdict: "unknown", reason }];
  return refused(["httpEndpoint"], reason);
}

function refused(parts: readonly Part[], reason: string): Finding[] {
  return parts.map((part) => ({ part, verdict: "refused", reason }));
}

function text(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

function secretsOf({ apiKey, sid, headers }: VerificationSettings): string[] {
  return [apiKey, sid, ...Object.values(headers ?? {})];
}

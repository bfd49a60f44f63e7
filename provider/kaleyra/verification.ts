import { KALEYRA_HEADERS } from "../../contract/headers";
import { VERIFICATION_LIMIT_MS, verificationMessage } from "../../contract/verification-message";
import { redactor } from "../api/redact";
import type { Answer, Breakdown, Request } from "../api/transport";

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
  /** There was no answer within the time limit. */
  readonly timedOut?: true;
}

/** Kaleyra's own API may take longer, in milliseconds. */
const DETAILS_LIMIT = 10_000;

/** Sends CleverTap's verification message to the HTTP End Point, with the configured headers, under the 1-second rule. */
export async function sendVerification(settings: VerificationSettings): Promise<Finding[]> {
  const { httpEndpoint, mobileNumber, apiKey, sid, kaleyraHost } = settings;
  const headers: Record<string, string> = {
    ...settings.headers,
    "content-type": "application/json",
    [KALEYRA_HEADERS.apiKey]: apiKey,
    [KALEYRA_HEADERS.sid]: sid,
    [KALEYRA_HEADERS.kaleyraHost]: kaleyraHost,
  };
  for (const name of ["inboundMessageCallbackUrl", "deliveryReportCallbackUrl"] as const) {
    const url = settings[name];
    if (url) headers[KALEYRA_HEADERS[name]] = url;
  }
  const body = JSON.stringify(verificationMessage(mobileNumber));
  const answer = await ask(httpEndpoint, { method: "POST", headers, body }, VERIFICATION_LIMIT_MS);
  if ("what" in answer) {
    const { what, timedOut } = answer;
    const reason = timedOut ? `no answer within ${VERIFICATION_LIMIT_MS / 1000} s` : what;
    return [{ part: "httpEndpoint", verdict: "refused", reason, timedOut }];
  }
  return judgeAnswer(answer, redactor(secretsOf(settings)).text);
}

/** Asks Kaleyra's API for the number's details; nothing where kaleyraHost is a bare host name. Never prints that URL: it holds the SID. */
export async function readNumberDetails(settings: VerificationSettings): Promise<Finding[]> {
  const { kaleyraHost, sid, mobileNumber, apiKey } = settings;
  if (!kaleyraHost.includes("://")) return [];
  const url = `${kaleyraHost.replace(/\/+$/, "")}/v2/${encodeURIComponent(sid)}/whatsapp/${mobileNumber}/phone_number_details`;
  const answer = await ask(
    url,
    { method: "GET", headers: { [KALEYRA_HEADERS.apiKey]: apiKey } },
    DETAILS_LIMIT,
  );
  if ("what" in answer) {
    const why = answer.timedOut ? `no answer within ${DETAILS_LIMIT / 1000} s` : answer.what;
    return [{ part: "kaleyraHost", verdict: "unknown", reason: `Kaleyra's API: ${why}` }];
  }
  const { status } = answer;
  const { code, message, data, error } = record(parse(answer.body));
  const said = redactor(secretsOf(settings)).text(
    `Kaleyra's API: HTTP ${status} ${text(code)} ${text(message)}`,
  );
  if (code === "RBC001" || status === 401) return refused(["apiKey", "sid"], said);
  // Its envelope has a member error in each answer, which is empty in a success.
  if (isSuccess(status) && isEmpty(error) && !isEmpty(data)) {
    return (["apiKey", "sid", "kaleyraHost", "mobileNumber"] as const).map((part) => ({
      part,
      verdict: "good",
      reason: said,
    }));
  }
  return [{ part: "mobileNumber", verdict: "unknown", reason: said }];
}

/** One request of its own: certificates, proxies and redirects as for the API. */
async function ask(
  url: string,
  request: Pick<Request, "method" | "headers" | "body">,
  limit: number,
): Promise<Answer | Breakdown> {
  // Loaded only here: most processes verify nothing from this side.
  const { openTransport } = require("../api/transport") as typeof import("../api/transport");
  const { origin, pathname, search } = new URL(url);
  const transport = openTransport(origin, limit);
  try {
    return await transport.send({ ...request, path: pathname + search });
  } finally {
    await transport.close();
  }
}

function parse(received: string): unknown {
  try {
    return JSON.parse(received);
  } catch {
    return undefined;
  }
}

/** As Save takes it: good is only what says success. Codes as CleverTap documents them for the Generic provider. */
function judgeAnswer({ status, body }: Answer, clean: (text: string) => string): Finding[] {
  const json = parse(body);
  const answer = record(json);
  const error = record(answer.error);
  const code = Number(error.code) || undefined;
  const message = clean(text(error.message ?? answer.message ?? answer.error));
  const numbers = `HTTP ${status}${code ? `, code ${code}` : ""}`;
  if (isSuccess(status) && answer.status === "success") {
    const reason = `${numbers}${message && `: ${message}`}`;
    return PARTS.map((part) => ({ part, verdict: "good", reason }));
  }
  const said = message || whyNot(status, body, json);
  const reason = `${numbers}${said && `: ${said}`}`;
  const reached: Finding = { part: "httpEndpoint", verdict: "good", reason: "answers in time" };
  if (code === 2000 || /credential/i.test(message)) return [reached, ...refused(["apiKey", "sid"], reason)];
  if (code === 2002 || code === 2003) return [reached, ...refused(["mobileNumber"], reason)];
  if (/\bhost\b/i.test(message)) return [reached, ...refused(["kaleyraHost"], reason)];
  if (status === 429 || status === 403 || status >= 500)
    return [{ part: "httpEndpoint", verdict: "unknown", reason }];
  return refused(
    ["httpEndpoint"],
    `${reason}. Check that it is the address that Kaleyra's support handed out`,
  );
}

/** For an answer that brings no text of its own. */
function whyNot(status: number, body: string, json: unknown): string {
  if (status === 429 || status >= 500) return "try again later";
  if (status >= 300) return status < 400 ? "it sends elsewhere, which is not followed" : "";
  if (body.trim() === "") return "the answer is empty, and only a success counts";
  if (/^\s*</.test(body)) return "the answer is a web page, and only a success counts";
  if (json === undefined) return "the answer is not JSON, and only a success counts";
  return 'the answer has no status "success"';
}

function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}

function refused(parts: readonly Part[], reason: string): Finding[] {
  return parts.map((part) => ({ part, verdict: "refused", reason }));
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function isEmpty(value: unknown): boolean {
  return (
    value === undefined || value === null || (typeof value === "object" && Object.keys(value).length === 0)
  );
}

function text(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

function secretsOf({ apiKey, sid, headers }: VerificationSettings): string[] {
  return [apiKey, sid, ...Object.values(headers ?? {})];
}

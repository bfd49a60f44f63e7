import { JUDGED_SETTINGS, readEndpointAnswer } from "../../contract/endpoint-answer";
import { KALEYRA_HEADERS } from "../../contract/headers";
import { VERIFICATION_LIMIT_MS, verificationMessage } from "../../contract/verification-message";
import { type Finding, findings, type KaleyraSettings } from "./findings";
import { ask, type Reply, shown } from "./http";

/** The HTTP End Point, which Kaleyra's support hands out and which takes CleverTap's messages. */

/** Makes the check of Save from here: sends the verification message with the configured headers, under the 1-second rule. */
export async function sendVerificationMessage(settings: KaleyraSettings): Promise<Finding[]> {
  const headers: Record<string, string> = {
    ...settings.headers,
    "content-type": "application/json",
    ...Object.fromEntries(
      Object.entries(KALEYRA_HEADERS).flatMap(([name, header]) => {
        const value = settings[name as keyof typeof KALEYRA_HEADERS];
        return value === undefined ? [] : [[header, value]];
      }),
    ),
  };
  const body = JSON.stringify(verificationMessage(settings.mobileNumber));
  const reply = await ask(settings.httpEndpoint, { method: "POST", headers, body }, VERIFICATION_LIMIT_MS);
  if ("why" in reply) {
    const { why, timedOut } = reply;
    return [{ setting: "httpEndpoint", verdict: "refused", reason: why, timedOut }];
  }
  return judge(settings, reply);
}

/** As Save takes it: good is only what says success. */
function judge(settings: KaleyraSettings, reply: Reply): Finding[] {
  const { status } = reply;
  const { isSuccess, code, text = "", refusal } = readEndpointAnswer(status, reply.json);
  const message = shown(settings, text);
  const numbers = `HTTP ${status}${code ? `, code ${code}` : ""}`;
  if (isSuccess) return findings("good", JUDGED_SETTINGS, `${numbers}${message && `: ${message}`}`);
  const why = message || whyNot(reply);
  const reason = `${numbers}${why && `: ${why}`}`;
  if (refusal && !refusal.settings.includes("httpEndpoint"))
    return [
      ...findings("good", ["httpEndpoint"], "answers in time"),
      ...findings("refused", refusal.settings, reason),
    ];
  if (status === 429 || status === 403 || status >= 500) return findings("unknown", ["httpEndpoint"], reason);
  const hint = "Check that it is the address that Kaleyra's support handed out";
  return findings("refused", ["httpEndpoint"], `${reason}. ${hint}`);
}

/** For an answer that brings no text of its own. */
function whyNot({ status, body, json }: Reply): string {
  if (status === 429 || status >= 500) return "try again later";
  if (status >= 300) return status < 400 ? "it sends elsewhere, which is not followed" : "";
  if (body.trim() === "") return "the answer is empty, and only a success counts";
  if (/^\s*</.test(body)) return "the answer is a web page, and only a success counts";
  if (json === undefined) return "the answer is not JSON, and only a success counts";
  return 'the answer has no status "success"';
}

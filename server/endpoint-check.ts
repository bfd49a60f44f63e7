import { type EndpointRefusal, readEndpointAnswer } from "../contract/endpoint-answer";
import { KALEYRA_HEADERS, pairOf } from "../contract/headers";
import { parseJson } from "../contract/json";
import type { ProblemDetail, Verification } from "../contract/types";
import { verificationMessage } from "../contract/verification-message";
import { postJson } from "./post-json";
import { Problem } from "./problem";
import type { SaveRequest } from "./save-request";
import type { KeptHeader } from "./storage";

/** Takes the secrets out of what a foreign endpoint said: it may echo what it was sent. */
export function withoutSecrets(text: string, headers: readonly KeptHeader[]): string {
  let clean = text;
  for (const header of headers)
    if (header.secret && header.value !== "") clean = clean.replaceAll(header.value, "[redacted]");
  return clean.replace(/\p{Cc}/gu, " ").slice(0, 200);
}

/**
 * Sends the verification message to the request's endpoint, as Save does.
 *
 * @throws Problem verification-failed or verification-timeout
 */
export async function checkEndpoint(
  request: SaveRequest,
  headers: readonly KeptHeader[],
  limitMs: number,
  signal: AbortSignal,
): Promise<void> {
  const pairs = Object.fromEntries(headers.map((header) => [header.key.toLowerCase(), header.value]));
  const message = verificationMessage(request.mobileNumber);
  const outcome = await postJson(request.httpEndpoint, pairs, message, limitMs, signal);
  if (outcome.timedOut) {
    const text = `did not answer within ${limitMs / 1000} second${limitMs === 1000 ? "" : "s"}`;
    throw new Problem("verification-timeout", `The HTTP End Point ${text}.`, {
      errors: [{ pointer: "/httpEndpoint", code: "timeout", message: text }],
      verification: { timedOut: true },
    });
  }
  const { status: httpStatus } = outcome;
  if (httpStatus === undefined) {
    throw failure(otherwise("no-answer", "there was no answer"), { timedOut: false }, request);
  }
  const answer = readEndpointAnswer(httpStatus, parseJson(outcome.body));
  if (answer.isSuccess) return;
  const words = httpStatus < 300 ? "the answer was no success" : `the answer was HTTP ${httpStatus}`;
  const bspMessage = answer.text === undefined ? undefined : withoutSecrets(answer.text, headers);
  throw failure(
    answer.refusal ?? otherwise("unexpected-answer", words),
    { httpStatus, bspCode: answer.code, bspMessage, timedOut: false },
    request,
  );
}

/** For what no code and no header name explains. */
function otherwise(code: string, message: string): EndpointRefusal {
  return { code, message, settings: ["httpEndpoint"] };
}

function failure(
  { code, message, settings }: EndpointRefusal,
  verification: Verification,
  request: SaveRequest,
): Problem {
  const errors = settings.map((setting): ProblemDetail => {
    if (setting === "httpEndpoint" || setting === "mobileNumber")
      return { pointer: `/${setting}`, code, message };
    const key = KALEYRA_HEADERS[setting];
    const pair = pairOf(request.headers, key);
    const pointer = pair ? `/headers/${request.headers.indexOf(pair)}/value` : "/headers";
    return { pointer, key, code, message };
  });
  const detail = `The verification message failed: ${message}.`;
  return new Problem("verification-failed", detail, { errors, verification });
}

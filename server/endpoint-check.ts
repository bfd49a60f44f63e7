import type { ProblemDetail, Verification } from "../contract/types";
import { verificationMessage } from "../contract/verification-message";
import type { KeptHeader } from "../sandbox/storage/providers";
import { postJson } from "./post-json";
import { Problem } from "./problem";
import type { SaveRequest } from "./save-request";

/** What Save finds out: undefined is good. */
interface Finding {
  readonly code: string;
  readonly on: readonly ("/mobileNumber" | "/httpEndpoint" | "api-key" | "sid" | "kaleyra-host")[];
  readonly message: string;
}

const BY_CODE: Record<number, Finding> = {
  2000: {
    code: "invalid-credentials",
    on: ["api-key", "sid"],
    message: "Kaleyra does not accept api-key with sid",
  },
  2001: {
    code: "template-parameters",
    on: ["/httpEndpoint"],
    message: "the endpoint refused the message's parameters",
  },
  2002: {
    code: "invalid-phone-number",
    on: ["/mobileNumber"],
    message: "Kaleyra says that the number is not valid",
  },
  2003: {
    code: "not-subscribed",
    on: ["/mobileNumber"],
    message: "the number is not approved in Kaleyra's dashboard",
  },
  2004: { code: "other", on: ["/httpEndpoint"], message: "the endpoint refused the verification message" },
};
const UNKNOWN_HOST: Finding = {
  code: "unknown-host",
  on: ["kaleyra-host"],
  message: "the host is not known",
};

function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

/** Takes the secrets out of what a foreign endpoint said: it may echo what it was sent. */
function withoutSecrets(text: string, headers: readonly KeptHeader[]): string {
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
export async function verify(
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
    const errors = [{ pointer: "/httpEndpoint", code: "timeout", message: text }];
    throw new Problem("verification-timeout", `The HTTP End Point ${text}.`, {
      errors,
      verification: { timedOut: true },
    });
  }
  if (outcome.status === undefined) {
    const finding: Finding = { code: "no-answer", on: ["/httpEndpoint"], message: "there was no answer" };
    throw refusal(finding, { timedOut: false }, request);
  }

  let answer: Record<string, unknown> = {};
  try {
    answer = record(JSON.parse(outcome.body));
  } catch {}
  const error = record(answer.error);
  const said = [error.message, answer.message].find((text) => typeof text === "string") as string | undefined;
  const bspCode = typeof error.code === "number" ? error.code : undefined;
  const ok = outcome.status >= 200 && outcome.status < 300;
  if (ok && answer.status === "success") return;
  const verification: Verification = {
    httpStatus: outcome.status,
    ...(bspCode === undefined ? {} : { bspCode }),
    ...(said === undefined ? {} : { bspMessage: withoutSecrets(said, headers) }),
    timedOut: false,
  };
  const otherwise: Finding = {
    code: "unexpected-answer",
    on: ["/httpEndpoint"],
    message: ok ? "the answer was no success" : `the answer was HTTP ${outcome.status}`,
  };
  const known = bspCode === undefined ? undefined : BY_CODE[bspCode];
  const hostIsUnknown = said !== undefined && /kaleyra-host|unknown host|ENOTFOUND/i.test(said);
  throw refusal(hostIsUnknown ? UNKNOWN_HOST : (known ?? otherwise), verification, request);
}

function refusal(finding: Finding, verification: Verification, request: SaveRequest): Problem {
  const errors = finding.on.map((place): ProblemDetail => {
    if (place.startsWith("/")) return { pointer: place, code: finding.code, message: finding.message };
    const index = request.headers.findIndex((pair) => pair.key.toLowerCase() === place);
    const pointer = index < 0 ? "/headers" : `/headers/${index}/value`;
    return { pointer, key: place, code: finding.code, message: finding.message };
  });
  const detail = `The verification message failed: ${finding.message}.`;
  return new Problem("verification-failed", detail, { errors, verification });
}

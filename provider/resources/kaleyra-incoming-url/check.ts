import { digest, FINGERPRINT_DIGITS } from "../../model/digest";
import { hasUnknown, type Properties, sorted, UNKNOWN } from "../../model/unknown";
import { checkArguments } from "../arguments";
import type { Context } from "../context";
import type { CheckRequest, CheckResult } from "../resource";
import { properties } from "./properties";

/** Checks all arguments at once, and adds the URL that will be set and the fingerprint of the credentials. No request. */
export async function check(context: Context, request: CheckRequest): Promise<CheckResult> {
  const { values, failures } = checkArguments(properties, request);
  failures.push(...context.declaredUrls.setter(request.urn, values));
  if (failures.length > 0) return { inputs: sorted(values), failures };
  const early = { incomingUrl: incomingUrl(values), credentialFingerprint: fingerprint(values) };
  return { inputs: sorted({ ...values, ...early }), failures };
}

/** The exact text that Kaleyra gets: nothing of either part is written in another way. */
function incomingUrl({ baseUrl, incomingUrlQuery }: Properties): string | typeof UNKNOWN {
  if (typeof baseUrl !== "string" || typeof incomingUrlQuery !== "string") return UNKNOWN;
  if (!baseUrl.includes("?")) return `${baseUrl}?${incomingUrlQuery}`;
  return `${baseUrl}${/[?&]$/.test(baseUrl) ? "" : "&"}${incomingUrlQuery}`;
}

function fingerprint({ mobileNumber, apiKey, sid }: Properties): string | typeof UNKNOWN {
  const parts = [mobileNumber, apiKey, sid];
  if (hasUnknown(parts)) return UNKNOWN;
  return digest(JSON.stringify(parts), FINGERPRINT_DIGITS);
}

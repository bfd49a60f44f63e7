import { WhatsAppProviderError } from "../../model/errors";
import { hasUnknown, type Properties, sorted, UNKNOWN } from "../../model/unknown";
import { nameOf } from "../../model/urn";
import { checkArguments } from "../arguments";
import type { Context } from "../context";
import type { CheckRequest, CheckResult } from "../resource";
import type { Session } from "../session";
import { fingerprint, knownUrls } from "./conversion";
import { replacing } from "./diff";
import { ownerOf } from "./mark";
import { EARLY, type Inputs, properties, SECRETS } from "./properties";

/**
 * Checks all arguments at once, and adds what is known before the provider exists: the callback URLs and the
 * payload version (asked once per process, taken from the old inputs where nothing calls for asking), the query for
 * Kaleyra's Incoming URL, and the fingerprint of the credentials. Unknown values pass: they are checked at the update.
 */
export async function check(context: Context, request: CheckRequest): Promise<CheckResult> {
  const { olds, urn } = request;
  const { values, failures } = checkArguments(properties, request);
  if (typeof values.headers === "object" && Object.keys(values.headers ?? {}).length === 0)
    delete values.headers;
  let session: Session | undefined;
  try {
    if (values.account !== UNKNOWN) session = context.session(values.account as string | undefined);
  } catch (error) {
    if (!WhatsAppProviderError.is(error)) throw error;
    failures.push(error);
  }
  if (session) failures.push(...checkProgram(session, urn, values));
  const inputs = { ...values, __owner: ownerOf(request.organization, urn, context.settings.owner) };
  if (failures.length > 0) return { inputs: sorted(inputs), failures };
  try {
    const known = { ...inputs, ...(await knownEarly(context, session, olds, values)) };
    return { inputs: sorted(known), failures: context.declaredUrls.provider(urn, known) };
  } catch (error) {
    if (!WhatsAppProviderError.is(error)) throw error;
    return { inputs: sorted(inputs), failures: [error] };
  }
}

/** What two resources of one program must not both say. */
function checkProgram(session: Session, urn: string, values: Properties): WhatsAppProviderError[] {
  const { mobileNumber, markAsDefault } = values;
  const failures: WhatsAppProviderError[] = [];
  const first = typeof mobileNumber === "string" ? session.declare(`number ${mobileNumber}`, urn) : urn;
  if (first !== urn) {
    const what = `resource ${nameOf(first)} declares the same number`;
    failures.push(new WhatsAppProviderError("number-declared-twice", what, { property: "mobileNumber" }));
  }
  const marked = markAsDefault === true ? session.declare("default", urn) : urn;
  if (marked !== urn) {
    const what = `resource ${nameOf(marked)} is marked as the default too`;
    failures.push(new WhatsAppProviderError("default-declared-twice", what, { property: "markAsDefault" }));
  }
  return failures;
}

async function knownEarly(
  context: Context,
  session: Session | undefined,
  olds: Properties | undefined,
  values: Properties,
) {
  const unknown = Object.fromEntries(EARLY.map(({ name }) => [name, UNKNOWN]));
  if (!session) return unknown;
  const kept = olds && !replacing(context, olds, values).includes("account") ? keptUrls(olds) : undefined;
  const urls = kept ?? knownUrls(await session.defaults());
  const credentials = ["mobileNumber", ...SECRETS].map((name) => values[name]);
  if (credentials.some(hasUnknown)) return { ...unknown, ...urls };
  return {
    ...urls,
    credentialFingerprint: fingerprint(session.account.accountId, values),
  };
}

/** The URLs that state has, unless a refresh found that the headers on the server differ. */
function keptUrls(olds: Properties) {
  if (olds.__urlsDrifted) return undefined;
  const { inboundMessageCallbackUrl, deliveryReportCallbackUrl, payloadVersion } = olds;
  if (
    ![inboundMessageCallbackUrl, deliveryReportCallbackUrl, payloadVersion].every(
      (v) => typeof v === "string",
    )
  ) {
    return undefined;
  }
  return knownUrls({ inboundMessageCallbackUrl, deliveryReportCallbackUrl, payloadVersion } as Inputs);
}

import { closest } from "fastest-levenshtein";
import { WhatsAppProviderError } from "../../model/errors";
import { placeholdersIn } from "../../model/placeholder";
import { hasUnknown, type Properties, sorted, UNKNOWN } from "../../model/unknown";
import type { Context, Session } from "../context";
import type { CheckRequest, CheckResult } from "../resource";
import { fingerprint, knownUrls } from "./conversion";
import { replacing } from "./diff";
import { ownerOf } from "./mark";
import { ARGUMENTS, EARLY, type Inputs, SECRETS } from "./properties";

/**
 * Checks all arguments at once, and adds what is known before the provider exists: the callback URLs and the
 * payload version (asked once per process, taken from the old inputs where nothing calls for asking), the query for
 * Kaleyra's Incoming URL, and the fingerprint of the credentials. Unknown values pass: they are checked at the update.
 */
export async function check(context: Context, request: CheckRequest): Promise<CheckResult> {
  const { olds, urn } = request;
  const { values, failures } = checkArguments(request);
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
    return { inputs: sorted({ ...inputs, ...(await knownEarly(context, session, olds, values)) }), failures };
  } catch (error) {
    if (!WhatsAppProviderError.is(error)) throw error;
    return { inputs: sorted(inputs), failures: [error] };
  }
}

/** Rules of the form, property by property. */
function checkArguments({ olds, news, confidential = [], allowPlaceholders = false }: CheckRequest) {
  const values: Properties = {};
  // An import's placeholder is no value: it gets the one failure that says so.
  const placeholders = placeholdersIn(news, SECRETS);
  const failures: WhatsAppProviderError[] = allowPlaceholders ? [] : placeholders;
  const open = placeholders.map(({ property }) => property?.split(".")[0]);
  const fail = (property: string, what: string) =>
    failures.push(new WhatsAppProviderError("invalid-input", what, { property, remedy: "" }));
  for (const { name, kind, required } of ARGUMENTS) {
    const value = news[name];
    if (value === UNKNOWN || open.includes(name)) values[name] = value;
    else if (value === undefined || value === null) {
      if (required) fail(name, "is missing");
    } else {
      const parsed = kind.parse(withoutUnknowns(value));
      if ("value" in parsed) values[name] = hasUnknown(value) ? UNKNOWN : parsed.value;
      else {
        for (const { path = [], message, correction } of parsed.faults) {
          const isShown = correction !== undefined && !confidential.includes(name);
          fail([name, ...path].join("."), isShown ? `${message}: use ${correction}` : message);
        }
      }
    }
  }
  if (typeof values.headers === "object" && Object.keys(values.headers ?? {}).length === 0)
    delete values.headers;
  failures.push(...unknownArguments(news, olds));
  return { values, failures };
}

/** What can be checked of a value before all of it is known. */
function withoutUnknowns(value: unknown): unknown {
  if (!hasUnknown(value)) return value;
  return Object.fromEntries(Object.entries(value as object).filter(([, entry]) => !hasUnknown(entry)));
}

function unknownArguments(news: Properties, olds: Properties = {}): WhatsAppProviderError[] {
  const names = ARGUMENTS.map(({ name }) => name);
  // With `ignoreChanges: ["*"]` the engine hands back what an earlier check has added.
  const isHandedBack = (name: string) => news[name] !== undefined && news[name] === olds[name];
  const extra = Object.keys(news).filter(
    (name) => !names.includes(name) && !name.startsWith("__") && !isHandedBack(name),
  );
  return extra.map((name) => {
    if (EARLY.some((early) => early.name === name)) {
      return new WhatsAppProviderError("unknown-argument", "is computed", {
        property: name,
        remedy: "Remove it",
      });
    }
    return new WhatsAppProviderError("unknown-argument", "there is no such argument", {
      property: name,
      remedy: `Did you mean ${closest(name, names)}?`,
    });
  });
}

/** What two resources of one program must not both say. */
function checkProgram(session: Session, urn: string, values: Properties): WhatsAppProviderError[] {
  const failures: WhatsAppProviderError[] = [];
  const { mobileNumber, markAsDefault } = values;
  if (typeof mobileNumber === "string") {
    const other = session.declaredNumbers.get(mobileNumber);
    if (other !== undefined && other !== urn) {
      failures.push(
        new WhatsAppProviderError(
          "number-declared-twice",
          `resource ${nameOf(other)} declares the same number`,
          {
            property: "mobileNumber",
          },
        ),
      );
    } else session.declaredNumbers.set(mobileNumber, urn);
  }
  if (markAsDefault === true) {
    const other = session.declaredDefault;
    if (other !== undefined && other !== urn) {
      failures.push(
        new WhatsAppProviderError(
          "default-declared-twice",
          `resource ${nameOf(other)} is marked as the default too`,
          {
            property: "markAsDefault",
          },
        ),
      );
    } else session.declaredDefault = urn;
  }
  return failures;
}

/** The name at the end of a URN. */
function nameOf(urn: string): string {
  return urn.split("::").pop() ?? urn;
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

import { KALEYRA_HEADER_NAMES, pairOf, SECRET_HEADER_NAMES } from "../../../contract/headers";
import { incomingUrlQuery } from "../../../contract/incoming-url";
import type { HeaderPair, Provider, ProviderDefaults, ProviderRequest, Task } from "../../../contract/types";
import type { Account } from "../../configuration/settings";
import { digest, FINGERPRINT_DIGITS } from "../../model/digest";
import type { NamedProperty } from "../../model/property";
import { type Properties, sorted } from "../../model/unknown";
import type { Session } from "../session";
import { ARGUMENTS, EARLY, type Inputs, OUTPUTS, type State } from "./properties";

/** Between what the program says, what the API speaks, and what state keeps: by the table of properties. */

/** Shown in place of a fingerprint when a credential may have been changed elsewhere: the next update sends them all again. */
export const NO_FINGERPRINT = "000000000000";

/** What an answer shows of what was sent. */
const READABLE = [...ARGUMENTS, ...EARLY].filter((p) => !p.secret && !p.writeOnly && (p.member || p.header));

/** The body of POST and PUT. Every write carries all five headers and every secret. */
export function toRequest(inputs: Inputs, mark: string): ProviderRequest {
  const values: Properties = inputs;
  const pairs = [...ARGUMENTS, ...EARLY].flatMap(({ name, header, secret }): HeaderPair[] =>
    header ? [{ key: header, value: String(values[name]), ...(secret && { secret }) }] : [],
  );
  const others = Object.entries(inputs.headers ?? {}).map(([key, value]) => ({ key, value, secret: true }));
  const members = ARGUMENTS.flatMap(({ name, member }) =>
    member && values[name] !== undefined ? [[member, values[name]]] : [],
  );
  const { markAsDefault, ...body } = Object.fromEntries(members);
  return {
    provider: "generic",
    ...body,
    headers: [...pairs, ...others],
    // A wish: false asks for nothing.
    ...(markAsDefault && { markAsDefault }),
    externalReference: mark,
  };
}

/** State after a write: the program's inputs and what the API made of them. @param mark that the write carried */
export function stateAfterWrite(inputs: Inputs, provider: Provider, session: Session, mark: string): State {
  const { __owner, ...own } = inputs;
  const values: Properties = inputs;
  const defaults = ARGUMENTS.filter((p) => p.serverDefault && values[p.name] === undefined)
    .map((p) => [p.name, valueIn(provider, p)])
    .filter(([, value]) => value !== undefined);
  return sorted({
    ...own,
    ...outputsOf(provider, session),
    __api: session.account.api,
    __byPeople: isByPeople(provider),
    __mark: mark,
    ...(defaults.length > 0 && { __defaults: Object.fromEntries(defaults) }),
  });
}

/** State of a provider whose account has another name or address now, and that was not written to. */
export function movedState(state: State, inputs: Inputs, { api }: Account): State {
  return sorted({ ...state, account: inputs.account, __api: api });
}

/** The outputs that only the API knows. */
export function outputsOf(provider: Provider, { account, api }: Session): State {
  const { statusReason, task } = provider;
  return {
    ...Object.fromEntries(OUTPUTS.map((p) => [p.name, valueIn(provider, p)])),
    // Somebody typed it, and may have typed a credential.
    statusReason: statusReason === undefined ? undefined : api.withoutSecrets(statusReason),
    taskUrl: task && speaksOfStatus(task) ? api.withoutSecrets(task.url) : undefined,
    accountId: account.accountId,
  };
}

/** Whether an answer shows that people work the API; undefined where it does not show it. */
export function isByPeople({ status, task }: Provider): true | undefined {
  return task !== undefined || status !== "active" || undefined;
}

/** Whether a task is why the status is what it is: not one that is done, nor one that only compares. */
function speaksOfStatus({ kind, state }: Task): boolean {
  return kind !== "look" && state !== "confirmed" && state !== "superseded";
}

/** Callback URLs, payload version, and the query for Kaleyra's Incoming URL made of them. */
export function knownUrls(defaults: ProviderDefaults) {
  const { inboundMessageCallbackUrl, deliveryReportCallbackUrl, payloadVersion } = defaults;
  const query = incomingUrlQuery(defaults);
  return { inboundMessageCallbackUrl, deliveryReportCallbackUrl, payloadVersion, incomingUrlQuery: query };
}

/** Digest over account, number and every credential: shows a rotation without showing a credential. */
export function fingerprint(accountId: string, inputs: Properties): string {
  const secrets = ARGUMENTS.filter((p) => p.secret).map((p) => {
    const value = inputs[p.name];
    return p.kind.name === "map of string" ? Object.entries(value ?? {}) : value;
  });
  const parts = [accountId, inputs.mobileNumber, ...secrets];
  return digest(JSON.stringify(parts), FINGERPRINT_DIGITS);
}

/** Value of a property in an answer; undefined for a secret. */
export function valueIn(provider: Provider, { member, header }: NamedProperty): unknown {
  if (header) return pairOf(provider.headers, header)?.value;
  return member === undefined ? undefined : (Reflect.get(provider, member) as unknown);
}

/** Names of the extra headers of an answer, in lower case and sorted. */
export function extraHeaderNames(provider: Provider): string[] {
  const names = provider.headers.map((h) => h.key.toLowerCase());
  return names.filter((name) => !KALEYRA_HEADER_NAMES.includes(name)).sort();
}

/** Whether the API holds a value for every header that is secret. */
export function secretsAreSet({ headers }: Provider): boolean {
  const isSet = (key: string) => pairOf(headers, key) !== undefined;
  return SECRET_HEADER_NAMES.every(isSet) && headers.every((h) => !h.secret || h.valueSet !== false);
}

/** A property that differs. */
export interface Difference {
  readonly name: string;
  readonly sent: unknown;
  readonly found: unknown;
}

/**
 * Readable properties in which a provider differs from what was sent or last seen. A secret never shows: of the extra
 * headers only the names count. `sent` may be inputs (what a write carried) or state (what was last seen).
 */
export function differences(sent: Properties & Pick<State, "__defaults">, provider: Provider): Difference[] {
  const compared = READABLE.flatMap((p): Difference[] => {
    const value = sent[p.name] ?? (p.serverDefault ? sent.__defaults?.[p.name] : p.default);
    if (p.serverDefault && value === undefined) return [];
    return [{ name: p.name, sent: value, found: valueIn(provider, p) ?? p.default }];
  });
  // JavaScript puts names of digits in an order of its own.
  const names = Object.keys(sent.headers ?? {})
    .sort()
    .join();
  compared.push({ name: "headers", sent: names, found: extraHeaderNames(provider).join() });
  return compared.filter((d) => d.sent !== d.found);
}

/** Names of the {@link differences}. */
export function visibleDifferences(
  sent: Properties & Pick<State, "__defaults">,
  provider: Provider,
): string[] {
  return differences(sent, provider).map(({ name }) => name);
}

/**
 * What a take-over changes of a provider that somebody else set up, what the program leaves out included: it returns to its
 * default. Switches and numbers with their values; other values may hold a secret.
 */
export function overwritten(inputs: Inputs, provider: Provider): string[] {
  const values: Properties = inputs;
  const texts = differences(inputs, provider).map(({ name, sent, found }) =>
    typeof found === "string" || found === undefined ? name : `${name} (${found} → ${sent ?? "none"})`,
  );
  for (const p of ARGUMENTS.filter((p) => p.serverDefault && values[p.name] === undefined)) {
    const now = valueIn(provider, p);
    if (now !== undefined) texts.push(`${p.name} (${now} → CleverTap's default)`);
  }
  if (inputs.markAsDefault && !provider.isDefault) texts.push("isDefault (false → true)");
  return texts;
}

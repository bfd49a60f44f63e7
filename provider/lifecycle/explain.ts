import type { Conflict, Provider } from "../../contract/types";
import { ApiError } from "../api/problem";
import { WhatsAppProviderError } from "../errors";
import { ownerOfMark, resourceOfMark } from "./owner";

/** Gives the API's reasons the names of the program's properties. */

const PROPERTY_OF_HEADER: Record<string, string> = {
  "api-key": "apiKey",
  sid: "sid",
  "kaleyra-host": "kaleyraHost",
  "inbound-message-callback-url": "inboundMessageCallbackUrl",
  "delivery-report-callback-url": "deliveryReportCallbackUrl",
};

const POINTERS = [
  "nickname",
  "mobileNumber",
  "httpEndpoint",
  "markAsDefault",
  "autoReplyUntracked",
  "maxConcurrentRequests",
];

/** The property that an entry of `errors` speaks of. */
function propertyOf(entry: { pointer?: string; key?: string }): string | undefined {
  if (entry.key) return PROPERTY_OF_HEADER[entry.key.toLowerCase()] ?? `headers.${entry.key.toLowerCase()}`;
  const name = entry.pointer?.split("/")[1];
  return name && POINTERS.includes(name) ? name : undefined;
}

/**
 * One error for each property that the API names, in the order of the API; the error itself where it names none.
 * @param error what a call to the API threw
 */
export function explain(error: unknown): WhatsAppProviderError[] {
  if (!(error instanceof ApiError)) {
    if (WhatsAppProviderError.is(error)) return [error];
    throw error;
  }
  const { code, status, requestId } = error;
  if (error.problems.length === 0) {
    if (code !== "verification-timeout") return [error];
    return [new WhatsAppProviderError(code, error.what, { property: "httpEndpoint", status, requestId })];
  }
  const said = answerOf(error);
  return error.problems.map(
    (entry) =>
      new WhatsAppProviderError(code, `${entry.message}${said}`, {
        property: propertyOf(entry),
        status,
        requestId,
      }),
  );
}

/** What the HTTP End Point itself answered, where the API tells. */
function answerOf({ verification }: ApiError): string {
  if (!verification) return "";
  const { httpStatus, bspCode, bspMessage, timedOut } = verification;
  if (timedOut) return " (the endpoint did not answer in time)";
  const parts = [httpStatus && `HTTP ${httpStatus}`, bspCode && `code ${bspCode}`].filter(Boolean).join(", ");
  return parts || bspMessage
    ? ` (the endpoint answered ${[parts, bspMessage].filter(Boolean).join(": ")})`
    : "";
}

/** The same as one error, for operations that can throw only one. */
export function explained(error: unknown): WhatsAppProviderError {
  const errors = explain(error);
  const first = errors[0] as WhatsAppProviderError;
  if (errors.length === 1) return first;
  const what = errors.map((e) => (e.property ? `${e.property}: ${e.what}` : e.what)).join("; ");
  return new WhatsAppProviderError(first.code, what, { status: first.status, requestId: first.requestId });
}

/** The number is held by a provider that may not be taken: who it is, and the way to adopt it. */
export function numberInUse(
  holder: Conflict | Provider,
  ownOwner: string,
  requestId?: string,
): WhatsAppProviderError {
  const mark = holder.externalReference;
  const name = holder.nickname === undefined ? "" : ` (${JSON.stringify(holder.nickname)})`;
  const whose =
    mark === undefined ? "which carries no owner's mark" : `which carries the mark ${JSON.stringify(mark)}`;
  const resource = resourceOfMark(mark);
  const sibling = resource && scopeOf(ownerOfMark(mark)) === scopeOf(ownOwner);
  return new WhatsAppProviderError(
    "number-in-use",
    `the number is held by provider ${holder.id}${name}, ${whose}${resource ? `: it belongs to ${resource}` : ""}`,
    {
      property: "mobileNumber",
      status: 409,
      requestId,
      remedy: sibling
        ? `For a rename add an alias; for a swap of numbers do it in two updates; ${adoption(mark)}`
        : `T${adoption(mark).slice(1)}, or use another number`,
    },
  );
}

function adoption(mark: string | undefined): string {
  return `to take it over set adoptExisting: ${mark === undefined ? "true" : JSON.stringify(mark)}`;
}

/** The part of an owner before the type and name: organization, stack and project. */
function scopeOf(owner: string | undefined): string | undefined {
  return owner?.match(/^(.*urn:pulumi:.+?::.+?)::/)?.[1];
}

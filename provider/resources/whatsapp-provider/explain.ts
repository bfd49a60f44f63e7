import type { Conflict, Provider } from "../../../contract/types";
import { ApiError } from "../../api/api-error";
import { WhatsAppProviderError } from "../../model/errors";
import { quoted } from "../../model/text";
import { readMark, resourceOfMark } from "./mark";
import { belongsTo } from "./ownership";
import { ARGUMENTS, EARLY } from "./properties";

/** Gives the API's reasons the names of the program's properties. */

const SENT = [...ARGUMENTS, ...EARLY];

/** The property that an entry of `errors` speaks of. */
function propertyOf({ pointer, key }: { pointer?: string; key?: string }): string | undefined {
  if (key) {
    const name = key.toLowerCase();
    return SENT.find(({ header }) => header === name)?.name ?? `headers.${name}`;
  }
  const member = pointer?.split("/")[1];
  return SENT.find((p) => p.member !== undefined && p.member === member)?.name;
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
  const first = new Map<string, string | undefined>();
  return error.problems.map((entry) => {
    const property = propertyOf(entry);
    const details = { property, status, requestId };
    const same = first.get(entry.message);
    // One cause is told once: the same reason for a pair, such as api-key and sid, is not repeated.
    if (same !== undefined)
      return new WhatsAppProviderError(code, `the same reason as ${same}`, { ...details, remedy: "" });
    first.set(entry.message, property);
    return new WhatsAppProviderError(code, `${entry.message}${said}`, details);
  });
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

/** The number is held by a provider that may not be taken: what it is, what that may mean, and the way to take it over. */
export function numberInUse(
  holder: Conflict | Provider,
  owner: string | undefined,
  requestId?: string,
): WhatsAppProviderError {
  const mark = holder.externalReference;
  const name = holder.nickname === undefined ? "" : ` (${quoted(holder.nickname)})`;
  const whose =
    mark === undefined
      ? "which carries no owner's mark"
      : `which carries the mark ${quoted(mark)}${belongsTo(mark)}`;
  const { meaning, remedy } = meaningOf(mark, owner);
  return new WhatsAppProviderError(
    "number-in-use",
    `the number is held by provider ${holder.id}${name}, ${whose}${meaning}`,
    { property: "mobileNumber", status: 409, requestId, remedy },
  );
}

/** What a mark may mean to a resource of that owner. */
function meaningOf(mark: string | undefined, owner: string | undefined): { meaning: string; remedy: string } {
  const adopt = `to take it over set adoptExisting: ${mark === undefined ? "true" : quoted(mark)}`;
  if (owner !== undefined && readMark(mark)?.owner === owner) {
    return {
      meaning:
        ": the name of this very resource, but not its own fresh create. It may be the live provider of a renamed stack or of " +
        "a resource that was moved, an old create whose answer was lost, or what this resource has already",
      remedy:
        `If no state names it, ${adopt}. For a forced replacement run \`pulumi up --refresh\` with it: ` +
        "a number has one provider, so nothing needs replacing",
    };
  }
  const holder = resourceOfMark(mark);
  if (holder && holder.scope === resourceOfMark(`${owner}#000000000000`)?.scope) {
    return {
      meaning: "",
      remedy: `For a rename add an alias; where its holder gets another number, ${adopt} (in a swap, on both)`,
    };
  }
  return { meaning: "", remedy: `T${adopt.slice(1)}, or use another number` };
}

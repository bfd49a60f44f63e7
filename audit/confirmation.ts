import type { LOG_ACTIONS } from "../contract/gateway-log";
import { nameOf, type ResourceName } from "./compare";
import { DAY } from "./credentials";
import type { GatewayLog, LogEvent } from "./reading/gateway-log";
import type { AuditState } from "./reading/state";
import { type AuditedResource, textOf } from "./resource";

/**
 * What stands behind a resource in a state:
 *
 * - `attested`: a person confirmed it at the gateway (its log says who and when);
 * - `read back`: the API answered with it, or Kaleyra's answers hold the URL;
 * - `waiting`, `refused`: the program declares it, and a person has not done it yet, or CleverTap refused it;
 * - `declared`: it was sent, and nothing shows it back;
 * - `found otherwise`: a person looked at the dashboard after that, and reported other values;
 * - `not in the log`: the API says active, but the log that was given has no confirmation of it.
 */
export type Evidence =
  | "attested"
  | "read back"
  | "waiting"
  | "refused"
  | "declared"
  | "found otherwise"
  | "not in the log";

export interface Confirmation {
  readonly resource: ResourceName;
  readonly evidence: Evidence;
  /** The state's own word: `active`, `pending`, `refused`, `deleting`; empty where it has none. */
  readonly status: string;
  readonly by?: string;
  /** RFC 3339. */
  readonly at?: string;
  readonly task?: string;
  /** Whole days since `at`. */
  readonly days?: number;
  readonly note?: string;
}

/** Actions by which a person says that the dashboard holds what is declared. */
const ATTESTING = actions("save", "matches");
/** Actions that end a task or a look. */
const ENDING = actions("save", "matches", "refuse", "differs");
const WAITING = actions("open", "take", "release");

function actions(...names: (keyof typeof LOG_ACTIONS)[]): ReadonlySet<string> {
  return new Set(names);
}

/** What stands behind each resource of a state. @param asOf milliseconds */
export function confirmations(state: AuditState, log: GatewayLog | undefined, asOf: number): Confirmation[] {
  return state.resources.map((resource) => {
    const events = log?.events.get(resource.id ?? "") ?? [];
    const found = evidenceOf(resource, events, log !== undefined);
    const { event } = found;
    const reason = textOf(resource, "statusReason");
    return {
      resource: nameOf(resource, state),
      evidence: found.evidence,
      status: state.redact(textOf(resource, "status") ?? ""),
      ...(event && {
        by: state.redact(event.actor),
        at: event.at,
        ...(event.task !== undefined && { task: state.redact(event.task) }),
        days: Math.max(0, Math.floor((asOf - Date.parse(event.at)) / DAY)),
      }),
      ...(reason !== undefined && { note: state.redact(reason) }),
    };
  });
}

function evidenceOf(
  resource: AuditedResource,
  events: readonly LogEvent[],
  hasLog: boolean,
): { evidence: Evidence; event?: LogEvent } {
  const status = textOf(resource, "status");
  const readsBack = resource.values.get("readsBack");
  if (status === undefined) return { evidence: readsBack === true ? "read back" : "declared" };
  const last = (actions: ReadonlySet<string>) => events.findLast(({ action }) => actions.has(action));
  if (status === "refused") return { evidence: "refused", event: last(new Set(["refuse"])) };
  if (status !== "active") return { evidence: "waiting", event: last(new Set(["open", "take"])) };
  const looked = last(new Set([...ATTESTING, "differs"]));
  if (looked)
    return { evidence: looked.action === "differs" ? "found otherwise" : "attested", event: looked };
  return { evidence: hasLog ? "not in the log" : "read back" };
}

/** What the log says of one change of a resource. */
export type LoggedAs = "attested" | "refused" | "waiting" | "not seen";

/**
 * What became of a change at the gateway.
 * @param since after the earlier state, in milliseconds
 * @param until before the next change of the same resource
 */
export function loggedAs(
  events: readonly LogEvent[],
  since = Number.NEGATIVE_INFINITY,
  until = Number.POSITIVE_INFINITY,
): { as: LoggedAs; event?: LogEvent } {
  const later = events.filter(({ at }) => Date.parse(at) >= since && Date.parse(at) < until);
  const ended = later.findLast(({ action }) => ENDING.has(action));
  // A look, which the gateway asks for by itself, does not take back what was attested; a later change does.
  const isOpenAgain = later.slice(ended ? later.indexOf(ended) : 0).some(isAsked);
  if (ended && !isOpenAgain) {
    if (ATTESTING.has(ended.action)) return { as: "attested", event: ended };
    return { as: "refused", event: ended };
  }
  const event = later.findLast(({ action }) => WAITING.has(action));
  return event ? { as: "waiting", event } : { as: "not seen" };
}

/** A task that a call of the API opened. */
function isAsked({ action, actor }: LogEvent): boolean {
  return action === "open" && actor === "pulumi";
}

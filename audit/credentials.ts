import { nameOf, type ResourceName } from "./compare";
import { pairsOf } from "./pairs";
import type { AuditState } from "./reading/state";
import { type AuditedResource, fingerprintOf, isSameNumber } from "./resource";

/** How old each credential is, as far as states can tell: between two days, not on one. */

export const DAY = 86_400_000;

export interface CredentialAge {
  readonly resource: ResourceName;
  /** 12 hex digits; empty where the state does not know them for certain. */
  readonly fingerprint: string;
  /** Not set before, RFC 3339; undefined where nothing tells. */
  readonly setAfter?: string;
  /** Set by then at the latest. */
  readonly setBy?: string;
  /** Whole days, at the least and at the most; undefined where nothing tells. */
  readonly leastDays?: number;
  readonly mostDays?: number;
  /** Against the limit: `no` and `yes` are certain, `maybe` is not. */
  readonly isOld: "yes" | "no" | "maybe";
}

/** A state, and where it is known, when the update that left it began: milliseconds. */
export interface Dated {
  readonly state: AuditState;
  readonly began?: number;
}

/** The time in which the present credential was set; milliseconds. */
interface Since {
  readonly from?: number;
  readonly to?: number;
}

/**
 * Ages of the credentials in the last of these states.
 *
 * @param states of one stack, oldest first; more states tell the time of a rotation more exactly
 * @param asOf the day from which ages are counted; milliseconds
 */
export function credentialAges(states: readonly Dated[], asOf: number, maxDays: number): CredentialAge[] {
  let since = new Map<AuditedResource, Since>();
  let before: AuditState | undefined;
  for (const { state, began } of states) {
    since = sinceIn(state, before, since, began);
    before = state;
  }
  return (before?.resources ?? []).map((resource) =>
    ageOf(resource, since.get(resource) ?? {}, before as AuditState, asOf, maxDays),
  );
}

function sinceIn(
  state: AuditState,
  before: AuditState | undefined,
  known: ReadonlyMap<AuditedResource, Since>,
  began: number | undefined,
) {
  const since = new Map<AuditedResource, Since>();
  const written = momentOf(state);
  for (const resource of state.resources)
    since.set(resource, { from: resource.created, to: resource.modified ?? written });
  if (before === undefined) return since;
  for (const [old, now] of pairsOf(before, state).pairs) {
    const own = since.get(now) ?? {};
    const earlier = known.get(old);
    if (isSame(old, now) && earlier) {
      // As old as it was.
      since.set(now, earlier);
    } else if (!isSameNumber(old, now)) {
      // The fingerprint moved with the number: the credentials may be the same, or new.
      since.set(now, { from: earlier?.from, to: own.to });
    } else {
      // Set since the earlier state: in the update itself, where that has written the resource.
      const isWritten = began !== undefined && now.modified !== undefined && now.modified >= began;
      since.set(now, { from: isWritten ? began : (momentOf(before) ?? own.from), to: own.to });
    }
  }
  return since;
}

function isSame(old: AuditedResource, now: AuditedResource): boolean {
  const fingerprint = fingerprintOf(old);
  return fingerprint !== undefined && fingerprint === fingerprintOf(now);
}

function ageOf(
  resource: AuditedResource,
  { from, to }: Since,
  state: AuditState,
  asOf: number,
  maxDays: number,
): CredentialAge {
  const fingerprint = fingerprintOf(resource);
  const days = (moment: number | undefined) =>
    moment === undefined || fingerprint === undefined
      ? undefined
      : Math.max(0, Math.floor((asOf - moment) / DAY));
  const [leastDays, mostDays] = [days(to), days(from)];
  const isOld =
    leastDays !== undefined && leastDays > maxDays
      ? "yes"
      : mostDays !== undefined && mostDays <= maxDays
        ? "no"
        : "maybe";
  return {
    resource: nameOf(resource, state),
    fingerprint: fingerprint === undefined ? "" : state.redact(fingerprint),
    ...(from !== undefined && { setAfter: new Date(from).toISOString() }),
    ...(to !== undefined && { setBy: new Date(to).toISOString() }),
    leastDays,
    mostDays,
    isOld,
  };
}

function momentOf({ time }: AuditState): number | undefined {
  return time === undefined ? undefined : Date.parse(time);
}

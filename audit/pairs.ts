import type { AuditState } from "./reading/state";
import { type AuditedResource, textOf } from "./resource";

/** Which resource of a later state is which of an earlier one. */

export interface Pairs {
  readonly pairs: readonly (readonly [before: AuditedResource, after: AuditedResource])[];
  readonly added: readonly AuditedResource[];
  readonly removed: readonly AuditedResource[];
}

type Key = (resource: AuditedResource) => string | undefined;

/** From the surest sign to the weakest: each looks only at what the ones before have left. */
const SIGNS: readonly Key[] = [
  // The same name, and the same object at the API.
  (r) => r.id && key(r.type, r.door, r.path, r.id),
  // The same object under another name or behind the other door.
  (r) => r.id && key(r.type, textOf(r, "accountId"), r.id),
  // The same name: another object took its place.
  (r) => key(r.type, r.door, r.path),
  (r) => key(r.type, r.path),
  // Another name and another object, for the same number in the same account.
  (r) => textOf(r, "mobileNumber") && key(r.type, textOf(r, "accountId"), textOf(r, "mobileNumber")),
];

const key = (...parts: (string | undefined)[]) => JSON.stringify(parts);

/** Pairs the resources of two states. */
export function pairsOf(before: AuditState, after: AuditState): Pairs {
  let removed: readonly AuditedResource[] = before.resources;
  let added: readonly AuditedResource[] = after.resources;
  const pairs: [AuditedResource, AuditedResource][] = [];
  for (const sign of SIGNS) {
    // A resource without this sign waits under undefined, where nothing looks.
    const waiting = Map.groupBy(removed, sign);
    const left: AuditedResource[] = [];
    for (const resource of added) {
      const name = sign(resource);
      const earlier = name === undefined ? undefined : waiting.get(name)?.shift();
      if (earlier) pairs.push([earlier, resource]);
      else left.push(resource);
    }
    const taken = new Set(pairs.map(([earlier]) => earlier));
    removed = removed.filter((resource) => !taken.has(resource));
    added = left;
  }
  // In the order of the later state.
  const order = new Map(after.resources.map((resource, i) => [resource, i]));
  pairs.sort(([, a], [, b]) => (order.get(a) ?? 0) - (order.get(b) ?? 0));
  return { pairs, added, removed };
}

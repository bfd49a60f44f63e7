/** Stands for a value that is not known during preview, at any depth. Hosts translate their own sign of it. */
export const UNKNOWN: unique symbol = Symbol("unknown");

/** Properties as a host hands them over. */
export type Properties = Record<string, unknown>;

/** Some values of a type, each known or not. */
export type PartlyKnown<T> = { readonly [N in keyof T]?: T[N] | typeof UNKNOWN };

/** Whether a value is, or holds somewhere, an unknown. */
export function hasUnknown(value: unknown): boolean {
  if (value === UNKNOWN) return true;
  if (typeof value !== "object" || value === null) return false;
  return Object.values(value).some(hasUnknown);
}

/** Whether two values differ; an unknown may be anything, so it does. */
export function differs(a: unknown, b: unknown): boolean {
  if (a === UNKNOWN || b === UNKNOWN) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return a !== b;
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].some((key) => differs((a as Properties)[key], (b as Properties)[key]));
}

/** The same object with its keys in order and without undefined members: state must not depend on the order of the program. */
export function sorted<T extends object>(value: T): T {
  const entries = Object.entries(value).filter(([, v]) => v !== undefined);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1))) as T;
}

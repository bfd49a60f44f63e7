import { UnfitAnswer } from "./unfit-answer";

/**
 * Readers of values that others wrote. An object is read with the members that are named and without all others. A wrong type
 * is an error that names the member and never its value. docs/decisions.md says why zod does not do this.
 */

/** @param path the names that lead to the value @throws UnfitAnswer */
export type Reader<T> = (value: unknown, path?: readonly string[]) => T;

function unfit(path: readonly string[]): never {
  const member = path.join(".");
  throw new UnfitAnswer(
    member ? `member ${member} is missing or has a wrong type` : "it is not the object of the contract",
  );
}

/** A value that passes a test, as it is. */
export function value<T>(isFit: (value: unknown) => value is T): Reader<T> {
  return (found, path = []) => (isFit(found) ? found : unfit(path));
}

export const text = value((found) => typeof found === "string");
export const flag = value((found) => typeof found === "boolean");
export const number = value((found): found is number => Number.isFinite(found));

/** What another reader reads, in another form. */
export function turned<T, R>(read: Reader<T>, turn: (value: T) => R): Reader<R> {
  return (found, path) => turn(read(found, path));
}

/** Servers write an absent member as null too. */
export function optional<T>(read: Reader<T>): Reader<T | undefined> {
  return (found, path) => (found === undefined || found === null ? undefined : read(found, path));
}

/** For what is not worth an error: a value of a wrong type counts as absent. */
export function lenient<T>(read: Reader<T>): Reader<T | undefined> {
  return (found, path) => {
    try {
      return read(found, path);
    } catch (error) {
      if (error instanceof UnfitAnswer) return undefined;
      throw error;
    }
  };
}

export function list<T>(read: Reader<T>): Reader<T[]> {
  return (found, path = []) =>
    Array.isArray(found) ? found.map((entry, i) => read(entry, [...path, String(i)])) : unfit(path);
}

export function object<R extends Record<string, Reader<unknown>>>(
  members: R,
): Reader<{ [N in keyof R]: ReturnType<R[N]> }> {
  const readers = Object.entries(members);
  return (found, path = []) => {
    if (typeof found !== "object" || found === null || Array.isArray(found)) return unfit(path);
    const own = new Map(Object.entries(found));
    const read = readers.map(([name, reader]) => [name, reader(own.get(name), [...path, name])]);
    return Object.fromEntries(read) as { [N in keyof R]: ReturnType<R[N]> };
  };
}

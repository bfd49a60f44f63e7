/**
 * What every server may read of an owner's mark (`externalReference`): `<owner>#<root>` or `<owner>#<root>.<n>`. The owner is
 * `[prefix/]organization/project/stack/<parent types>/name`.
 */

/** The parts of a mark as they stand there. */
export interface MarkParts {
  readonly owner: string;
  /** 12 hex digits. */
  readonly root: string;
  readonly n: number;
}

/** @returns undefined where it is not of our making: an answer may hold anything in its place */
export function markParts(value: unknown): MarkParts | undefined {
  const [, owner, root, n] =
    (typeof value === "string" && /^(.+)#([\da-f]{12})(?:\.([1-9]\d{0,15}))?$/s.exec(value)) || [];
  return owner === undefined || root === undefined ? undefined : { owner, root, n: Number(n ?? 0) };
}

/** Hex digits of the two digests that end an owner that was too long: of its scope, and of itself. */
export const SCOPE_DIGITS = 12;
export const OWNER_DIGITS = 32;
/** The end of such an owner. */
export const HASHED = new RegExp(`~([\\da-f]{${SCOPE_DIGITS}})[\\da-f]{${OWNER_DIGITS}}$`);

/** What an owner says of its resource. */
export interface MarkedResource {
  /** Name in the program. */
  readonly name: string;
  /** `project/stack`. */
  readonly stack: string;
  /** Equal for all resources of one stack. */
  readonly scope: string;
}

/** The resource that an owner names. @returns undefined where the owner is too long to say, or is none */
export function resourceOfOwner(owner: string): MarkedResource | undefined {
  const parts = owner.split("/");
  if (parts.length < 4 || HASHED.test(owner)) return undefined;
  // Parent types stand between stack and name, and only types hold a colon.
  const parent = parts.findIndex((part, i) => i > 2 && part.includes(":"));
  const end = parent < 0 ? parts.length - 1 : parent;
  const scope = parts.slice(0, end);
  return {
    name: plainPart(parts.at(-1) as string),
    stack: scope.slice(-2).join("/"),
    scope: scope.join("/"),
  };
}

/** A part of an owner as the program has it; of a foreign text as it is. */
export function plainPart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

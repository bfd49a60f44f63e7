import { createHash, randomBytes } from "node:crypto";
import { wellFormed } from "../../model/text";

/**
 * The owner's mark, stored at the API as `externalReference`: `<owner>#<root>` or `<owner>#<root>.<n>`.
 *
 * - owner: `[prefix/]organization/project/stack/<parent types>/name`. Both doors give a resource the same owner.
 * - root: 12 hex digits, drawn by the write that took the provider (a create, an import's first write, an adoption).
 * - n: the revision that this write met. It left revision n + 1. Absent (0): it made the provider.
 */
export interface Mark {
  readonly owner: string;
  readonly root: string;
  readonly n: number;
}

/** The contract's limit for `externalReference`. */
const LIMIT = 255;
const ROOT_BYTES = 6;
/** What `#`, root, `.` and n take: a provider is not written ten million times. */
const OWNER_LIMIT = LIMIT - "#".length - ROOT_BYTES * 2 - ".9999999".length;
const SCOPE_DIGITS = 12;
const OWNER_DIGITS = 32;
/** The end of an owner that was too long. */
const HASHED = new RegExp(`~([\\da-f]{${SCOPE_DIGITS}})[\\da-f]{${OWNER_DIGITS}}$`);

/** The resources of one stack: what every owner of the stack begins with. */
export interface Scope {
  /** `clevertap:owner`. */
  readonly prefix?: string;
  readonly organization: string;
  readonly project: string;
  readonly stack: string;
}

/** Owner of the resource with that URN. An owner that is too long ends with digests of its scope and of itself. */
export function ownerOf(organization: string, urn: string, prefix?: string): string {
  const { stack, project, parents, name } = partsOf(urn);
  const scope = scopeText({ prefix, organization, project, stack });
  const owner = [scope, ...parents.map(segment), segment(name)].join("/");
  if (owner.length <= OWNER_LIMIT) return owner;
  const tail = `~${digest(scope, SCOPE_DIGITS)}${digest(owner, OWNER_DIGITS)}`;
  return `${wellFormed(owner.slice(0, OWNER_LIMIT - tail.length))}${tail}`;
}

/** Whether a mark's owner is a resource of that stack. */
export function isInScope({ owner }: Mark, scope: Scope): boolean {
  const text = scopeText(scope);
  return owner.startsWith(`${text}/`) || HASHED.exec(owner)?.[1] === digest(text, SCOPE_DIGITS);
}

/** A mark with a new root. @param n revision that the write meets; 0 for a POST */
export function newMark(owner: string, n = 0): string {
  return markText({ owner, root: randomBytes(ROOT_BYTES).toString("hex"), n });
}

/** A mark as the API stores it. */
export function markText({ owner, root, n }: Mark): string {
  return `${owner}#${root}${n === 0 ? "" : `.${n}`}`;
}

/** Reads a mark. @returns undefined where it is not of our making; a state or an answer may hold anything in its place */
export function readMark(value: unknown): Mark | undefined {
  const [, owner, root, n] =
    (typeof value === "string" && /^(.+)#([\da-f]{12})(?:\.([1-9]\d{0,15}))?$/s.exec(value)) || [];
  if (owner === undefined || root === undefined) return undefined;
  return { owner: earlierOwner(owner) ?? owner, root, n: Number(n ?? 0) };
}

/** Whether a mark was written by version 0.1, whose owners were URNs. */
export function isEarlierMark(value: unknown): boolean {
  return typeof value === "string" && earlierOwner(value.replace(/#[\da-f]{12}$/, "")) !== undefined;
}

/** What a mark of ours says of its resource, for messages. */
export interface MarkedResource {
  /** Name in the program. */
  readonly name: string;
  /** `project/stack`. */
  readonly stack: string;
  /** Equal for all resources of one stack. */
  readonly scope: string;
}

/** The resource that a mark of ours names. @returns undefined where the owner is too long to say */
export function resourceOfMark(value: unknown): MarkedResource | undefined {
  const parts = readMark(value)?.owner.split("/") ?? [];
  if (parts.length < 4 || HASHED.test(parts.at(-1) as string)) return undefined;
  // Parent types stand between stack and name, and only types hold a colon.
  const parent = parts.findIndex((part, i) => i > 2 && part.includes(":"));
  const end = parent < 0 ? parts.length - 1 : parent;
  const scope = parts.slice(0, end);
  return { name: plain(parts.at(-1) as string), stack: scope.slice(-2).join("/"), scope: scope.join("/") };
}

/** The owner of version 0.1, `[prefix/]organization/<URN>`, in today's form. */
function earlierOwner(owner: string): string | undefined {
  const [, scope, urn] = /^(.*?)\/(urn:pulumi:.+::.+::.+::.+)$/s.exec(owner) ?? [];
  return scope === undefined || urn === undefined ? undefined : ownerOf(scope, urn);
}

function partsOf(urn: string) {
  const [stack = "", project = "", types = "", ...name] = urn.replace(/^urn:pulumi:/, "").split("::");
  return { stack, project, parents: types.split("$").slice(0, -1), name: name.join("::") };
}

function scopeText({ prefix, organization, project, stack }: Scope): string {
  return [prefix, organization, project, stack].filter(Boolean).join("/");
}

/** A type or a name as one part of an owner: parts can't run into each other, and a mark has no `#` but its own. */
function segment(text: string): string {
  return wellFormed(text).replace(/[%/#\p{Cc}]/gu, encodeURIComponent);
}

/** The resource's name in the program. */
export function nameOfOwner(owner: string): string {
  return plain(owner.split("/").pop() ?? owner);
}

/** A part as the program has it; of a foreign text as it is. */
function plain(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function digest(text: string, digits: number): string {
  return createHash("sha256").update(text).digest("hex").slice(0, digits);
}

import { randomBytes } from "node:crypto";
import {
  HASHED,
  type MarkedResource,
  markParts,
  OWNER_DIGITS,
  plainPart,
  resourceOfOwner,
  SCOPE_DIGITS,
} from "../../../contract/mark";
import type { Provider } from "../../../contract/types";
import { digest } from "../../model/digest";
import { wellFormed } from "../../model/text";
import { partsOf } from "../../model/urn";

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

/** A provider and the mark that a write put on it. */
export interface Marked {
  readonly provider: Provider;
  readonly mark: string;
}

/** The contract's limit for `externalReference`. */
const LIMIT = 255;
const ROOT_BYTES = 6;
/** What `#`, root, `.` and n take: a provider is not written ten million times. */
const OWNER_LIMIT = LIMIT - "#".length - ROOT_BYTES * 2 - ".9999999".length;

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
  const { stack, project, types, name } = partsOf(urn);
  const scope = scopeText({ prefix, organization, project, stack });
  const owner = [scope, ...types.slice(0, -1).map(segment), segment(name)].join("/");
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
  const mark = markParts(value);
  return mark && { ...mark, owner: earlierOwner(mark.owner) ?? mark.owner };
}

/** Whether a mark was written by version 0.1, whose owners were URNs. */
export function isEarlierMark(value: unknown): boolean {
  return typeof value === "string" && earlierOwner(value.replace(/#[\da-f]{12}$/, "")) !== undefined;
}

/** The resource that a mark of ours names. @returns undefined where the owner is too long to say */
export function resourceOfMark(value: unknown): MarkedResource | undefined {
  const mark = readMark(value);
  return mark && resourceOfOwner(mark.owner);
}

/** The owner of version 0.1, `[prefix/]organization/<URN>`, in today's form. */
function earlierOwner(owner: string): string | undefined {
  const [, scope, urn] = /^(.*?)\/(urn:pulumi:.+::.+::.+::.+)$/s.exec(owner) ?? [];
  return scope === undefined || urn === undefined ? undefined : ownerOf(scope, urn);
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
  return plainPart(owner.split("/").pop() ?? owner);
}

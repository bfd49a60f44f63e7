import { createHash, randomBytes } from "node:crypto";

/**
 * The owner's mark (`externalReference`): `<owner>#<random>`. The owner is the same for every create of one
 * resource, so that a create recognises what a lost one left behind; the random part is made by each create, so that
 * a delete recognises that a later create took the object over.
 */

/** The contract's limit for `externalReference`. */
const LIMIT = 255;
const RANDOM_BYTES = 6;
const OWNER_LIMIT = LIMIT - 1 - RANDOM_BYTES * 2;

/** Owner of a resource. Beyond the limit its tail is replaced by a digest, so that different URNs stay different. */
export function ownerOf(organization: string, urn: string, prefix?: string): string {
  const owner = [prefix, organization, urn].filter(Boolean).join("/");
  if (owner.length <= OWNER_LIMIT) return owner;
  const digest = createHash("sha256").update(owner).digest("hex").slice(0, 32);
  return `${owner.slice(0, OWNER_LIMIT - digest.length - 1)}~${digest}`;
}

/** A new mark of that owner. */
export function newMark(owner: string): string {
  return `${owner}#${randomBytes(RANDOM_BYTES).toString("hex")}`;
}

/** The owner that a mark names, or undefined where the mark is not of our making. */
export function ownerOfMark(mark: string | undefined): string | undefined {
  // A state or answer may hold anything in its place.
  return typeof mark === "string" ? mark.match(/^(.+)#[\da-f]{12}$/s)?.[1] : undefined;
}

/** Name and stack of the resource that a mark of ours names, for messages. */
export function resourceOfMark(mark: string | undefined): string | undefined {
  const match = ownerOfMark(mark)?.match(/urn:pulumi:(.+?)::(.+?)::.+::([^:]+)$/);
  return match ? `resource ${match[3]} of stack ${match[2]}/${match[1]}` : undefined;
}

import type { Call } from "./http";
import { invalidField } from "./problem";

/** The page that a listing is asked for. */
export interface Page {
  /** The most items. */
  readonly size: number;
  /** Only items with a greater sequence number. */
  readonly after: number;
}

/**
 * Reads `pageSize` and `pageToken`.
 *
 * @param most items that the server gives, whatever is asked for
 * @throws Problem invalid-field
 */
export function askedPage(call: Call, most: number): Page {
  const asked = call.query.get("pageSize") ?? "50";
  const token = call.query.get("pageToken");
  const after =
    token === null ? 0 : Number(/^page:(\d{1,15})$/.exec(Buffer.from(token, "base64url").toString())?.[1]);
  const errors = [];
  if (!/^\d{1,3}$/.test(asked) || Number(asked) < 1 || Number(asked) > 100)
    errors.push({ pointer: "/pageSize", code: "invalid", message: "must be 1 to 100" });
  if (Number.isNaN(after))
    errors.push({ pointer: "/pageToken", code: "invalid", message: "is not one that this server gave" });
  if (errors.length > 0) throw invalidField(errors);
  return { size: Math.min(Number(asked), most), after };
}

/**
 * A page and, where something follows it, the token for that.
 *
 * @param found at most one item more than the page takes
 */
export function pageOf<T extends { readonly seq: number }, R>(
  found: readonly T[],
  { size }: Page,
  show: (item: T) => R,
): { items: R[]; nextPageToken?: string } {
  const page = found.slice(0, size);
  const next = Buffer.from(`page:${page.at(-1)?.seq}`).toString("base64url");
  return { items: page.map(show), ...(found.length > size && { nextPageToken: next }) };
}

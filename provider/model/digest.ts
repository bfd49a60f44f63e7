import { createHash } from "node:crypto";

/** Hex digits of a digest: equal for equal texts, and nothing of the text shows. */
export function digest(text: string, digits: number): string {
  return createHash("sha256").update(text).digest("hex").slice(0, digits);
}

/** Of a fingerprint: enough that two credentials never have the same one. */
export const FINGERPRINT_DIGITS = 12;

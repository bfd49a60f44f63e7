/** Text that others wrote, made fit to be shown. */

/** One line for a person: white space becomes single spaces; control, bidirectional and invisible characters vanish. */
export function visible(value: string): string {
  const line = value.replace(/[\s\p{Zl}\p{Zp}]+/gu, " ");
  return wellFormed(line.replace(/[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]/gu, "")).trim();
}

/** Without halves of surrogate pairs, which no encoder takes. */
export function wellFormed(value: string): string {
  return value.replace(/\p{Cs}/gu, "\uFFFD");
}

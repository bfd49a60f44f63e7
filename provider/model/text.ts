/** Text that others wrote, made fit to be shown. */

export const WHITE_SPACE = /[\s\p{Zl}\p{Zp}]+/gu;
/** Control, bidirectional and invisible characters. */
export const UNSEEN = /[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]/gu;
/** Halves of surrogate pairs, which no encoder takes. */
const HALVES = /\p{Cs}/gu;

/** One line for a person: white space becomes single spaces, and what moves a cursor or can't be seen vanishes. */
export function visible(value: string): string {
  return wellFormed(value.replace(WHITE_SPACE, " ").replace(UNSEEN, "")).trim();
}

/** Visible ASCII without spaces. */
export function isVisibleAscii(value: string): boolean {
  return /^[\x21-\x7e]+$/.test(value);
}

/** With U+FFFD in place of each half of a surrogate pair. */
export function wellFormed(value: string): string {
  return value.replace(HALVES, "\uFFFD");
}

/** In quotation marks, exactly and on one line: as a program would write it, with every character that can't be seen escaped. */
export function quoted(value: string): string {
  const escaped = (sign: string) =>
    Array.from(
      { length: sign.length },
      (_, i) => `\\u${sign.charCodeAt(i).toString(16).padStart(4, "0")}`,
    ).join("");
  return JSON.stringify(value)
    .replace(UNSEEN, escaped)
    .replace(/[\p{Zl}\p{Zp}]/gu, escaped);
}

import { UNSEEN, WHITE_SPACE } from "../model/text";

/** Undoes escapes, and keeps track of where each character came from. */

/** How often escapes are undone in a text at most. */
const DEPTH = 8;

/** A text, and where each of its characters begins and ends in the original. */
export interface Traced {
  readonly text: string;
  readonly from: readonly number[];
  readonly to: readonly number[];
}

/** An original. */
export function traced(text: string): Traced {
  const from = Array.from({ length: text.length }, (_, place) => place);
  return { text, from, to: from.map((place) => place + 1) };
}

/** The text, then the text with its escapes undone once, twice, and so on. */
export function unescapings(text: Traced): Traced[] {
  const texts = [text];
  for (let depth = 0; depth < DEPTH; depth++) {
    const last = texts.at(-1) as Traced;
    const next = unescaped(last);
    if (next.text === last.text) break;
    texts.push(next);
  }
  return texts;
}

/** The same without spaces. */
export function unbroken(text: Traced): Traced {
  return replaced(text, / +/g, () => "");
}

/** All kinds in one pattern: the result of one escape must not become a part of another in the same round. */
const ESCAPE =
  /\\u([0-9a-f]{4})|\\x([0-9a-f]{2})|\\(.)|&#x([0-9a-f]{1,5});|&#(\d{1,6});|&(amp|lt|gt|quot|apos|nbsp);|(?:%[0-9a-f]{2})+/gi;
const NAMED: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: " " };

function unescaped(text: Traced): Traced {
  const meant = replaced(text, ESCAPE, ([all, u, x, sign, hex, decimal, name]) => {
    if (sign !== undefined) return /[bfnrt]/.test(sign) ? " " : sign;
    if (name !== undefined) return NAMED[name.toLowerCase()] ?? "";
    if (decimal !== undefined) return String.fromCodePoint(Number(decimal));
    const digits = u ?? x ?? hex;
    if (digits !== undefined) return String.fromCodePoint(Number.parseInt(digits, 16));
    return Buffer.from(all.replaceAll("%", ""), "hex").toString();
  });
  return replaced(
    replaced(meant, WHITE_SPACE, () => " "),
    UNSEEN,
    () => "",
  );
}

/** Like `String.replace`, with the places of the characters. */
function replaced(old: Traced, pattern: RegExp, by: (match: RegExpMatchArray) => string): Traced {
  let text = "";
  const from: number[] = [];
  const to: number[] = [];
  const write = (piece: string, first: number, last: number) => {
    text += piece;
    for (let i = 0; i < piece.length; i++) {
      from.push(old.from[first] as number);
      to.push(old.to[last] as number);
    }
  };
  let done = 0;
  const keep = (end: number) => {
    for (; done < end; done++) write(old.text[done] as string, done, done);
  };
  for (const match of old.text.matchAll(pattern)) {
    keep(match.index);
    done += match[0].length;
    write(by(match), match.index, done - 1);
  }
  keep(old.text.length);
  return { text, from, to };
}

import { visible, wellFormed } from "../model/text";
import { formsOf } from "./secret-forms";
import { type Traced, traced, unbroken, unescapings } from "./unescape";

/** Takes secrets out of texts that a server wrote. */

const MASK = "***";
/** Characters of a text that are looked at: far more than is ever shown. */
const WINDOW = 4096;
/** Below this a secret may be part of any word, so only whole words are masked. */
const SHORT = 4;
/** So many of its first characters tell a secret that was cut. From this length on it is also found where white space splits it. */
const PREFIX = 8;
/** Marks and ids are compared by the lifecycle, so only what can't be there by chance is masked in them. */
const UNMISTAKABLE = 16;

/** Takes out what must not be shown. */
export interface Redactor {
  /** One more secret value. */
  add(secret: string): void;
  /** For texts to be shown: one line without control characters, at most `limit` characters (default 300). */
  text(value: string, limit?: number): string;
  /** For ids and owner's marks: unchanged unless a long secret is in them. */
  name(value: string): string;
}

/**
 * Makes a redactor.
 * @param secrets the secret values that were sent; each is found as it is, cut, wrapped, encoded and escaped
 */
export function redactor(secrets: readonly string[] = []): Redactor {
  const known = new Set<string>();
  // Most processes never get a text to redact, so what it takes is made when one comes.
  let waiting: string[] = [];
  const words = new Set<string>();
  const short = new Index(SHORT, "whole");
  const long = new Index(PREFIX, "cut too");
  const unmistakable = new Index(UNMISTAKABLE, "whole");

  const add = (secret: string) => {
    if (secret === "" || known.has(secret)) return;
    known.add(secret);
    waiting.push(secret);
  };

  const prepare = () => {
    for (const form of waiting.flatMap(formsOf)) {
      const lower = folded(form);
      const joined = lower.replaceAll(" ", "");
      if (joined.length >= PREFIX) long.add(joined);
      else if (form.length >= SHORT) short.add(lower);
      else words.add(form);
      if (form.length >= UNMISTAKABLE) unmistakable.add(lower);
    }
    waiting = [];
  };

  secrets.forEach(add);
  return {
    add,
    text(value, limit = 300) {
      prepare();
      // Control characters go first: without them, a secret that they split would come together again.
      const shown = visible(value.slice(0, WINDOW));
      const marks = new Marks();
      for (const meaning of unescapings(traced(shown))) {
        marks.search(meaning, short);
        marks.search(unbroken(meaning), long);
      }
      for (const [from, to] of wordsIn(shown, words)) marks.add(from, to);
      const safe = marks.mask(shown);
      return safe.length > limit ? `${wellFormed(safe.slice(0, limit - 1))}…` : safe;
    },
    name(value) {
      prepare();
      const marks = new Marks();
      marks.search(traced(value), unmistakable);
      return marks.mask(value);
    },
  };
}

/** Forms by their first characters: a search takes the same time however many there are. */
class Index {
  readonly #byStart = new Map<string, Set<string>>();

  constructor(
    readonly start: number,
    readonly wanted: "whole" | "cut too",
  ) {}

  add(form: string): void {
    const start = form.slice(0, this.start);
    const forms = this.#byStart.get(start) ?? new Set();
    this.#byStart.set(start, forms.add(form));
  }

  /** What stands at this place of a text: the longest form, or as much as there is of one that was cut. */
  at(text: string, place: number): { length: number; isCut: boolean } {
    let longest = { length: 0, isCut: false };
    for (const form of this.#byStart.get(text.slice(place, place + this.start)) ?? []) {
      const length = commonLength(form, text, place);
      const isCut = length < form.length;
      if (isCut && (this.wanted === "whole" || length < sayingNothing(form) + this.start)) continue;
      if (length > longest.length || (length === longest.length && !isCut)) longest = { length, isCut };
    }
    return longest;
  }
}

function commonLength(form: string, text: string, place: number): number {
  let length = 0;
  while (length < form.length && form[length] === text[place + length]) length++;
  return length;
}

/** Length of the beginning that many secrets share. */
function sayingNothing(form: string): number {
  return /^(https?:\/\/|bearer|basic)/.exec(form)?.[0].length ?? 0;
}

/** Which characters of a text belong to a secret. */
class Marks {
  readonly #marked: boolean[] = [];
  readonly #cuts: number[] = [];

  add(from: number, to: number): void {
    for (let i = from; i < to; i++) this.#marked[i] = true;
  }

  /** Looks through what the text means, and marks what stands for it. */
  search({ text, from, to }: Traced, index: Index): void {
    const lower = folded(text);
    for (let i = 0; i < lower.length; i++) {
      const { length, isCut } = index.at(lower, i);
      if (length === 0) continue;
      const end = to[i + length - 1] as number;
      this.add(from[i] as number, end);
      if (isCut) this.#cuts.push(end);
    }
  }

  mask(text: string): string {
    // Up to the next space it may go on in a spelling that nobody thought of.
    for (const cut of this.#cuts)
      for (let i = cut; i < text.length && text[i] !== " " && !this.#marked[i]; i++) this.#marked[i] = true;
    let masked = "";
    for (let i = 0; i < text.length; i++) {
      if (!this.#marked[i]) masked += text[i];
      else if (!this.#marked[i - 1]) masked += MASK;
    }
    return masked;
  }
}

/** Lower case, with every character at its place. */
function folded(text: string): string {
  // The only letter that becomes two.
  return text.replaceAll("İ", "i").toLowerCase();
}

/** Where one of these stands as a word of its own. */
function* wordsIn(text: string, words: ReadonlySet<string>): Generator<[from: number, to: number]> {
  if (words.size === 0) return;
  const isLetter = (place: number) => /[\p{L}\p{N}]/u.test(text[place] ?? "");
  for (let from = 0; from < text.length; from++) {
    for (let to = from + 1; to < from + SHORT; to++) {
      if (words.has(text.slice(from, to)) && !isLetter(from - 1) && !isLetter(to)) yield [from, to];
    }
  }
}

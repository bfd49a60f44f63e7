import { visible, wellFormed } from "../model/text";
import { formsOf } from "./secret-forms";
import { type Traced, traced, unbroken, unescapings } from "./unescape";

/** Takes secrets out of texts that a server wrote. */

const MASK = "***";
/** Only so many characters of a text are searched: far more than are ever shown. */
const WINDOW = 4096;
/** A shorter secret can be part of any word, so only whole words are masked. */
const SHORT = 4;
/** So many first characters identify a secret that was cut. From this length on, a secret is also found with white space in it. */
const PREFIX = 8;
/** The lifecycle compares marks and ids, so only a secret that is too long for a coincidence is masked in them. */
const UNMISTAKABLE = 16;

/** Takes out what must not be shown. */
export type Redactor = ReturnType<typeof redactor>;

/**
 * Makes a redactor.
 * @param secrets the secret values that were sent; each is found as it is, cut, wrapped, encoded and escaped
 */
export function redactor(secrets: readonly string[] = []) {
  const known = new Set<string>();
  // Most processes redact nothing, so the indexes are filled when the first text comes.
  let waiting: string[] = [];
  const words = new Set<string>();
  const short = new Index(SHORT, "whole");
  const long = new Index(PREFIX, "cut too");
  const unmistakable = new Index(UNMISTAKABLE, "whole");

  /** One more secret value. */
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
    /** For texts to be shown: one line without control characters, at most `limit` characters. */
    text(value: string, limit = 300) {
      prepare();
      // Control characters are removed first: a secret that they split would be whole again without them.
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
    /** For ids and owner's marks: unchanged unless a long secret is in them. */
    name(value: string) {
      prepare();
      const marks = new Marks();
      marks.search(traced(value), unmistakable);
      return marks.mask(value);
    },
  };
}

/** Forms of secrets by their first characters, so that a search takes as long for many as for one. */
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

  /** The longest form, or beginning of a form that was cut, at a place of a text. */
  at(text: string, place: number): { length: number; isCut: boolean } {
    let longest = { length: 0, isCut: false };
    for (const form of this.#byStart.get(text.slice(place, place + this.start)) ?? []) {
      const length = commonLength(form, text, place);
      const isCut = length < form.length;
      if (isCut && (this.wanted === "whole" || length < commonStart(form) + this.start)) continue;
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

/** Length of a beginning that many secrets share, and that identifies none. */
function commonStart(form: string): number {
  return /^(https?:\/\/|bearer|basic)/.exec(form)?.[0].length ?? 0;
}

/** Which characters of a text belong to a secret. */
class Marks {
  readonly #marked: boolean[] = [];
  readonly #cuts: number[] = [];

  add(from: number, to: number): void {
    for (let i = from; i < to; i++) this.#marked[i] = true;
  }

  /** Searches a text that was made of another, and marks the places in the other. */
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
    // The rest of a secret may follow in a spelling that is not known here, so all is masked up to the next space.
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

/** Lower case, without moving any character. */
function folded(text: string): string {
  // The only letter with a lower case of two characters.
  return text.replaceAll("İ", "i").toLowerCase();
}

/** The places where one of these words stands alone. */
function* wordsIn(text: string, words: ReadonlySet<string>): Generator<[from: number, to: number]> {
  if (words.size === 0) return;
  const isLetter = (place: number) => /[\p{L}\p{N}]/u.test(text[place] ?? "");
  for (let from = 0; from < text.length; from++) {
    for (let to = from + 1; to < from + SHORT; to++) {
      if (words.has(text.slice(from, to)) && !isLetter(from - 1) && !isLetter(to)) yield [from, to];
    }
  }
}

/**
 * Kinds of values that a property takes. Plain functions, so that a program can load a table of properties without a
 * validator; the zod schemas are made of them (`schemas.ts`).
 */

/** What is wrong with a value. Texts never quote it, since it is or may hold a secret. */
export interface Fault {
  readonly message: string;
  /** The one value that would be right: shown where the value is no secret. */
  readonly correction?: string;
  /** Where inside the value, from the outside in. */
  readonly path?: readonly string[];
}

/** The canonical form that state keeps, or what is wrong. */
export type Parsed<T> = { readonly value: T } | { readonly faults: readonly Fault[] };

export interface Kind<T> {
  /** As the reference names it. */
  readonly name: "string" | "boolean" | "integer" | "map of string" | "boolean or string";
  parse(value: unknown): Parsed<T>;
}

/** A rule for a text: what is wrong with it. */
export type Rule = (value: string) => Fault | string | undefined;

/** Text under a rule. @param canonical gives the form that state keeps; the rule sees that form */
export function text(rule: Rule = () => undefined, canonical = (value: string) => value): Kind<string> {
  return {
    name: "string",
    parse(value) {
      if (typeof value !== "string") return wrong("must be a string");
      const form = canonical(value);
      const fault = rule(form);
      return fault === undefined ? { value: form } : wrong(fault);
    },
  };
}

export const flag: Kind<boolean> = {
  name: "boolean",
  parse: (value) => (typeof value === "boolean" ? { value } : wrong("must be true or false")),
};

/** A whole number; without bounds for what only the API sets. */
export function integer(least = Number.MIN_SAFE_INTEGER, most = Number.MAX_SAFE_INTEGER): Kind<number> {
  return {
    name: "integer",
    parse(value) {
      const isIn = typeof value === "number" && Number.isInteger(value) && value >= least && value <= most;
      return isIn ? { value } : wrong(`must be a whole number from ${least} to ${most}`);
    },
  };
}

/** @param words what the value must be, as it follows "must be" */
export function flagOrText(words: string): Kind<boolean | string> {
  return {
    name: "boolean or string",
    parse: (value) =>
      typeof value === "boolean" || (typeof value === "string" && value !== "")
        ? { value }
        : wrong(`must be ${words}`),
  };
}

/** A map of texts. @param rule looks at one entry; `seen` holds the names before it, in canonical form */
export function map(
  words: string,
  canonicalName: (name: string) => string,
  rule: (name: string, value: unknown, seen: ReadonlySet<string>) => Fault[],
): Kind<Record<string, string>> {
  return {
    name: "map of string",
    parse(value) {
      if (typeof value !== "object" || value === null || Array.isArray(value))
        return wrong(`must be a map of ${words}`);
      const seen = new Map<string, string>();
      const faults = Object.entries(value).flatMap(([name, entry]) => {
        const found = rule(name, entry, new Set(seen.keys()));
        seen.set(canonicalName(name), String(entry));
        return found;
      });
      // Sorted, so that the order in the program never shows as a change.
      const sorted = [...seen].sort(([a], [b]) => (a < b ? -1 : 1));
      return faults.length > 0 ? { faults } : { value: Object.fromEntries(sorted) };
    },
  };
}

function wrong(fault: Fault | string): { faults: Fault[] } {
  return { faults: [typeof fault === "string" ? { message: fault } : fault] };
}

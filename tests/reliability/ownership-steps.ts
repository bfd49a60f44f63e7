import * as fc from "fast-check";
import { REPLACEMENTS } from "./driver";
import { FATES } from "./in-memory";

/** What may happen to several states of one account. */

export const HOUR = 3_600_000;
/** Two backends: the first two states may not have one name, the third may have that of either. */
export const STATES = ["first", "second", "on another backend"] as const;
export const STACKS = ["dev", "prod"] as const;
const NAMES = ["a", "b"] as const;
const NUMBERS = ["14155550100", "14155550100", "14155550101", "14155550102"];

const state = fc.constantFrom(0, 1, 2);
const other = state;
const name = fc.constantFrom(...NAMES);
const number = fc.constantFrom(...NUMBERS);
const fates = fc.uniqueArray(fc.tuple(fc.nat(8), fc.constantFrom(...FATES)), {
  maxLength: 2,
  selector: ([at]) => at,
});
const nickname = fc.constantFrom("One", "One", "Two");
const adoption = fc.constantFrom("nothing", "nothing", "nothing", "true", "the mark");

function of<K extends string, T>(weight: number, what: K, model: { [M in keyof T]: fc.Arbitrary<T[M]> }) {
  return { weight, arbitrary: fc.record<T>(model).map((values) => ({ do: what, ...values })) };
}

const step = fc.oneof(
  of(8, "edit", { state, name, number, nickname, adoption }),
  of(2, "drop", { state, name }),
  of(3, "same program", { state, other }),
  of(10, "up", { state, fates }),
  of(3, "replace", { state, name, way: fc.constantFrom(...REPLACEMENTS), fates }),
  of(4, "refresh", { state, fates }),
  of(3, "preview", { state }),
  of(2, "destroy", { state, fates }),
  of(2, "two at once", { state, other }),
  of(4, "rename", { state, to: fc.constantFrom(...STACKS) }),
  of(2, "forget", { state }),
  of(2, "save", { state }),
  of(2, "restore", { state }),
  of(3, "copy", { state, other }),
  of(3, "move", { state, other, name }),
  of(3, "import", { state, name, number }),
  of(1, "by hand", { number, what: fc.nat(2) }),
  of(1, "a day passes", {}),
);
export type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** Beginnings after which two states name one provider, or names are free again: steps drawn one by one rarely come there. */
const made: Step[] = [
  { do: "edit", state: 0, name: "a", number: NUMBERS[0] as string, nickname: "One", adoption: "nothing" },
  { do: "up", state: 0, fates: [] },
];
const written: Step[] = [
  { do: "edit", state: 0, name: "a", number: NUMBERS[0] as string, nickname: "Two", adoption: "nothing" },
  { do: "up", state: 0, fates: [] },
];
const sameNames: Record<string, Step[]> = {
  "a renamed stack": [
    { do: "rename", state: 0, to: "prod" },
    { do: "same program", state: 0, other: 1 },
  ],
  "a moved resource": [{ do: "move", state: 0, other: 1, name: "a" }],
  "another backend": [{ do: "same program", state: 0, other: 2 }],
};
const taken: Step[] = [
  { do: "edit", state: 1, name: "b", number: NUMBERS[0] as string, nickname: "One", adoption: "the mark" },
  { do: "up", state: 1, fates: [] },
];
const imported: Step[] = [{ do: "import", state: 1, name: "a", number: NUMBERS[0] as string }];
const upOf = (state: 0 | 1 | 2): Step[] => [{ do: "up", state, fates: [] }];

const beginning = fc.constantFrom<Step[]>(
  [],
  made,
  [...made, ...taken],
  [...made, ...imported],
  [...made, ...(sameNames["a renamed stack"] as Step[]), ...upOf(1)],
  [...made, ...(sameNames["another backend"] as Step[]), ...upOf(2)],
  ...Object.values(sameNames).map((names) => [...made, ...written, ...names]),
);

/** What happens, from the first step to the last. */
export const life = fc
  .tuple(beginning, fc.array(step, { minLength: 4, maxLength: 20 }))
  .map(([first, more]) => [...first, ...more]);

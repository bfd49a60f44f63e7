import type { TaskKind } from "./documents";

/** What is declared for a number. */
export type Wanted = "there" | "refused" | "to go";
/** What the dashboard holds, as far as it was attested, beside what is declared. */
export type Attested = "nothing" | "equal" | "different";
/** What a person is doing at the moment. `leads there`: what is declared, and nothing more will be left to do. */
export type Taken = "none" | "leads there" | "add or edit" | "delete" | "look";

/** What an open task asks; `none`: there is none; `gone`: there is none, and nothing is left of the provider. */
export type Asked = Exclude<TaskKind, "look"> | "none" | "gone";

/** One row of the table. A column that is left out fits everything. */
export interface MergeRule {
  readonly wanted: Wanted;
  readonly attested?: readonly Attested[];
  readonly taken?: readonly Taken[];
  readonly asked: Asked;
  /** In words that the guide prints. */
  readonly because: string;
}

/**
 * The merge rules: what the open task of a number asks, from what is declared, what was last attested, and what is taken.
 * The first row that fits counts. An open task beside a taken one waits for it.
 */
export const MERGE_RULES: readonly MergeRule[] = [
  {
    wanted: "refused",
    asked: "none",
    because: "CleverTap refused it. Nothing is asked until the program sends it again.",
  },
  {
    wanted: "there",
    taken: ["leads there"],
    asked: "none",
    because: "The taken task already does it.",
  },
  {
    wanted: "there",
    taken: ["delete"],
    asked: "add",
    because: "When the taken delete is confirmed, nothing is there.",
  },
  { wanted: "there", attested: ["nothing"], asked: "add", because: "It is not there." },
  { wanted: "there", attested: ["different"], asked: "edit", because: "It is there and different." },
  {
    wanted: "there",
    attested: ["equal"],
    taken: ["add or edit"],
    asked: "edit",
    because: "The taken task changes it, and it has to be changed back.",
  },
  { wanted: "there", attested: ["equal"], asked: "none", because: "It is there and equal." },
  { wanted: "to go", taken: ["leads there"], asked: "none", because: "The taken task already deletes it." },
  {
    wanted: "to go",
    attested: ["nothing"],
    taken: ["none", "look"],
    asked: "gone",
    because: "It was never there: nobody touches the dashboard.",
  },
  { wanted: "to go", asked: "delete", because: "It is there, or will be when the taken task is confirmed." },
];

const fits = <T>(wanted: readonly T[] | undefined, found: T) =>
  wanted === undefined || wanted.includes(found);

/** The row of the table that counts. */
export function mergeRule(wanted: Wanted, attested: Attested, taken: Taken): MergeRule {
  const rule = MERGE_RULES.find(
    (row) => row.wanted === wanted && fits(row.attested, attested) && fits(row.taken, taken),
  );
  if (!rule) throw new Error(`No merge rule for ${wanted}, ${attested}, ${taken}.`);
  return rule;
}

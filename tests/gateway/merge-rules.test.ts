import { type Attested, MERGE_RULES, mergeRule, type Taken, type Wanted } from "../../gateway/model/merge";

const WANTED: Wanted[] = ["there", "refused", "to go"];
const ATTESTED: Attested[] = ["nothing", "equal", "different"];
const TAKEN: Taken[] = ["none", "leads there", "add or edit", "delete", "look"];

test("each combination has a rule, and each rule is the one for some combination", () => {
  const rules = WANTED.flatMap((wanted) =>
    ATTESTED.flatMap((attested) => TAKEN.map((taken) => mergeRule(wanted, attested, taken))),
  );
  expect(new Set(rules)).toEqual(new Set(MERGE_RULES));
});

test("in words: not there: add; there and different: edit; to go: delete; equal: no task", () => {
  const idle = (wanted: Wanted, attested: Attested) => mergeRule(wanted, attested, "none").asked;
  expect(ATTESTED.map((attested) => idle("there", attested))).toEqual(["add", "none", "edit"]);
  expect(ATTESTED.map((attested) => idle("to go", attested))).toEqual(["gone", "delete", "delete"]);
  expect(ATTESTED.map((attested) => idle("refused", attested))).toEqual(["none", "none", "none"]);
});

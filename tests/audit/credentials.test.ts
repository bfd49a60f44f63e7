import { credentialAges } from "../../audit/credentials";
import { readState } from "../../audit/reading/state";
import { exported, resource, type Wanted } from "./support/states";

const INDIA: Wanted = { name: "india", number: "919999999999", nickname: "Kaleyra", key: "1" };
const AS_OF = Date.parse("2026-10-01T00:00:00Z");

const stateOf = (time: string, wanted: Wanted) =>
  readState(Buffer.from(JSON.stringify(exported(time, [resource(wanted)]))), "state.json");

function age(states: readonly { state: ReturnType<typeof stateOf>; began?: number }[], maxDays = 90) {
  const [found] = credentialAges(states, AS_OF, maxDays);
  return [found?.leastDays, found?.mostDays, found?.isOld];
}

const created = "2026-03-10T00:00:00Z";
const first = { ...INDIA, created, modified: created };

test("one state that was written once: the day is certain", () => {
  expect(age([{ state: stateOf(created, first) }])).toEqual([205, 205, "yes"]);
});

test("one state that was written again: some day between", () => {
  const state = stateOf("2026-09-01T00:00:00Z", { ...first, modified: "2026-09-01T00:00:00Z" });
  expect(age([{ state }])).toEqual([30, 205, "maybe"]);
  expect(age([{ state }], 205)).toEqual([30, 205, "no"]);
});

test("an earlier state with the same fingerprint makes it certain", () => {
  const later = stateOf("2026-09-01T00:00:00Z", { ...first, modified: "2026-09-01T00:00:00Z" });
  expect(age([{ state: stateOf(created, first) }, { state: later }])).toEqual([205, 205, "yes"]);
});

test("a rotation was between the two states", () => {
  const before = stateOf("2026-07-01T00:00:00Z", first);
  const after = stateOf("2026-09-20T00:00:00Z", { ...first, key: "2", modified: "2026-09-01T00:00:00Z" });
  expect(age([{ state: before }, { state: after }])).toEqual([30, 92, "maybe"]);
});

test("the update itself makes the day of a rotation certain, where that has written the resource", () => {
  const before = { state: stateOf("2026-07-01T00:00:00Z", first) };
  const state = stateOf("2026-09-01T00:00:09Z", { ...first, key: "2", modified: "2026-09-01T00:00:05Z" });
  expect(age([before, { state, began: Date.parse("2026-09-01T00:00:00Z") }])).toEqual([29, 30, "no"]);
  // An update that was killed before has written it, and left no record.
  expect(age([before, { state, began: Date.parse("2026-09-02T00:00:00Z") }])).toEqual([29, 92, "maybe"]);
});

test("under another number the fingerprint does not tell, so the credential may be as old as before", () => {
  const after = {
    ...first,
    number: "917834811114",
    created: "2026-09-01T00:00:00Z",
    modified: "2026-09-01T00:00:00Z",
  };
  expect(
    age([{ state: stateOf(created, first) }, { state: stateOf("2026-09-01T00:00:00Z", after) }]),
  ).toEqual([30, 205, "maybe"]);
});

test("a state that does not know the fingerprint for certain tells nothing", () => {
  const settings = { credentialFingerprint: "000000000000" };
  expect(age([{ state: stateOf(created, { ...first, settings }) }])).toEqual([undefined, undefined, "maybe"]);
});

test("a state without times of its own tells only that it was set by then", () => {
  const entry = { created: undefined, modified: undefined };
  expect(age([{ state: stateOf("2026-05-01T00:00:00Z", { ...INDIA, entry }) }])).toEqual([
    153,
    undefined,
    "yes",
  ]);
});

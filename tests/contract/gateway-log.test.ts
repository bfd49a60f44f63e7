import { createHash } from "node:crypto";
import { chainFault, FIRST_PREV, hashOfLine } from "../../contract/gateway-log";

const TEXTS = [
  { seq: 1, at: "2026-07-01T09:00:00Z", actor: "pulumi", action: "open", task: "1", provider: "p1" },
  { seq: 2, at: "2026-07-01T09:05:00Z", actor: "Meera", action: "take", task: "1", provider: "p1" },
  { seq: 3, at: "2026-07-01T09:09:00Z", actor: "Meera", action: "save", task: "1", provider: "p1" },
];

function log(): Record<string, unknown>[] {
  let prev = FIRST_PREV;
  return TEXTS.map((text) => {
    const line = { ...text, prev };
    prev = hashOfLine(line);
    return { ...line, hash: prev };
  });
}

test("the hash is that of the sorted keys without `hash`, as anybody can work it out", () => {
  const text = `{"action":"open","actor":"pulumi","at":"2026-07-01T09:00:00Z","prev":"${FIRST_PREV}","provider":"p1","seq":1,"task":"1"}`;
  expect(log()[0]?.hash).toBe(createHash("sha256").update(text).digest("hex"));
});

test("a log as it was written has no fault, and neither has an empty one", () => {
  expect(chainFault(log())).toBeUndefined();
  expect(chainFault([])).toBeUndefined();
});

test.each<[string, (lines: Record<string, unknown>[]) => Record<string, unknown>[], number]>([
  ["a changed line", (lines) => lines.with(1, { ...lines[1], actor: "Arun" }), 1],
  ["an added member", (lines) => lines.with(2, { ...lines[2], note: "x" }), 2],
  ["a line that is missing", (lines) => lines.toSpliced(1, 1), 1],
  ["the first line missing", (lines) => lines.slice(1), 0],
  ["two lines in another order", ([a = {}, b = {}, c = {}]) => [a, c, b], 1],
  [
    "a line that was written anew, with a hash of its own",
    (lines) => {
      const changed: Record<string, unknown> = { ...lines[0], actor: "Arun" };
      return lines.with(0, { ...changed, hash: hashOfLine(changed) });
    },
    1,
  ],
])("%s is found", (_, change, index) => {
  expect(chainFault(change(log()))).toMatchObject({ index, what: expect.any(String) });
});

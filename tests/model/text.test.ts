import { quoted, visible } from "../../provider/model/text";

const HOSTILE = '\u001b[2J "x"\n\u009b31m\u202e\u2028\u{e0041}\ud800';

test("one line for a person, without what moves a cursor or can't be seen", () =>
  expect(visible(`  a\r\n${HOSTILE} b\u00a0\u200b `)).toBe('a [2J "x" 31m \ufffd b'));

test("quoted as a program would write it", () => {
  expect(quoted("Kaleyra ü 😀")).toBe('"Kaleyra ü 😀"');
  expect(quoted(HOSTILE)).toMatch(/^[\x20-\x7e]+$/);
  expect(JSON.parse(quoted(HOSTILE))).toBe(HOSTILE);
});

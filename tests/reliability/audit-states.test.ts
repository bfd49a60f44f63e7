import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import * as fc from "fast-check";
import { AuditProblem, auditCheck, auditDiff, FORMATS, type Format, formatted } from "../../audit";
import { inFolder } from "../audit/support/folder";
import { CANARIES } from "../support/canaries";
import { amount, counted } from "./figures";

/**
 * Whatever stands in a state: a clear error or a report. Never a crash, a secret, a prototype that a state changed, or a
 * sign that a terminal, a spreadsheet, a comment or a browser would obey.
 */

const STATES = amount(2_000, 100_000, "CLEVERTAP_TEST_INPUTS");
const SAMPLES = resolve(__dirname, "../../examples/audit");
const [BEFORE, AFTER] = ["last-quarter.json", "this-quarter.json"].map((name) =>
  readFileSync(join(SAMPLES, name), "utf8"),
) as [string, string];
const LOG = join(SAMPLES, "gateway-log.jsonl");

const ESCAPE = "\u001b[2J\u009b31m\r\n\u202e";
const OPENED = {
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  plaintext: JSON.stringify(CANARIES.header),
};
const HOSTILE: readonly unknown[] = [
  null,
  true,
  -1,
  1e308,
  "",
  ESCAPE,
  `=cmd|' /C calc'!A0`,
  "`|<script>alert(1)</script></style>@team",
  "x".repeat(5_000),
  "urn:pulumi:a::b::clevertap:index:WhatsAppProvider::c",
  "clevertap:index:WhatsAppProvider",
  "9999-99-99T99:99:99Z",
  "2999-01-01T00:00:00Z",
  "\ud800",
  [],
  {},
  [[[[[[]]]]]],
  OPENED,
  { ...OPENED, plaintext: "{" },
  { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" },
  JSON.parse('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}'),
];
const KEYS = [
  "__proto__",
  "constructor",
  "toString",
  "urn",
  "type",
  "delete",
  "apiKey",
  "headers",
  "passcode",
  ESCAPE,
  "",
];

/** One change of a document: of which of its parts, what, and with what. */
const change = fc.record({
  at: fc.nat(),
  what: fc.constantFrom("replace", "remove", "rename", "add", "twice", "nest"),
  value: fc.constantFrom(...HOSTILE),
  key: fc.constantFrom(...KEYS),
});

interface Part {
  readonly parent: Record<string, unknown>;
  readonly key: string;
}

function partsOf(value: unknown, found: Part[] = []): Part[] {
  if (typeof value !== "object" || value === null) return found;
  for (const key of Object.keys(value)) {
    found.push({ parent: value as Record<string, unknown>, key });
    partsOf((value as Record<string, unknown>)[key], found);
  }
  return found;
}

function set(object: object, key: string, value: unknown): void {
  Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
}

function apply(
  document: unknown,
  { at, what, value, key }: { at: number; what: string; value: unknown; key: string },
): void {
  const parts = partsOf(document);
  const part = parts[at % Math.max(1, parts.length)];
  if (!part) return;
  const { parent } = part;
  const old = parent[part.key];
  // A copy of its own: a later change may go into it.
  const own: unknown = JSON.parse(JSON.stringify(value));
  if (what === "replace") set(parent, part.key, own);
  else if (what === "remove") delete parent[part.key];
  else if (what === "add") set(parent, key, own);
  else if (what === "twice" && Array.isArray(parent)) parent.push(structuredClone(old));
  else if (what === "nest") set(parent, part.key, { [key || "x"]: [old] });
  else {
    delete parent[part.key];
    set(parent, key, old);
  }
}

const seldom = (arbitrary: fc.Arbitrary<number>) =>
  fc.oneof({ weight: 29, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });

/** A state with some changes, and then perhaps cut off or with a byte changed. */
const mutated = (text: string) =>
  fc
    .record({
      changes: fc.array(change, { maxLength: 6 }),
      cut: seldom(fc.nat(text.length)),
      byte: seldom(fc.nat(text.length)),
    })
    .map(({ changes, cut, byte }) => {
      const document: unknown = JSON.parse(text);
      for (const one of changes) apply(document, one);
      let result = JSON.stringify(document);
      if (byte !== undefined) result = `${result.slice(0, byte)}}${result.slice(byte + 1)}`;
      return cut === undefined ? result : result.slice(0, cut);
    });

/** What must hold of a report in each form. */
const HARMLESS: Readonly<Record<Format, (text: string) => void>> = {
  terminal: (text) => expect(text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cs}\u202e]/u),
  json: (text) => expect(JSON.parse(text)).toMatchObject({ version: 1 }),
  csv: (text) => expect(text.replaceAll('"', "")).not.toMatch(/(^|,)[=+@]/m),
  markdown: (text) => expect(Buffer.byteLength(text)).toBeLessThan(65_536),
  sarif: (text) => expect(JSON.parse(text)).toMatchObject({ version: "2.1.0" }),
  html: (text) => expect(text.match(/<script/g)).toHaveLength(1),
};

test("mutated states", async () => {
  let runs = 0;
  let reports = 0;
  await inFolder(async (_, folder) => {
    const [before, after] = [join(folder, "before.json"), join(folder, "after.json")];
    await counted("mutated states audited", (attempt) =>
      fc.assert(
        fc.asyncProperty(mutated(BEFORE), mutated(AFTER), (old, now) =>
          attempt(async () => {
            writeFileSync(before, old);
            writeFileSync(after, now);
            // One form after the other: all of them each time would take hours.
            const format = FORMATS[runs++ % FORMATS.length] as Format;
            for (const audit of [
              () => auditDiff(before, after, { gatewayLog: LOG }),
              () => auditCheck([before, after], { gatewayLog: LOG }),
            ]) {
              try {
                const text = formatted(await audit(), format);
                HARMLESS[format](text);
                expect(text).not.toContain(CANARIES.header);
                reports++;
              } catch (error) {
                if (!(error instanceof AuditProblem)) throw error;
                expect(error.message).not.toContain(CANARIES.header);
                expect(error.message.length).toBeLessThan(1_000);
              }
            }
            expect(({} as Record<string, unknown>).polluted).toBeUndefined();
          }),
        ),
        { numRuns: STATES / 2, seed: Number(process.env.CLEVERTAP_TEST_SEED ?? 14) },
      ),
    );
    // Most mutations leave something to report on.
    expect(reports).toBeGreaterThan(STATES / 2);
  });
}, 3_600_000);

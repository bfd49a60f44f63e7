import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import Ajv2020 from "ajv/dist/2020";
import addFormats from "ajv-formats";
import {
  auditCheck,
  auditDiff,
  auditHistory,
  FORMATS,
  type Format,
  formatted,
  type Report,
} from "../../audit";
import { columns, widthOf, wrapped } from "../../audit/formats/columns";
import { readState } from "../../audit/reading/state";
import { CANARIES } from "../support/canaries";
import { inFolder } from "./support/folder";
import { exported, resource } from "./support/states";

const ROOT = resolve(__dirname, "../..");
const SAMPLES = join(ROOT, "examples/audit");
const sample = (name: string) => join(SAMPLES, name);
const options = { gatewayLog: sample("gateway-log.jsonl"), asOf: new Date("2026-10-01") };
const AFTER = sample("backend/.pulumi/stacks/shop/prod.json");

const reports: Record<string, Report> = {};
beforeAll(async () => {
  reports.diff = await auditDiff(sample("last-quarter.json"), AFTER, options);
  reports.history = await auditHistory(sample("backend"), options);
  reports.check = await auditCheck([sample("backend")], options);
});
const of = (name: string) => reports[name] as Report;
const NAMES = ["diff", "history", "check"];

/** A schema of another draft: only its own name differs in what is used here. */
function validator(file: string) {
  const { $schema, id, ...schema } = JSON.parse(readFileSync(file, "utf8"));
  const ajv = new Ajv2020({ strict: false, unicodeRegExp: false });
  addFormats(ajv);
  return ajv.compile(schema);
}

describe.each(NAMES)("a report of %s", (name) => {
  test("as JSON follows the schema in docs", () => {
    const validate = validator(join(ROOT, "docs/audit-report.v1.schema.json"));
    validate(JSON.parse(formatted(of(name), "json")));
    expect(validate.errors).toBeNull();
  });

  test("as SARIF follows the schema of SARIF 2.1.0", () => {
    const validate = validator(join(__dirname, "support/sarif-2.1.0.json"));
    validate(JSON.parse(formatted(of(name), "sarif")));
    expect(validate.errors).toBeNull();
  });

  test.each(FORMATS)("as %s tells of every finding", (format) => {
    const text = formatted(of(name), format);
    expect(of(name).findings.length).toBeGreaterThan(0);
    for (const { rule, resource: where } of of(name).findings) {
      expect(text).toContain(rule);
      expect(text).toContain(where);
    }
  });
});

test("the SARIF schema refuses what is none", () => {
  const validate = validator(join(__dirname, "support/sarif-2.1.0.json"));
  expect(validate({ version: "2.1.0", runs: [{ results: [{ message: 1 }] }] })).toBe(false);
});

test("a finding in SARIF stands on the line of its resource", () => {
  const { runs } = JSON.parse(formatted(of("check"), "sarif"));
  const found = runs[0].results.find(({ ruleId }: { ruleId: string }) => ruleId === "credential-age");
  const line = found.locations[0].physicalLocation.region.startLine;
  expect(readFileSync(AFTER, "utf8").split("\n")[line - 1]).toContain("::kaleyra-india");
});

describe("on a terminal", () => {
  test.each([60, 80, 100, 200])("no line is wider than %d columns", (width) => {
    for (const name of NAMES)
      for (const line of formatted(of(name), "terminal", { width, hasColours: false }).split("\n"))
        expect(widthOf(line)).toBeLessThanOrEqual(width);
  });

  test("colours only where they are wanted, and the words are the same", () => {
    const plain = formatted(of("diff"), "terminal", { width: 100, hasColours: false });
    const coloured = formatted(of("diff"), "terminal", { width: 100, hasColours: true });
    const sign = String.fromCharCode(27);
    expect(plain).not.toContain(sign);
    expect(coloured).toContain(sign);
    expect(coloured.replaceAll(new RegExp(`${sign}\\[\\d+m`, "g"), "")).toBe(plain);
  });

  test("the four answers stand first", () => {
    const [, , ...lines] = formatted(of("diff"), "terminal").split("\n");
    expect(lines.slice(0, 5)).toEqual([
      "What changed             5 resources changed",
      "Who did it               Meera Iyer, Arun Nair",
      "Keys older than 90 days  1 of 5, and 1 that may be",
      "Never confirmed          3 of 5",
      "Findings                 4 findings",
    ]);
  });
});

describe("columns", () => {
  test.each([
    ["plain", 5],
    ["日本", 4],
    ["é", 1],
    ["e\u0301", 1],
    ["😀", 2],
    ["", 0],
  ])("%s is %d wide", (text, width) => expect(widthOf(text)).toBe(width));

  test("a long cell is wrapped at spaces, and a long word anywhere; nothing is lost", () => {
    expect(wrapped("one two three", 7)).toEqual(["one two", "three"]);
    expect(wrapped("abcdefghij k", 4)).toEqual(["abcd", "efgh", "ij k"]);
  });

  test("the widest column gives way", () =>
    expect(
      columns(
        [
          ["a", "one two three four"],
          ["bb", "five"],
        ],
        14,
      ),
    ).toEqual(["a   one two", "    three four", "bb  five"]));
});

describe("as CSV", () => {
  test("no cell is a formula, and quotes are doubled", async () => {
    await inFolder(async (write) => {
      const nickname = '=HYPERLINK("https://example.com","x")';
      const before = resource({ name: "a", number: "919999999999", nickname: "+1", key: "1" });
      const after = resource({ name: "a", number: "919999999999", nickname, key: "1" });
      const report = await auditDiff(
        write("a.json", exported("2026-01-01T00:00:00Z", [before])),
        write("b.json", exported("2026-02-01T00:00:00Z", [after])),
      );
      const text = formatted(report, "csv");
      expect(text).toContain(`"'+1","'=HYPERLINK(""https://example.com"",""x"")"`);
      expect(text).not.toMatch(/(^|,)"?[=+@]/m);
    });
  });

  test("every line has as many cells as the first", () => {
    for (const name of NAMES) {
      const lines = formatted(of(name), "csv").slice(1).trimEnd().split("\r\n");
      const cells = (line: string) => line.match(/("(?:[^"]|"")*"|[^,]*)(,|$)/g)?.slice(0, 13).length;
      for (const line of lines) expect(cells(line)).toBe(13);
    }
  });
});

describe("as Markdown", () => {
  const many = (count: number) =>
    exported(
      "2026-02-01T00:00:00Z",
      Array.from({ length: count }, (_, i) =>
        resource({
          name: `kaleyra-${i}`,
          number: `4477009${String(i).padStart(5, "0")}`,
          nickname: "Kaleyra `x` | <b> @team #1",
          key: `${i}`,
          status: "pending",
        }),
      ),
    );

  test.each([3, 200, 3000])(
    "%d resources: shorter than a comment may be, and it says what is left out",
    async (count) => {
      await inFolder(async (write) => {
        const report = await auditDiff(
          write("a.json", exported("2026-01-01T00:00:00Z", [])),
          write("b.json", many(count)),
        );
        const text = formatted(report, "markdown");
        expect(Buffer.byteLength(text)).toBeLessThan(65_536);
        const rows = text.match(/^\| `kaleyra-/gm)?.length ?? 0;
        const left = [...text.matchAll(/(\d+) rows? left out/g)].reduce((sum, [, n]) => sum + Number(n), 0);
        const all = report.changes.length + report.confirmations.length + report.credentials.length;
        const inFindings = text.match(/^\| warning /gm)?.length ?? 0;
        expect(rows + inFindings + left).toBe(all + report.findings.length);
        expect(text.includes("left out, to keep this comment short") || text.includes("rows left out.")).toBe(
          count > 100,
        );
        expect(text.includes("<details>")).toBe(count > 10);
      });
    },
  );

  test("a foreign text mentions nobody and ends no cell", async () => {
    await inFolder(async (write) => {
      const report = await auditDiff(
        write(
          "a.json",
          exported("2026-01-01T00:00:00Z", [
            resource({ name: "a", number: "919999999999", nickname: "x", key: "1" }),
          ]),
        ),
        write(
          "b.json",
          exported("2026-02-01T00:00:00Z", [
            resource({ name: "a", number: "919999999999", nickname: "a`b | @team", key: "1" }),
          ]),
        ),
      );
      expect(formatted(report, "markdown")).toContain("| `` Nickname: x → a`b \\| @team `` |");
    });
  });
});

describe("a secret", () => {
  const open = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };
  const clear = (text: string) => ({ ...open, plaintext: JSON.stringify(text) });
  const inClear = (nickname: string) =>
    resource({
      name: "a",
      number: "919999999999",
      nickname,
      key: "1",
      settings: {
        apiKey: clear(CANARIES.apiKey),
        sid: CANARIES.sid,
        headers: { "x-team": clear(CANARIES.header) },
      },
    });

  test.each(FORMATS)("is in no report as %s, wherever the state has it", async (format: Format) => {
    await inFolder(async (write) => {
      const before = exported("2026-01-01T00:00:00Z", [inClear("Kaleyra")]);
      const after = exported("2026-02-01T00:00:00Z", [
        inClear(`key ${CANARIES.apiKey} ${CANARIES.header} ${CANARIES.sid}`),
      ]);
      const report = await auditDiff(write("a.json", before), write("b.json", after));
      const text = formatted(report, format);
      expect(text).toContain("secret-in-clear");
      for (const secret of Object.values(CANARIES)) expect(text).not.toContain(secret);
      expect(text).not.toContain("ciphertext");
      expect(text).not.toContain("v1:");
    });
  });

  test("is found in clear anywhere in the file, and told by its place", () => {
    const state = readState(
      Buffer.from(
        JSON.stringify(
          exported("2026-01-01T00:00:00Z", [
            inClear("Kaleyra"),
            {
              urn: "urn:pulumi:prod::shop::pulumi:providers:pulumi-nodejs::default",
              type: "pulumi:providers:pulumi-nodejs",
              inputs: {
                "clevertap:accounts": JSON.stringify({ emea: { passcode: "p" } }),
                note: CANARIES.apiKey,
              },
            },
          ]),
        ),
      ),
      "state.json",
    );
    expect(state.clear.map(({ path, what }) => `${path}: ${what}`)).toEqual([
      "deployment.resources[1].inputs.apiKey: a secret, exported with --show-secrets",
      "deployment.resources[1].inputs.sid: the value of sid",
      "deployment.resources[1].inputs.headers.x-team: a secret, exported with --show-secrets",
      "deployment.resources[1].outputs.apiKey: a secret, exported with --show-secrets",
      "deployment.resources[1].outputs.sid: the value of sid",
      "deployment.resources[1].outputs.headers.x-team: a secret, exported with --show-secrets",
      "deployment.resources[2].inputs.clevertap:accounts.emea.passcode: the value of passcode",
      "deployment.resources[2].inputs.note: an API key of Kaleyra",
    ]);
  });

  test("encrypted as usual is none in clear", () => {
    const state = readState(readFileSync(AFTER), AFTER);
    expect(state.clear).toEqual([]);
  });
});

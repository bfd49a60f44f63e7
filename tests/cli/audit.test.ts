import { resolve } from "node:path";
import { WriteStream } from "node:tty";
import { main } from "../../cli/main";
import { inFolder } from "../audit/support/folder";
import { exported, resource } from "../audit/support/states";
import { runCommand, runNode } from "../support/command";

const SAMPLES = resolve(__dirname, "../../examples/audit");
const run = (...args: string[]) => runCommand(["audit", ...args], { PATH: process.env.PATH }, SAMPLES);

test("one command answers what changed, who did it, which keys are old, and what was never confirmed", async () => {
  const { code, output } = await run(
    "diff",
    "last-quarter.json",
    "backend/.pulumi/stacks/shop/prod.json",
    "--as-of",
    "2026-10-01",
  );
  expect(code).toBe(0);
  expect(output).toMatch(/^~ kaleyra-us {2}15017122661 {2}rotated$/m);
  expect(output).toMatch(/^ +Who +Arun Nair, pull request 42, /m);
  expect(output).toMatch(/^kaleyra-india +919999999999 +2026-03-10 +204 +yes +[\da-f]{12}$/m);
  expect(output).toMatch(/^kaleyra-promo +14155550123 +declared, waiting for a person/m);
});

test.each<[string, number, string[]]>([
  ["nothing wrong", 0, ["check", "good.json"]],
  ["a finding", 1, ["check", "bad.json"]],
  ["a note only", 0, ["check", "empty.json"]],
  ["no state", 2, ["check", "good.json", "broken.json"]],
  ["no such file", 2, ["check", "none.json"]],
  ["a slip in the rules", 2, ["check", "good.json", "--rules", "broken.json"]],
  ["a diff", 0, ["diff", "good.json", "bad.json"]],
  ["a diff with no state", 2, ["diff", "good.json", "broken.json"]],
  ["no audit", 2, []],
  ["an unknown audit", 2, ["canary"]],
  ["too few words", 2, ["diff", "good.json"]],
  ["too many words", 2, ["diff", "good.json", "bad.json", "good.json"]],
  ["a wrong format", 2, ["check", "good.json", "--format", "xml"]],
  ["a wrong date", 2, ["check", "good.json", "--as-of", "yesterday"]],
])("%s: %d", async (_, expected, args) => {
  await inFolder(async (write, folder) => {
    const india = {
      name: "india",
      number: "919999999999",
      nickname: "Kaleyra",
      key: "1",
      created: new Date().toISOString(),
    };
    write("good.json", exported("2026-07-01T00:00:00Z", [resource(india)]));
    write("bad.json", exported("2026-07-02T00:00:00Z", [resource({ ...india, isDefault: true })]));
    write("empty.json", exported("2026-07-02T00:00:00Z", []));
    write("broken.json", '{"canary');
    const { code, output } = await runCommand(["audit", ...args], { PATH: process.env.PATH }, folder);
    expect([code, output]).toEqual([expected, expect.not.stringContaining("canary")]);
    expect(output).not.toBe("");
  });
});

describe("colours", () => {
  const sign = `${String.fromCharCode(27)}[`;
  const printed: string[] = [];

  /** Prints to what says of itself that it is a terminal, 70 columns wide. */
  async function onTerminal(env: Record<string, string>): Promise<string> {
    printed.length = 0;
    jest.replaceProperty(process, "env", { PATH: process.env.PATH, TERM: "xterm-256color", ...env });
    const { hasColors, getColorDepth } = WriteStream.prototype;
    const before = { isTTY: process.stdout.isTTY, columns: process.stdout.columns };
    Object.assign(process.stdout, { isTTY: true, columns: 70, hasColors, getColorDepth });
    jest.spyOn(process.stdout, "write").mockImplementation((text) => printed.push(String(text)) > 0);
    try {
      await main(["audit", "check", resolve(SAMPLES, "this-quarter.json")]);
    } finally {
      jest.restoreAllMocks();
      Object.assign(process.stdout, before);
    }
    return printed.join("");
  }

  test("only on a terminal", async () => {
    expect(await onTerminal({})).toContain(sign);
    expect((await run("check", "this-quarter.json")).output).not.toContain(sign);
  });

  test("NO_COLOR is respected, and the width is that of the terminal", async () => {
    const text = await onTerminal({ NO_COLOR: "1" });
    expect(text).not.toContain(sign);
    for (const line of text.split("\n")) expect(line.length).toBeLessThanOrEqual(70);
  });
});

test("a state comes from standard input", async () => {
  const main = resolve(__dirname, "../../dist/cli/main.js");
  const script = `
    const { spawnSync } = require("node:child_process");
    const { readFileSync } = require("node:fs");
    const ran = spawnSync(process.execPath, [${JSON.stringify(main)}, "audit", "check", "-", "--format", "json"], { input: readFileSync("this-quarter.json") });
    process.stdout.write(ran.stdout);`;
  const { output } = await runNode(["-e", script], { PATH: process.env.PATH }, SAMPLES);
  expect(JSON.parse(output)).toMatchObject({
    report: "check",
    states: [{ source: "standard input", resources: 5 }],
  });
});

test("the library is what the command is", async () => {
  const script = `
    const { auditDiff, formatted } = require("pulumi-clevertap-whatsapp/audit");
    auditDiff("last-quarter.json", "this-quarter.json").then((report) => console.log(formatted(report, "json")));`;
  const { output } = await runNode(["-e", script], { PATH: process.env.PATH }, SAMPLES);
  expect(JSON.parse(output)).toMatchObject({ version: 1, report: "diff" });
});

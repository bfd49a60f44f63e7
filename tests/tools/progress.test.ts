import { runModule, toolUrl } from "./module";

/** What stands on stderr after a stage of that many milliseconds; with a terminal, or without. */
async function written(env: Record<string, string>, { ms = 1_000, terminal = false, fails = false } = {}) {
  const script = `
    process.stderr.isTTY = ${terminal};
    const { stage } = await import(${JSON.stringify(toolUrl("progress.mjs"))});
    const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
    await stage("Outer", () => stage("Making it", async (detail) => {
      detail("half of it");
      await sleep(${ms});
      if (${fails}) throw new Error("broken");
    })).catch(() => {});`;
  const { stderr, stdout } = await runModule(script, { CI: "", TERM: "xterm", NO_COLOR: "", ...env });
  expect(stdout).toBe("");
  return stderr;
}
const ESCAPE = "\x1b[";

test("without a terminal: a line at the start and one at the end, of what takes long only", async () => {
  expect(await written({}, { ms: 0 })).toBe("");
  expect(await written({})).toMatch(/^Making it …\n {2}Making it: done after [\d.]+s\n$/);
  expect(await written({}, { fails: true })).toMatch(/\n {2}Making it: failed after [\d.]+s\n$/);
});

test("on a terminal: one line that is written over, in colour unless NO_COLOR is set", async () => {
  const coloured = await written({}, { terminal: true });
  expect(coloured).toContain(`\r${ESCAPE}K${ESCAPE}36m`);
  expect(coloured).toMatch(/Making it … [\d.]+s {2}half of it/);
  expect(coloured.trimEnd()).not.toContain("\n");
  const plain = await written({ NO_COLOR: "1" }, { terminal: true });
  expect(plain.replaceAll(`\r${ESCAPE}K`, "")).not.toContain(ESCAPE);
  expect(plain).toMatch(/✔ Making it \([\d.]+s\)\n$/);
});

test.each<Record<string, string>>([{ CI: "true" }, { TERM: "dumb" }])(
  "a terminal that can't draw gets plain lines: %j",
  async (env) => {
    expect(await written(env, { terminal: true })).not.toContain(ESCAPE);
  },
);

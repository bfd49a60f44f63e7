import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { counted } from "./figures";

/** A figure of docs/reliability.md holds what was tried beside what passed, also when the run broke off. */

let folder: string;
const before = process.env.CLEVERTAP_TEST_FIGURES;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "wa figures "));
  process.env.CLEVERTAP_TEST_FIGURES = join(folder, "figures.jsonl");
});
afterEach(() => {
  if (before === undefined) delete process.env.CLEVERTAP_TEST_FIGURES;
  else process.env.CLEVERTAP_TEST_FIGURES = before;
  rmSync(folder, { recursive: true, force: true });
});
const figures = () => JSON.parse(readFileSync(join(folder, "figures.jsonl"), "utf8"));

test("attempts are counted as they begin, successes as they end", async () => {
  const run = counted("things", async (attempt) => {
    for (const isGood of [true, true, false, true])
      await attempt(async () => {
        if (!isGood) throw new Error("broken");
      });
  });
  await expect(run).rejects.toThrow("broken");
  expect(figures()).toEqual({ figure: "things", passed: 2, total: 3 });
});

import { execFile } from "node:child_process";
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import { evaluateModule, toolUrl } from "./module";

/** `npm test -- NAME` and `npm run test:fast`. */

const ROOT = resolve(__dirname, "../..");

// A run of everything by one of these tests would start them again.
if (process.env.CLEVERTAP_TEST_INNER) throw new Error("this file was to be left out");

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "clevertap tools "));
  symlinkSync(process.execPath, join(folder, "node"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** On a machine where no engine can be found, downloaded or built. */
function npm(script: string, ...args: string[]): Promise<{ code: number; output: string }> {
  const env = { PATH: folder, HOME: folder, PULUMI_HOME: "/dev/null/pulumi", CLEVERTAP_TEST_INNER: "1" };
  return new Promise((done) => {
    execFile(
      process.execPath,
      ["tools/run.mjs", script, ...args],
      { cwd: ROOT, env },
      (error, stdout, stderr) => done({ code: Number(error?.code ?? 0), output: stdout + stderr }),
    );
  });
}

test("npm test -- NAME: the files with that name, nothing else, and no engine where none is needed", async () => {
  const summary = join(ROOT, ".pulumi-demo/test-summary.txt");
  const before = existsSync(summary) && readFileSync(summary, "utf8");
  const { code, output } = await npm("test", "resources/mark");
  expect(output).toContain(
    "1 file of tests, without the engine; format, types and openapi.yaml are not checked",
  );
  expect(output).toMatch(/PASS tests\/resources\/mark\.test\.ts/);
  expect(output).toContain("Test Suites: 1 passed, 1 total");
  expect(code).toBe(0);
  // The numbers of a whole run are left alone.
  expect(existsSync(summary) && readFileSync(summary, "utf8")).toBe(before);
});

test("npm test -- NAME: the engine is set up for a file that needs it", async () => {
  const { code, output } = await npm("test", "engine/doors");
  expect(output).toContain("No Pulumi engine");
  expect(code).toBe(1);
});

test("npm test -- NAME: a name that no file has is an error", async () => {
  const { code, output } = await npm("test", "no-such-test");
  expect(output).toContain("No tests found");
  expect(code).toBe(1);
});

test("npm run test:fast leaves out exactly what needs the engine", async () => {
  const { code, output } = await npm("test:fast", "resources/mark", "engine/doors");
  expect(output).toContain("Test Suites: 1 passed, 1 total");
  expect(code).toBe(0);
  const found = await evaluateModule<string[]>(`
    import { engineTests } from ${JSON.stringify(toolUrl("test.mjs"))};
    console.log(JSON.stringify(await engineTests()));`);
  const left = found.map((file) => relative(ROOT, file));
  const all = globSync("tests/**/*.test.ts", { cwd: ROOT });
  expect(left).toEqual(expect.arrayContaining(all.filter((file) => file.startsWith("tests/engine/"))));
  const fast = all.filter((file) => !left.includes(file));
  expect(fast).toEqual(
    expect.arrayContaining(all.filter((file) => /tests\/(model|api)\/|tools\/build/.test(file))),
  );
});

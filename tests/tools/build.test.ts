import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { runModule, toolUrl } from "./module";

const ROOT = resolve(__dirname, "../..");

let folder: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "clevertap tools "));
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(join(ROOT, "node_modules/typescript"), join(folder, "node_modules/typescript"));
  mkdirSync(join(folder, "provider"));
  const { compilerOptions } = JSON.parse(readFileSync(join(ROOT, "tsconfig.json"), "utf8"));
  const config = { compilerOptions: { ...compilerOptions, types: [] }, include: ["provider"] };
  await writeFile(join(folder, "tsconfig.json"), JSON.stringify(config));
  await source("one", "export const one = 1;");
  await source("two", "export const two = 2;");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const source = (name: string, text: string) => writeFile(join(folder, "provider", `${name}.ts`), text);
const script = () =>
  `import { build } from ${JSON.stringify(toolUrl("build.mjs"))}; await build(${JSON.stringify(folder)});`;
const build = () => runModule(script());
const output = (name: string) => join(folder, "dist/provider", `${name}.js`);
const outputs = () => readdirSync(join(folder, "dist/provider")).sort();
const WHOLE = ["one.d.ts", "one.js", "two.d.ts", "two.js"];

test("dist follows the sources: changed, removed and new ones", async () => {
  expect((await build()).code).toBe(0);
  expect(outputs()).toEqual(WHOLE);
  await source("one", "export const one = 11;");
  await source("three", "export const three = 3;");
  rmSync(join(folder, "provider/two.ts"));
  expect((await build()).code).toBe(0);
  expect(outputs()).toEqual(["one.d.ts", "one.js", "three.d.ts", "three.js"]);
  expect(readFileSync(output("one"), "utf8")).toContain("11");
});

test("an output that somebody removed comes back, and so does the whole of dist", async () => {
  await build();
  rmSync(output("one"));
  await build();
  expect(outputs()).toEqual(WHOLE);
  rmSync(join(folder, "dist"), { recursive: true });
  await build();
  expect(outputs()).toEqual(WHOLE);
});

test("an error is told with its place, and the last good dist stays", async () => {
  await build();
  await source("one", "export const one: string = 1;");
  const { code, stderr } = await build();
  expect(code).not.toBe(0);
  expect(stderr).toContain("provider/one.ts(1,14): error TS2322");
  expect(readFileSync(output("one"), "utf8")).toContain("one = 1");
});

test("builds at the same time give one whole dist", async () => {
  const all = await Promise.all([build(), build(), build()]);
  expect(all.map(({ code }) => code)).toEqual([0, 0, 0]);
  expect(outputs()).toEqual(WHOLE);
});

test("a build that was killed is made up for by the next", async () => {
  for (const moment of [200, 600]) {
    rmSync(join(folder, "dist"), { recursive: true, force: true });
    // A group of its own, so that the compiler is killed too.
    const options = { detached: true, stdio: "ignore" } as const;
    const child = spawn(process.execPath, ["--input-type=module", "-e", script()], options);
    const ended = new Promise((done) => child.on("exit", done));
    await sleep(moment);
    try {
      process.kill(-(child.pid as number), "SIGKILL");
    } catch {
      // It had ended before.
    }
    await ended;
    expect((await build()).code).toBe(0);
    expect(outputs()).toEqual(WHOLE);
    for (const name of ["one", "two"])
      expect(readFileSync(output(name), "utf8")).toContain(`exports.${name}`);
  }
});

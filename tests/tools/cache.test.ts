import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { runModule, toolUrl } from "./module";

let folder: string;
let target: string;
let log: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "clevertap tools "));
  target = join(folder, "things", "thing-1");
  log = join(folder, "builds.log");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Makes the folder with a build that leaves one line in the log. */
const ensure = (during = "", first = "") =>
  runModule(`
    ${first}
    import { appendFile, writeFile } from "node:fs/promises";
    const { ensureFolder } = await import(${JSON.stringify(toolUrl("bootstrap/cache.mjs"))});
    await ensureFolder("Making a thing", ${JSON.stringify(target)}, {
      build: async (temporary) => {
        await appendFile(${JSON.stringify(log)}, "built\\n");
        ${during}
        await writeFile(temporary + "/data", "whole");
        return ["data"];
      },
    });`);

const builds = async () => (existsSync(log) ? (await readFile(log, "utf8")).split("\n").length - 1 : 0);
const leftovers = async () => (await readdir(dirname(target))).filter((name) => name.includes(".tmp-"));

test("what is complete is not made again", async () => {
  await ensure();
  const { code } = await ensure();
  expect(code).toBe(0);
  expect(await builds()).toBe(1);
  expect(await leftovers()).toEqual([]);
});

test.each([
  ["a file is gone", () => rm(join(target, "data"))],
  ["a file was cut", () => writeFile(join(target, "data"), "wh")],
  ["a file has other content of the same length", () => writeFile(join(target, "data"), "WHOLE")],
  ["the stamp is gone", () => rm(join(target, ".complete.json"))],
  ["the stamp is not JSON", () => writeFile(join(target, ".complete.json"), '{"files": [')],
])("it repairs itself when %s", async (_, harm) => {
  await ensure();
  await harm();
  expect((await ensure()).code).toBe(0);
  expect(await readFile(join(target, "data"), "utf8")).toBe("whole");
  expect(await builds()).toBe(2);
});

test("a file that was only copied is not made again", async () => {
  await ensure();
  await rm(join(target, "data"));
  await writeFile(join(target, "data"), "whole");
  await ensure();
  expect(await builds()).toBe(1);
});

test("a failed build leaves nothing, and the next one succeeds", async () => {
  const failed = await ensure('throw new Error("no network");');
  expect(failed.code).not.toBe(0);
  expect(failed.stderr).toContain("no network");
  expect(existsSync(target)).toBe(false);
  expect(await leftovers()).toEqual([]);
  expect((await ensure()).code).toBe(0);
});

test("a set-up that was killed half-way is cleaned up and taken over", async () => {
  await ensure('process.kill(process.pid, "SIGKILL");');
  expect(await leftovers()).toHaveLength(1);
  expect((await ensure()).code).toBe(0);
  expect(await readFile(join(target, "data"), "utf8")).toBe("whole");
  expect(await leftovers()).toEqual([]);
});

test("set-ups at the same time wait for one build", async () => {
  const slow = "await new Promise((resolve) => setTimeout(resolve, 300));";
  const all = await Promise.all([ensure(slow), ensure(slow), ensure(slow)]);
  expect(all.map(({ code }) => code)).toEqual([0, 0, 0]);
  expect(await builds()).toBe(1);
  expect(await leftovers()).toEqual([]);
});

test("set-ups that meet a dead one's lock at the same time still build once", async () => {
  await ensure('process.kill(process.pid, "SIGKILL");');
  const slow = "await new Promise((resolve) => setTimeout(resolve, 300));";
  const all = await Promise.all([ensure(slow), ensure(slow), ensure(slow)]);
  expect(all.map(({ code }) => code)).toEqual([0, 0, 0]);
  expect(await builds()).toBe(2);
});

test("on a Node without locks set-ups at the same time all end well, with one whole folder", async () => {
  const slow = "await new Promise((resolve) => setTimeout(resolve, 300));";
  const old = "process.getBuiltinModule = undefined;";
  const all = await Promise.all([ensure(slow, old), ensure(slow, old), ensure(slow, old)]);
  expect(all.map(({ code }) => code)).toEqual([0, 0, 0]);
  expect(await readFile(join(target, "data"), "utf8")).toBe("whole");
  expect(await leftovers()).toEqual([]);
});

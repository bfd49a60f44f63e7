import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runModule, toolUrl } from "./module";

let folder: string;
let lock: string;
let log: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "clevertap tools "));
  lock = join(folder, "locks", "thing.lock");
  log = join(folder, "log");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Holds the lock while `during` runs. */
const script = (during: string) => `
  import { appendFile } from "node:fs/promises";
  import { setTimeout as sleep } from "node:timers/promises";
  import { withLock } from ${JSON.stringify(toolUrl("lock.mjs"))};
  const say = (text) => appendFile(${JSON.stringify(log)}, text + "\\n");
  await withLock(${JSON.stringify(lock)}, async () => { ${during} }, (detail) => detail && process.stdout.write(detail));`;
const lines = async () => (await readFile(log, "utf8").catch(() => "")).split("\n").filter(Boolean);

test("one at a time: whoever comes second waits, and says so", async () => {
  const work = 'await say("in"); await sleep(300); await say("out");';
  const all = await Promise.all([1, 2, 3].map(() => runModule(script(work))));
  expect(all.map(({ code }) => code)).toEqual([0, 0, 0]);
  expect(await lines()).toEqual(["in", "out", "in", "out", "in", "out"]);
  expect(all.filter(({ stdout }) => stdout === "").length).toBeLessThan(2);
  expect(all.map(({ stderr }) => stderr)).toEqual(["", "", ""]);
});

test("a holder that fails or is killed leaves no lock behind", async () => {
  expect((await runModule(script('throw new Error("failed");'))).stderr).toContain("failed");
  const holder = execFile(process.execPath, [
    "--input-type=module",
    "-e",
    script('await say("held"); await sleep(60_000);'),
  ]);
  const ended = new Promise((done) => holder.on("exit", done));
  while ((await lines()).length === 0) await new Promise((done) => setTimeout(done, 10));
  holder.kill("SIGKILL");
  await ended;
  const { code, stdout } = await runModule(script(""));
  expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
});

test("where nothing can be locked the work is done all the same", async () => {
  await mkdir(lock, { recursive: true });
  await writeFile(join(lock, "owner.json"), "{}");
  expect((await runModule(script('await say("done");'))).code).toBe(0);
  expect(await lines()).toEqual(["done"]);
});

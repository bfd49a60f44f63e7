import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { ENGINE_PATH } from "../support/engine";

/** `npm start` in a checkout of its own, so that nobody's demo is touched. */

const ROOT = resolve(__dirname, "../..");

let checkout: string;
beforeAll(() => {
  checkout = mkdtempSync(join(tmpdir(), "wa checkout "));
  const files = ["package.json", "package-lock.json", "tsconfig.json", "Pulumi.yaml"];
  const sources = JSON.parse(readFileSync(join(ROOT, "tsconfig.json"), "utf8")).include as string[];
  // With the times of the files, or everything would be compiled again.
  for (const name of [...files, ...sources, "tools", "examples", "plugin", "dist"])
    cpSync(join(ROOT, name), join(checkout, name), { recursive: true, preserveTimestamps: true });
  symlinkSync(join(ROOT, "node_modules"), join(checkout, "node_modules"));
});
afterAll(() => rmSync(checkout, { recursive: true, force: true }));

const start = (...args: string[]) => script("start", ...args);

async function script(...args: string[]): Promise<string> {
  const command = [join(checkout, "tools/run.mjs"), ...args];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, command, {
    cwd: checkout,
    env: { ...process.env, PATH: ENGINE_PATH },
  });
  return stdout + stderr;
}

const config = async () => Object.keys(JSON.parse((await start("config", "--json")).replace(/^[^{]*/, "")));

test("what the user sets or removes in the configuration stays so", async () => {
  await start("preview");
  await start("config", "rm", "clevertap-whatsapp:kaleyraHost");
  await start("config", "set", "clevertap-whatsapp:httpEndpoint", "https://example.com/mine");
  expect(await config()).not.toContain("clevertap-whatsapp:kaleyraHost");
  expect(await start("config", "get", "clevertap-whatsapp:httpEndpoint")).toContain("example.com/mine");

  // A new sandbox is at another address: only what has changed is written, and it is said.
  for (const name of [".sandbox", ".pulumi-demo/sandbox.json"])
    rmSync(join(checkout, name), { recursive: true });
  const output = await start("config", "get", "clevertap:accountId");
  expect(output).toContain("The sandbox has changed, and with it the configuration: clevertap:endpoint, ");
  expect(output).not.toContain("clevertap:passcode");
  expect(await config()).toContain("clevertap-whatsapp:kaleyraHost");
});

test.each(["look-up", "two-accounts", "yaml"])("example %s runs by one line", async (name) => {
  expect(await script("example", name, "preview")).toMatch(/\+ \d to create/);
});

test("an example lives on: nothing changes the second time, and its configuration stays the user's", async () => {
  await script("example", "adopt-existing");
  await script("example", "adopt-existing", "preview", "--expect-no-changes");
  await script("example", "adopt-existing", "config", "rm", "sid");
  expect(await script("example", "adopt-existing", "config")).not.toMatch(/^sid/m);
});

test("an unknown example is answered with the known ones", async () => {
  await expect(script("example", "basics")).rejects.toMatchObject({
    stderr: expect.stringContaining("npm run example NAME, one of: adopt-existing, basic, "),
  });
});

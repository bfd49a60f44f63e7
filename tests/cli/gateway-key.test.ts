import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { openGateway } from "../../gateway";

const MAIN = resolve(__dirname, "../../dist/cli/main.js");
const OLD = "ab".repeat(32);
const NEW = "cd".repeat(32);

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "gateway-key-"));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

function rotate(input: string, key?: string): string {
  const { GATEWAY_KEY, ...env } = process.env;
  return execFileSync(process.execPath, [MAIN, "gateway", "rotate-key", "--data-dir", dataDir], {
    input,
    env: { ...env, ...(key !== undefined && { GATEWAY_KEY: key }) },
    encoding: "utf8",
    stdio: ["pipe", "pipe", "pipe"],
  });
}

test("rotate-key: what was encrypted opens with the new key, and with the old one no more", () => {
  const before = openGateway({ dataDir, key: OLD });
  const box = before.keys.seal("canary", "a place");
  before.close();
  expect(rotate(`${NEW}\n`, OLD)).toContain("The key is exchanged");
  expect(() => openGateway({ dataDir, key: OLD })).toThrow("not the key that the data are encrypted with");
  const after = openGateway({ dataDir, key: NEW });
  expect(after.keys.open(box, "a place")).toBe("canary");
  after.close();
});

test("rotate-key with the key in the folder: the new one takes the file's place", () => {
  openGateway({ dataDir }).close();
  const file = join(dataDir, "key");
  const before = readFileSync(file, "utf8");
  rotate(NEW);
  // The file is the owner's: until they exchange it, the gateway says what is wrong.
  expect(readFileSync(file, "utf8")).toBe(before);
  expect(() => openGateway({ dataDir })).toThrow("not the key");
  writeFileSync(file, NEW);
  expect(statSync(file).mode & 0o077).toBe(0);
  openGateway({ dataDir }).close();
});

test("rotate-key refuses a wrong present key and a new one that is none, and quotes neither", () => {
  openGateway({ dataDir, key: OLD }).close();
  expect(() => rotate(NEW, "ef".repeat(32))).toThrow("not the key that the data are encrypted with");
  expect(() => rotate("canary-of-a-key", OLD)).toThrow("The new key must be 32 bytes");
  expect(() => rotate("canary-of-a-key", OLD)).not.toThrow("canary-of-a-key");
  openGateway({ dataDir, key: OLD }).close();
});

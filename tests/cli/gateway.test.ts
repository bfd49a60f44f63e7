import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { DatabaseSync } from "node:sqlite";
import { text } from "node:stream/consumers";

/** The commands as a person runs them, each in a process of its own. */

const MAIN = resolve(__dirname, "../../dist/cli/main.js");
const PASSCODE = "passcode-of-the-tests";
const PASSWORD = "password of the tests";

let folder: string;
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), "wa-gateway-")), "data");
});
afterEach(() => rmSync(join(folder, ".."), { recursive: true, force: true }));

function start(args: readonly string[], env: Record<string, string> = {}) {
  return spawn(process.execPath, [MAIN, "gateway", ...args], { env: { ...process.env, ...env } });
}

async function run(args: readonly string[], input = "", env: Record<string, string> = {}) {
  const child = start(args, env);
  child.stdin.end(input);
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close"),
  ]);
  return { code, stdout, stderr };
}

const data = () => ["--data-dir", folder];
const DEFAULTS = [
  "--inbound",
  "https://example.com/in",
  "--delivery",
  "https://example.com/out",
  "--payload-version",
  "0.1",
];

test("from an empty folder to a running gateway that answers the account", async () => {
  const added = await run(["account", "add", "TEST-000-001Z", ...data()], `${PASSCODE}\n`);
  expect(added).toEqual({ code: 0, stdout: "The account TEST-000-001Z is set.\n", stderr: "" });
  expect((await run(["account", "defaults", "TEST-000-001Z", ...DEFAULTS, ...data()])).code).toBe(0);
  // The folder may stand first as well.
  expect((await run([...data(), "operator", "add", "meera", "--role", "admin"], PASSWORD)).stdout).toBe(
    "The admin meera is set.\n",
  );

  const child = start(data());
  const [line] = await once(createInterface({ input: child.stdout }), "line");
  const url = /^The gateway runs at (http:\/\/127\.0\.0\.1:\d+)$/.exec(String(line))?.[1];
  const headers = { "x-clevertap-account-id": "TEST-000-001Z", "x-clevertap-passcode": PASSCODE };
  const answer = await fetch(`${url}/v1/whatsapp/provider-defaults`, { headers });
  expect(await answer.json()).toEqual({
    inboundMessageCallbackUrl: "https://example.com/in",
    deliveryReportCallbackUrl: "https://example.com/out",
    payloadVersion: "0.1",
  });
  expect((await fetch(`${url}/login`)).status).toBe(200);

  // The others work beside it.
  const whole = await run(["verify-log", ...data()]);
  expect(whole.stdout).toMatch(/^The log is whole: 3 lines\. Hash of the last one: [\da-f]{64}\n$/);
  const file = join(folder, "backup.db");
  expect(await run(["backup", file, ...data()])).toMatchObject({
    code: 0,
    stdout: `The backup is in ${file}.\n`,
  });
  expect((await run(["backup", file, ...data()])).code).toBe(1);

  const closed = once(child, "exit");
  child.kill("SIGTERM");
  expect(await closed).toEqual([0, null]);
  const files = readdirSync(folder).map((name) => readFileSync(join(folder, name), "latin1"));
  for (const secret of [PASSCODE, PASSWORD]) expect(files.join()).not.toContain(secret);
  expect(existsSync(join(folder, "gateway.db-wal"))).toBe(false);
  // Its port is kept, so that addresses in a stack stay good.
  expect(readFileSync(join(folder, "port"), "utf8").trim()).toBe(new URL(String(url)).port);
});

test("verify-log: 1 for a log that was tampered with, 2 where there is none", async () => {
  await run(["account", "add", "TEST-000-001Z", ...data()], PASSCODE);
  const database = new DatabaseSync(join(folder, "gateway.db"));
  database.exec(
    "DROP TRIGGER log_is_never_changed; UPDATE log SET document = json_set(document, '$.actor', 'arun')",
  );
  database.close();
  const broken = await run(["verify-log", ...data()]);
  expect(broken).toMatchObject({ code: 1, stdout: "" });
  expect(broken.stderr).toMatch(/^The log is not whole\. Line 1: /);
  expect(await run(["verify-log", "--data-dir", join(folder, "none")])).toMatchObject({
    code: 2,
    stdout: "",
  });
  expect(existsSync(join(folder, "none"))).toBe(false);
});

test.each<[string, string[], string]>([
  ["no folder", [], "Give --data-dir DIR."],
  ["no name", ["operator", "add", "--data-dir", "x"], "Give NAME and the options below"],
  ["a word too many", ["account", "add", "A", "B", "--data-dir", "x"], "Give ID and the options below"],
  ["an unknown word", ["accounts", "--data-dir", "x"], "Only the options below are known."],
  ["a port that is none", ["--data-dir", "x", "--port", "70000"], "--port must be a number"],
  ["half a certificate", ["--data-dir", "x", "--tls-cert", "f"], "--tls-cert and --tls-key together"],
  [
    "two ways to https",
    ["--data-dir", "x", "--tls-cert", "f", "--tls-key", "f", "--behind-proxy"],
    "not both",
  ],
  [
    "a public URL with a path",
    ["--data-dir", "x", "--public-url", "https://example.com/a"],
    "without a path",
  ],
  ["days that are none", ["--data-dir", "x", "--attest-every", "0"], "a number of days"],
  [
    "a role that is none",
    ["operator", "add", "meera", "--role", "root", "--data-dir", "x"],
    "--role takes viewer, operator, admin.",
  ],
])("wrong arguments: %s: 2, with the help", async (_, args, words) => {
  const { code, stdout, stderr } = await run(args);
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr).toContain(words);
  expect(stderr).toContain("Usage: pulumi-clevertap-whatsapp gateway");
  expect(existsSync("x")).toBe(false);
});

test.each<[string, string[], Record<string, string>, string]>([
  ["an open address without https", ["--host", "0.0.0.0"], {}, "passcodes would travel in clear"],
  ["a key that is none", [], { GATEWAY_KEY: "short" }, "GATEWAY_KEY must be 32 bytes"],
  [
    "a certificate that is not there",
    ["--tls-cert", "/none", "--tls-key", "/none"],
    {},
    "--tls-cert: /none can't be read.",
  ],
  [
    "an address that is not this machine's",
    ["--host", "192.0.2.1", "--behind-proxy"],
    {},
    "can't listen on 192.0.2.1",
  ],
])("it does not start: %s: 1, with one line", async (_, args, env, words) => {
  const { code, stderr } = await run([...args, ...data()], "", env);
  expect(code).toBe(1);
  expect(stderr).toContain(words);
  expect(stderr.trim().split("\n")).toHaveLength(1);
  expect(stderr).not.toContain("    at ");
});

test("--help of each", async () => {
  for (const words of [
    [],
    ["account", "add"],
    ["account", "defaults"],
    ["operator", "add"],
    ["verify-log"],
    ["backup"],
  ]) {
    const { code, stdout } = await run([...words, "--help"]);
    expect([words, code, stdout.startsWith("Usage: ")]).toEqual([words, 0, true]);
  }
});

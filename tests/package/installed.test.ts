import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { PROVIDER_TEXT } from "../../provider/resource";
import { type Sandbox, startSandbox } from "../../sandbox";
import { isolatedEnvironment } from "../support/engine";

/** The packed tarball in projects of its own, as users install it. */

const ROOT = resolve(__dirname, "../..");
const run = promisify(execFile);

let home: string;
let tarball: string;
let packed: string[];
let sandbox: Sandbox;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), "wa package "));
  sandbox = await startSandbox();
  const { stdout } = await run("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", home], {
    cwd: ROOT,
  });
  const [pack] = Object.values(JSON.parse(stdout)) as [{ filename: string; files: { path: string }[] }];
  tarball = join(home, pack.filename);
  packed = pack.files.map(({ path }) => path);
});

afterAll(async () => {
  await sandbox.close();
  rmSync(home, { recursive: true, force: true });
});

/** A project with the package installed. */
async function project(
  name: string,
  install: [string, ...string[]],
  files: Record<string, string>,
): Promise<string> {
  const folder = join(home, name);
  mkdirSync(join(folder, "state"), { recursive: true });
  const { version } = require("@pulumi/pulumi/package.json") as { version: string };
  const dependencies = { "pulumi-clevertap-whatsapp": `file:${tarball}`, "@pulumi/pulumi": version };
  const type = name === "esm" ? "module" : "commonjs";
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name, private: true, type, dependencies }));
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
  await run(install[0], install.slice(1), { cwd: folder });
  return folder;
}

function environment(folder: string): NodeJS.ProcessEnv {
  const [account] = sandbox.accounts as [{ id: string; passcode: string }];
  return isolatedEnvironment(folder, join(folder, "state"), {
    PULUMI_AUTOMATION_API_SKIP_VERSION_CHECK: "true",
    CLEVERTAP_ENDPOINT: sandbox.endpoint,
    CLEVERTAP_ACCOUNT_ID: account.id,
    CLEVERTAP_PASSCODE: account.passcode,
  });
}

const settings = (number: string) =>
  JSON.stringify({
    nickname: "Kaleyra",
    mobileNumber: number,
    httpEndpoint: sandbox.httpEndpoint,
    kaleyraHost: sandbox.kaleyraHost,
    apiKey: sandbox.kaleyra.apiKey,
    sid: sandbox.kaleyra.sid,
  });

/** The command runs; up, no change, destroy by the CLI. */
async function lives(folder: string): Promise<void> {
  await run(join(folder, "node_modules/.bin/pulumi-clevertap-whatsapp"), ["--help"]);
  const pulumi = (...args: string[]) =>
    run("pulumi", [...args, "--non-interactive"], { cwd: folder, env: environment(folder) });
  await pulumi("stack", "init", "dev");
  await pulumi("up", "--yes", "--skip-preview");
  const { stdout } = await pulumi("stack", "export");
  expect(stdout).toContain(JSON.stringify(PROVIDER_TEXT));
  await pulumi("preview", "--expect-no-changes");
  await pulumi("destroy", "--yes", "--skip-preview");
  expect(sandbox.providers()).toEqual([]);
}

test("__provider is a constant of at most 200 bytes without version or path", () => {
  expect(Buffer.byteLength(PROVIDER_TEXT)).toBeLessThanOrEqual(200);
  expect(PROVIDER_TEXT).toMatchInlineSnapshot(
    `"exports.handler=()=>{let m=require("module"),f=b=>m.createRequire(b)("pulumi-clevertap-whatsapp/host").provider();try{return f(process.cwd()+"/_")}catch{return f(require.main.filename)}}"`,
  );
});

test("the tarball holds what is run and its types, and nothing that is only the build's", () => {
  const others = packed.filter((path) => !/^dist\/.*\.(js|d\.ts)$/.test(path));
  expect(others.filter((path) => path.startsWith("dist/"))).toEqual([]);
  expect(packed).toEqual(expect.arrayContaining(["dist/cli/main.js", "dist/provider/index.d.ts"]));
});

test("npm, an ES module program", async () => {
  const folder = await project("esm", ["npm", "install", "--no-audit", "--no-fund"], {
    "Pulumi.yaml": "name: esm\nruntime: nodejs\nmain: index.js\n",
    "index.js": `import { WhatsAppProvider } from "pulumi-clevertap-whatsapp";
export const id = new WhatsAppProvider("kaleyra", ${settings("14155550101")}).id;`,
  });
  await lives(folder);
});

test("pnpm, a CommonJS program", async () => {
  const pnpm = join(ROOT, "node_modules/pnpm/bin/pnpm.cjs");
  const folder = await project(
    "pnpm",
    [process.execPath, pnpm, "install", "--ignore-workspace", "--no-frozen-lockfile"],
    {
      "Pulumi.yaml": "name: pnpm\nruntime: nodejs\nmain: index.js\n",
      "index.js": `const { WhatsAppProvider } = require("pulumi-clevertap-whatsapp");
exports.id = new WhatsAppProvider("kaleyra", ${settings("14155550102")}).id;`,
    },
  );
  await lives(folder);
});

test("an inline program of the Automation API", async () => {
  const folder = await project("automation", ["npm", "install", "--no-audit", "--no-fund"], {
    "main.cjs": `const { LocalWorkspace } = require("@pulumi/pulumi/automation");
const { WhatsAppProvider } = require("pulumi-clevertap-whatsapp");
const program = async () => ({ inbound: new WhatsAppProvider("kaleyra", ${settings("14155550103")}).inboundMessageCallbackUrl });
(async () => {
  const stack = await LocalWorkspace.createOrSelectStack({ stackName: "dev", projectName: "inline", program }, { workDir: __dirname });
  const up = await stack.up();
  const again = await stack.preview();
  await stack.destroy();
  console.log(JSON.stringify({ inbound: up.outputs.inbound.value, changes: again.changeSummary }));
})();`,
  });
  const { stdout } = await run(process.execPath, ["main.cjs"], { cwd: folder, env: environment(folder) });
  const { inbound, changes } = JSON.parse(stdout.trim().split("\n").pop() as string);
  expect(inbound).toContain(`${sandbox.url}/callbacks/`);
  expect(Object.keys(changes)).toEqual(["same"]);
  expect(sandbox.providers()).toEqual([]);
});

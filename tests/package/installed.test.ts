import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { credentials } from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { GetSchemaRequest } from "@pulumi/pulumi/proto/provider_pb";
import { PROVIDER_TEXT } from "../../provider/program/dynamic-door";
import { type Sandbox, startSandbox } from "../../sandbox";
import { isolatedEnvironment } from "../support/engine";
import { pack } from "./tarball";

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
  ({ tarball, packed } = await pack(home));
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

/** The unpacked tarball in a project whose other packages are the repository's. */
async function unpacked(name: string): Promise<string> {
  const folder = join(home, name);
  const modules = join(folder, "node_modules");
  for (const scope of ["@pulumi", "@types", "@hono", "pulumi-clevertap-whatsapp"])
    mkdirSync(join(modules, scope), { recursive: true });
  const into = join(modules, "pulumi-clevertap-whatsapp");
  await run("tar", ["xzf", tarball, "--strip-components", "1", "-C", into]);
  const others = [
    "@pulumi/pulumi",
    "@types/node",
    "zod",
    "undici",
    "fastest-levenshtein",
    "hono",
    "@hono/node-server",
  ];
  for (const other of others) symlinkSync(join(ROOT, "node_modules", other), join(modules, other));
  return folder;
}

const ENTRIES = ["", "/host", "/plugin", "/sandbox", "/audit"];

describe("types", () => {
  // Each error that is expected proves that a type was found: what is not found has the type any.
  const program = `import { WhatsAppProvider } from "pulumi-clevertap-whatsapp";
import { provider } from "pulumi-clevertap-whatsapp/host";
import { Provider } from "pulumi-clevertap-whatsapp/plugin";
import { type Sandbox, startSandbox } from "pulumi-clevertap-whatsapp/sandbox";
import { auditDiff, type Report } from "pulumi-clevertap-whatsapp/audit";
// @ts-expect-error
auditDiff("a", "b").then((report: Report): string => report.version);
// @ts-expect-error
new WhatsAppProvider("kaleyra", { nickname: 5 });
// @ts-expect-error
provider().nothing;
// @ts-expect-error
new Provider("mine", { accountId: 5 });
// @ts-expect-error
startSandbox().then((sandbox: Sandbox): number => sandbox.url);
`;
  let folder: string;
  beforeAll(async () => {
    folder = await unpacked("types");
    writeFileSync(join(folder, "main.ts"), program);
  });

  test.each([
    ["node10", "commonjs", ["--ignoreDeprecations", "6.0"]],
    ["node16", "node16", []],
    ["bundler", "esnext", []],
  ])("are found with moduleResolution %s", async (resolution, module, more) => {
    const args = ["--module", module, "--moduleResolution", resolution, ...more];
    const tsc = join(ROOT, "node_modules/typescript/bin/tsc");
    const command = [
      tsc,
      "main.ts",
      "--noEmit",
      "--strict",
      "--target",
      "es2022",
      "--types",
      "node",
      ...args,
    ];
    const { stdout } = await run(process.execPath, command, { cwd: folder }).catch((error) => error);
    expect(stdout).toBe("");
  });
});

test("every entry gives the same names to require and to import", async () => {
  const script = `(async () => {
    for (const entry of ${JSON.stringify(ENTRIES)}) {
      const name = "pulumi-clevertap-whatsapp" + entry;
      const imported = Object.keys(await import(name)).filter((key) => !/^(default|module.exports|__esModule)$/.test(key));
      console.log(JSON.stringify([entry, imported.sort(), Object.keys(require(name)).sort()]));
    }
    process.exit();
  })()`;
  const { stdout } = await run(process.execPath, ["-e", script], { cwd: await unpacked("entries") });
  const lines = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(lines.map(([entry]) => entry)).toEqual(ENTRIES);
  for (const [, imported, required] of lines) {
    expect(imported).toEqual(required);
    expect(imported.length).toBeGreaterThan(0);
  }
});

test("the sandbox brings the files of its pages", async () => {
  const script = `(async () => {
    const sandbox = await require("pulumi-clevertap-whatsapp/sandbox").startSandbox();
    const page = await fetch(sandbox.url).then((answer) => answer.text());
    for (const [, file] of page.matchAll(/(?:href|src)="(\\/assets\\/[^"]+)"/g))
      console.log(file, (await fetch(sandbox.url + file)).status);
    await sandbox.close();
  })()`;
  const { stdout } = await run(process.execPath, ["-e", script], { cwd: await unpacked("pages") });
  expect(stdout.trim().split("\n")).toEqual([
    "/assets/icon.svg 200",
    "/assets/style.css 200",
    "/assets/page.js 200",
  ]);
});

test("audits work on the samples that it brings, pages included; and the policy pack is there", async () => {
  const folder = join(await unpacked("audit"), "node_modules/pulumi-clevertap-whatsapp");
  const args = ["diff", "last-quarter.json", "backend/.pulumi/stacks/shop/prod.json", "--format", "html"];
  const { stdout } = await run(process.execPath, [join(folder, "dist/cli/main.js"), "audit", ...args], {
    cwd: join(folder, "examples/audit"),
  });
  expect(stdout).toContain("Arun Nair, pull request 42");
  expect(existsSync(join(folder, "policy/PulumiPolicy.yaml"))).toBe(true);
  const { main } = JSON.parse(readFileSync(join(folder, "policy/package.json"), "utf8"));
  expect(existsSync(join(folder, "policy", main))).toBe(true);
});

test("every link in a shipped document leads to something that is shipped", async () => {
  const folder = join(await unpacked("documents"), "node_modules/pulumi-clevertap-whatsapp");
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(".md"),
  );
  expect(names).toEqual(expect.arrayContaining(["README.md", "SECURITY.md", "docs/doors.md"]));
  const broken = names.flatMap((name) =>
    [...readFileSync(join(folder, name), "utf8").matchAll(/\]\(([^)#]+)/g)]
      .map(([, link = ""]) => link)
      .filter((link) => !/^https:/.test(link) && !existsSync(join(folder, name, "..", link)))
      .map((link) => `${name}: ${link}`),
  );
  expect(broken).toEqual([]);
});

describe("the plugin's folder", () => {
  test("is a plugin to the CLI as far as the language host goes", async () => {
    const folder = await unpacked("plugin folder");
    mkdirSync(join(folder, "state"));
    writeFileSync(join(folder, "Pulumi.yaml"), "name: folder\nruntime: nodejs\n");
    const before = readdirSync(folder);
    const args = ["package", "get-schema", "./node_modules/pulumi-clevertap-whatsapp/plugin"];
    // With the user's own home: npm installs from where the user's settings say.
    const env = { ...process.env, ...environment(folder), HOME: process.env.HOME };
    const { stdout, stderr } = await run("pulumi", args, { cwd: folder, env }).catch(
      (error: { stdout: string; stderr: string }) => error,
    );
    expect(stderr).toContain("Finished installing dependencies");
    // The host that this project builds is too old to run a plugin; a newer one prints the schema.
    if (!stderr.includes("not supported")) expect(JSON.parse(stdout).name).toBe("clevertap");
    expect(readdirSync(folder).filter((name) => name !== ".home")).toEqual(before);
  });

  test("gives the schema when the SDK runs it, as a newer host has it do", async () => {
    const folder = await unpacked("run plugin");
    const runner = join(folder, "node_modules/@pulumi/pulumi/cmd/run-plugin/index.js");
    const plugin = join(folder, "node_modules/pulumi-clevertap-whatsapp/plugin");
    const child = spawn(process.execPath, [runner, plugin, "127.0.0.1:1"], { cwd: folder });
    try {
      const [port] = await once(child.stdout, "data");
      const client = new ResourceProviderClient(
        `127.0.0.1:${String(port).trim()}`,
        credentials.createInsecure(),
      );
      const schema = await new Promise<string>((done, fail) => {
        client.getSchema(new GetSchemaRequest(), (error, answer) =>
          error ? fail(error) : done(answer?.getSchema() ?? ""),
        );
      });
      expect(JSON.parse(schema).name).toBe("clevertap");
      client.close();
    } finally {
      child.kill();
    }
  });

  test("installs what the package itself needs, in the same version", () => {
    const read = (file: string) => JSON.parse(readFileSync(join(ROOT, file), "utf8")).dependencies;
    expect(read("package.json")).toMatchObject(read("plugin/package.json"));
  });
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

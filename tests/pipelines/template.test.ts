import { execFile, execFileSync } from "node:child_process";
import {
  cpSync,
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
import { isolatedEnvironment } from "../support/engine";
import { serveGit } from "./git-server";

/** `pulumi new` with the template, from a folder and from a git repository, and the test that comes with it. */

const ROOT = resolve(__dirname, "../..");
const run = promisify(execFile);
let home: string;
let environment: Record<string, string>;

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), "wa template "));
  mkdirSync(join(home, "state"));
  environment = isolatedEnvironment(home, join(home, "state"), {
    PULUMI_AUTOMATION_API_SKIP_VERSION_CHECK: "true",
    // Its types are checked with those of the examples.
    PULUMI_NODEJS_TRANSPILE_ONLY: "true",
  });
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

async function generate(from: string, into: string, env: Record<string, string> = {}): Promise<string> {
  const args = ["new", from, "--yes", "--generate-only", "--name", "numbers", "--dir", into];
  await run("pulumi", args, { cwd: home, env: { ...environment, ...env } });
  return join(home, into);
}

/** What a folder holds, by path. */
function contents(folder: string): Record<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const paths = entries.map((entry) => join(entry.parentPath, entry.name));
  // `pulumi new` notes where the template came from.
  const text = (path: string) => readFileSync(path, "utf8").replace(/^ *pulumi:template: .*$/m, "");
  return Object.fromEntries(paths.map((path) => [path.slice(folder.length), text(path)]));
}

test("from a folder: everything is there, under the project's name, and its own test passes on the sandbox", async () => {
  const folder = await generate(join(ROOT, "template"), "from folder");
  expect(Object.keys(contents(folder))).toEqual(Object.keys(contents(join(ROOT, "template"))));
  const { name, dependencies } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  expect(name).toBe("numbers");
  const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  expect(dependencies["pulumi-clevertap-whatsapp"]).toBe(`^${version}`);

  const modules = join(folder, "node_modules");
  mkdirSync(join(modules, "@pulumi"), { recursive: true });
  symlinkSync(ROOT, join(modules, "pulumi-clevertap-whatsapp"));
  symlinkSync(join(ROOT, "node_modules/@pulumi/pulumi"), join(modules, "@pulumi/pulumi"));
  const before = Object.keys(contents(folder));
  const { stdout } = await run("npm", ["test"], { cwd: folder, env: environment }).catch((error) => error);
  expect(stdout).toMatch(/pass 1\b.*fail 0\b/s);
  expect(Object.keys(contents(folder))).toEqual(before);
});

test("from a git repository: the same", async () => {
  const repositories = join(home, "repositories");
  const work = join(repositories, "product");
  cpSync(join(ROOT, "template"), join(work, "template"), { recursive: true });
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=Test", "-c", "user.email=test@example.com", ...args], {
      cwd: work,
    });
  git("init", "--quiet", "--initial-branch=main");
  git("add", "--all");
  git("commit", "--quiet", "--message", "Template");
  git("clone", "--quiet", "--bare", work, join(repositories, "product.git"));
  const server = await serveGit(repositories);
  try {
    const certificate = join(home, "certificate.pem");
    writeFileSync(certificate, server.certificate);
    const url = `${server.url}/product.git/template`;
    const folder = await generate(url, "from git", { SSL_CERT_FILE: certificate });
    const other = await generate(join(ROOT, "template"), "again");
    expect(contents(folder)).toEqual(contents(other));
  } finally {
    server.close();
  }
});

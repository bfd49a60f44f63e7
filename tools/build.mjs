import { createHash, randomUUID } from "node:crypto";
import { chmod, copyFile, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, extname, join, relative } from "node:path";
import { withLock } from "./cache.mjs";
import { capture, tail } from "./execute.mjs";
import { demoFolder } from "./paths.mjs";
import { SetupProblem } from "./problem.mjs";
import { stage } from "./progress.mjs";

const sources = ["contract", "provider", "server", "sandbox", "cli"];
/** Files beside the sources that the program reads at run time. */
const assets = new Set([".html", ".css", ".js", ".svg", ".json", ".sql"]);

async function filesUnder(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

async function digest(folder, files) {
  const hash = createHash("sha256");
  for (const file of files) {
    hash.update(`${relative(folder, file)}\0`);
    hash.update(await readFile(file).catch(() => "missing"));
    hash.update("\0");
  }
  return hash.digest("hex");
}

async function sourceFiles(folder) {
  const lists = await Promise.all(sources.map((name) => filesUnder(join(folder, name))));
  return [
    ...lists.flat(),
    ...["tsconfig.json", "package.json", "package-lock.json"].map((name) => join(folder, name)),
  ];
}

/**
 * Compiles the package into `dist` when the sources or `dist` itself are not what the last build saw.
 *
 * @param {string} folder the project's folder
 */
export async function build(folder) {
  const dist = join(folder, "dist");
  // Not inside dist: that is published.
  const stamp = join(folder, "node_modules", ".cache", "pulumi-clevertap-whatsapp", "build.json");
  const upToDate = async () => {
    const last = await readFile(stamp, "utf8").then(JSON.parse, () => undefined);
    return (
      last?.sources === (await digest(folder, await sourceFiles(folder))) &&
      last.dist === (await digest(dist, await filesUnder(dist)))
    );
  };
  if (await upToDate()) return;
  await stage("Compiling", (detail) =>
    withLock(
      join(demoFolder, "locks", "build"),
      async () => {
        if (await upToDate()) return;
        const files = await sourceFiles(folder);
        const before = await digest(folder, files);
        await removeLeftovers();
        const temporary = join(demoFolder, `build-${randomUUID().slice(0, 8)}`);
        try {
          const compiler = join(folder, "node_modules", "typescript", "bin", "tsc");
          const args = [
            compiler,
            "-p",
            folder,
            "--outDir",
            temporary,
            "--noEmitOnError",
            "--pretty",
            "false",
          ];
          const result = await capture(process.execPath, args, { cwd: folder });
          if (result.code !== 0) throw new SetupProblem(`The compiler found errors:\n${tail(result, 40)}`);
          for (const file of files.filter((x) => assets.has(extname(x)) && dirname(x) !== folder)) {
            const target = join(temporary, relative(folder, file));
            await mkdir(dirname(target), { recursive: true });
            await copyFile(file, target);
          }
          await chmod(join(temporary, "cli", "main.js"), 0o755).catch(() => {});
          await swap(temporary, dist);
          await mkdir(dirname(stamp), { recursive: true });
          await writeFile(
            stamp,
            JSON.stringify({ sources: before, dist: await digest(dist, await filesUnder(dist)) }),
          );
        } finally {
          await rm(temporary, { recursive: true, force: true });
        }
      },
      detail,
    ),
  );
}

/** Under the lock nobody else builds, so what is there belongs to a killed build. */
async function removeLeftovers() {
  for (const name of await readdir(demoFolder)) {
    if (name.startsWith("build-")) await rm(join(demoFolder, name), { recursive: true, force: true });
  }
}

/** Two renames instead of removing first: a program that starts meanwhile misses the folder for a moment only. */
async function swap(fresh, target) {
  const old = `${fresh}-old`;
  await rename(target, old).catch((error) => {
    if (error.code !== "ENOENT") throw error;
  });
  await rename(fresh, target);
  await rm(old, { recursive: true, force: true });
}

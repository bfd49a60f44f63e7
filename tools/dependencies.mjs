import { existsSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { withLock } from "./cache.mjs";
import { npm } from "./npm.mjs";
import { demoFolder } from "./paths.mjs";
import { SetupProblem } from "./problem.mjs";
import { stage } from "./progress.mjs";

const read = async (path) => JSON.parse(await readFile(path, "utf8"));

/**
 * True when `node_modules` holds what the lockfile says. npm writes its own record of an installation last, so
 * a killed installation has none; a package whose folder went away is looked for, too.
 *
 * @param {string} folder the project's folder
 */
export async function dependenciesInstalled(folder) {
  let locked;
  let installed;
  try {
    locked = (await read(join(folder, "package-lock.json"))).packages;
    installed = (await read(join(folder, "node_modules", ".package-lock.json"))).packages;
  } catch {
    return false;
  }
  for (const [path, entry] of Object.entries(locked)) {
    if (path === "" || entry.link) continue;
    const found = installed[path];
    if (!found) {
      // Another platform's binary, or an optional peer that npm left out.
      if (entry.optional || entry.devOptional || entry.peer) continue;
      return false;
    }
    if (found.version !== entry.version) return false;
    if (!existsSync(join(folder, path, "package.json"))) return false;
  }
  return true;
}

/** Installs the dependencies of the lockfile when they are missing, broken or of another lockfile. */
export async function installDependencies(folder) {
  if (await dependenciesInstalled(folder)) return;
  await stage("Installing the dependencies", (detail) =>
    withLock(
      join(demoFolder, "locks", "dependencies"),
      async () => {
        if (await dependenciesInstalled(folder)) return;
        // Not `npm ci`: it refuses a lockfile that lacks the optional binaries of other platforms. Without node_modules
        // and with --no-save, `npm install` gives the lockfile's versions just as well and leaves the lockfile alone.
        await rm(join(folder, "node_modules"), { recursive: true, force: true });
        // Development dependencies are needed (compiler, test runner), whatever NODE_ENV says; no package needs its
        // install script.
        const problem = await npm(["install", "--no-save", "--include=dev"], folder);
        if (problem) throw new SetupProblem(`npm install failed in ${folder}:\n${problem}`);
        if (!(await dependenciesInstalled(folder))) {
          throw new SetupProblem(
            `npm install ended well, but ${join(folder, "node_modules")} is not what package-lock.json says. Is package-lock.json older than package.json?`,
          );
        }
      },
      detail,
    ),
  );
}

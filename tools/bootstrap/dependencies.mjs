import { existsSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { withLock } from "../lock.mjs";
import { demoFolder } from "../paths.mjs";
import { stage } from "../progress.mjs";
import { SetupProblem } from "../setup-problem.mjs";
import { npm } from "./npm.mjs";

/**
 * True when `node_modules` holds what the lockfile says. npm writes its own record of an installation last, so
 * a killed installation has none; a package whose folder went away is looked for, too.
 *
 * @param {string} folder the project's folder
 */
export async function dependenciesInstalled(folder) {
  const packages = (...path) =>
    readFile(join(folder, ...path), "utf8").then(
      (text) => JSON.parse(text).packages,
      () => undefined,
    );
  const locked = await packages("package-lock.json");
  const installed = await packages("node_modules", ".package-lock.json");
  if (!locked || !installed) return false;
  return Object.entries(locked).every(([path, entry]) => {
    if (path === "" || entry.link) return true;
    const found = installed[path];
    // Another platform's binary, or an optional peer that npm left out.
    if (!found) return entry.optional || entry.devOptional || entry.peer;
    return found.version === entry.version && existsSync(join(folder, path, "package.json"));
  });
}

/** Installs the dependencies of the lockfile when they are missing, broken or of another lockfile. */
export async function installDependencies(folder) {
  if (await dependenciesInstalled(folder)) return;
  const install = async () => {
    if (await dependenciesInstalled(folder)) return;
    const modules = join(folder, "node_modules");
    // Not `npm ci`: it refuses a lockfile that lacks the optional binaries of other platforms. Without node_modules
    // and with --no-save, `npm install` gives the lockfile's versions just as well and leaves the lockfile alone.
    await rm(modules, { recursive: true, force: true });
    // Development dependencies are needed (compiler, test runner), whatever NODE_ENV says; no package needs its
    // install script.
    const problem = await npm(["install", "--no-save", "--include=dev"], folder);
    if (problem) throw new SetupProblem(`npm install failed in ${folder}:\n${problem}`);
    if (!(await dependenciesInstalled(folder)))
      throw new SetupProblem(
        `npm install ended well, but ${modules} is not what package-lock.json says. Is package-lock.json older than package.json?`,
      );
  };
  await stage("Installing the dependencies", (detail) =>
    withLock(join(demoFolder, "locks", "dependencies.lock"), install, detail),
  );
}

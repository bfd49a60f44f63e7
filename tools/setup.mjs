import { mkdir } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { cacheRoot } from "./bootstrap/cache.mjs";
import { installDependencies } from "./bootstrap/dependencies.mjs";
import { engine } from "./bootstrap/engine.mjs";
import { build } from "./build.mjs";
import { repository } from "./paths.mjs";

/** Dependencies and `dist`. Needs a Node that is new enough: see requireNode. */
export async function setUpPackage() {
  await installDependencies(repository);
  await build(repository);
}

/**
 * Everything for running the engine.
 *
 * @param {{yaml?: boolean}} [options] yaml: with the language host for YAML programs
 * @returns {Promise<{version: string, path: string, compileCache: string}>} path: the PATH with Node and the engine first
 */
export async function setUpEngine(options) {
  await installDependencies(repository);
  const { version, folders } = await engine(options);
  const compileCache = join(await cacheRoot(), "compile-cache");
  await mkdir(compileCache, { recursive: true });
  // requireNode has put Node's folder first; a `node` beside the engine must not win over it.
  const [node, ...rest] = (process.env.PATH ?? "").split(delimiter);
  const path = [node, ...folders, ...rest.filter((folder) => !folders.includes(folder))].join(delimiter);
  return { version, path, compileCache };
}

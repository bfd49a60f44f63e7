import { existsSync, globSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { capture, tail } from "./execute.mjs";
import { withLock } from "./lock.mjs";
import { stage } from "./progress.mjs";
import { SetupProblem } from "./setup-problem.mjs";

/**
 * Compiles the package into `dist` by the compiler's own build, which does nothing when nothing has changed.
 *
 * @param {string} folder the project's folder
 */
export async function build(folder) {
  const dist = join(folder, "dist");
  const compiler = join(folder, "node_modules", "typescript", "bin", "tsc");
  const work = async () => {
    const { include: sources } = JSON.parse(readFileSync(join(folder, "tsconfig.json"), "utf8"));
    // The compiler looks neither for an output that somebody removed nor for one whose source is gone.
    const wanted = globSync(
      sources.map((name) => `${name}/**/*.{ts,tsx}`),
      { cwd: folder },
    ).flatMap((file) => [file.replace(/tsx?$/, "js"), file.replace(/tsx?$/, "d.ts")]);
    for (const file of globSync(
      sources.map((name) => `${name}/**/*.{js,d.ts}`),
      { cwd: dist },
    ))
      if (!wanted.includes(file)) rmSync(join(dist, file));
    const force = wanted.every((file) => existsSync(join(dist, file))) ? [] : ["--force"];
    const args = [compiler, "-b", folder, "--pretty", "false", ...force];
    const result = await capture(process.execPath, args, { cwd: folder });
    if (result.code !== 0) throw new SetupProblem(`The compiler found errors:\n${tail(result, 40)}`);
  };
  await stage("Compiling", (detail) =>
    withLock(join(folder, ".pulumi-demo", "locks", "build.lock"), work, detail),
  );
}

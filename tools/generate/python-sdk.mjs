/**
 * `node tools/generate/python-sdk.mjs FOLDER`: writes the package `pulumi_clevertap` for Python programs, from
 * plugin/schema.json. FOLDER is replaced. Builds the generator first, once: see docs/doors.md, "Python".
 */
import { mkdir, readdir, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { goComponents } from "../bootstrap/go.mjs";
import { capture, tail } from "../execute.mjs";
import { repository } from "../paths.mjs";
import { SetupProblem } from "../setup-problem.mjs";

/** Writes the SDK into `folder`, which must be empty, missing, or an earlier SDK. */
export async function generatePythonSdk(folder) {
  const found = await readdir(folder).catch(() => []);
  if (found.length > 0 && !found.includes("pulumi_clevertap"))
    throw new SetupProblem(`${folder} holds something else than a generated SDK; name an empty folder.`);
  const generator = join(await goComponents("python-sdk"), "python-sdk");
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const result = await capture(generator, [join(repository, "plugin", "schema.json"), folder]);
  if (result.code !== 0) throw new SetupProblem(tail(result));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const [folder] = process.argv.slice(2);
  try {
    if (!folder) throw new SetupProblem("usage: node tools/generate/python-sdk.mjs FOLDER");
    await generatePythonSdk(resolve(folder));
  } catch (error) {
    if (!(error instanceof SetupProblem)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}

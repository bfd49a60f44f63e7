/** What checks the pipeline files of the template, brought into the cache once. */
import { join } from "node:path";
import { cacheRoot, ensureFolder } from "./bootstrap/cache.mjs";
import { goComponents } from "./bootstrap/go.mjs";
import { capture, tail, which } from "./execute.mjs";
import { SetupProblem } from "./setup-problem.mjs";

/** PyPI's package of JSON schemas, GitLab's published one among them. */
const SCHEMAS = { package: "check-jsonschema", version: "0.39.0" };
const SCHEMA = join("check_jsonschema", "builtin_schemas", "vendor", "gitlab-ci.json");

/** @returns {Promise<string>} the program that checks GitHub's workflows */
export const actionlint = async () => join(await goComponents("actionlint"), "actionlint");

/** @returns {Promise<string>} the file with the schema of GitLab's pipeline files */
export async function gitlabSchema() {
  const python = which("python3") ?? which("python");
  if (!python) throw new SetupProblem("GitLab's schema comes by pip: install python3 with pip.");
  const folder = join(await cacheRoot(), "gitlab-schema", SCHEMAS.version);
  await ensureFolder("Getting GitLab's schema", folder, {
    build: async (temporary) => {
      const args = ["-m", "pip", "install", "--quiet", "--no-deps", "--no-compile", "--target", temporary];
      const wanted = `${SCHEMAS.package}==${SCHEMAS.version}`;
      const result = await capture(python, [...args, wanted], { limitMs: 5 * 60_000 });
      if (result.code !== 0) throw new SetupProblem(tail(result, 3));
      return [SCHEMA];
    },
  });
  return join(folder, SCHEMA);
}

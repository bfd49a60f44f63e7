import { existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { attach } from "./execute.mjs";
import { demoFolder, repository } from "./paths.mjs";
import { elapsed, note } from "./progress.mjs";
import { setUpEngine, setUpPackage } from "./setup.mjs";

const tool = (...parts) => join(repository, "node_modules", ...parts);

/** Format, lint, types of the tests, the contract's file. */
function checks() {
  const openapi = join("contract", "openapi.yaml");
  return [
    {
      name: "format and lint",
      args: [tool("@biomejs", "biome", "bin", "biome"), "check", "--error-on-warnings"],
    },
    { name: "types of the tests", args: [tool("typescript", "bin", "tsc"), "-p", "tests", "--noEmit"] },
    { name: "types of the examples", args: [tool("typescript", "bin", "tsc"), "-p", "examples", "--noEmit"] },
    ...(existsSync(join(repository, openapi))
      ? [{ name: "openapi.yaml", args: [tool("@redocly", "cli", "bin", "cli.js"), "lint", openapi] }]
      : []),
  ];
}

/** @returns {Promise<number>} exit code of Biome */
export async function lint(args) {
  const [{ args: check }] = checks();
  return attach(process.execPath, [...check, ...args], { cwd: repository });
}

/** Sets everything up and returns the environment that tells Jest where the engine is. */
export async function setUpJest() {
  await setUpPackage();
  const { path, version } = await setUpEngine({ yaml: true });
  const env = {
    ...process.env,
    PATH: path,
    CLEVERTAP_TEST_ENGINE_PATH: path,
    REDOCLY_TELEMETRY: "off",
    REDOCLY_SUPPRESS_UPDATE_NOTICE: "true",
  };
  return { env, version };
}

/**
 * `npm test`: set-up, the checks, then Jest with the arguments passed on. Leaves one line of numbers for `.ci/run`.
 *
 * @param {string[]} args Jest's
 * @returns {Promise<number>} 0 when everything passed
 */
export async function test(args) {
  const began = Date.now();
  const summaryFile = join(demoFolder, "test-summary.txt");
  const resultsFile = join(demoFolder, "test-results.json");
  await mkdir(demoFolder, { recursive: true });
  await rm(summaryFile, { force: true });
  await rm(resultsFile, { force: true });
  const { env } = await setUpJest();
  const failed = [];
  let passedChecks = 0;
  for (const { name, args: check } of checks()) {
    note(`> ${name}`);
    if ((await attach(process.execPath, check, { cwd: repository, env })) === 0) passedChecks += 1;
    else failed.push(name);
  }
  note("> jest");
  const jest = [tool("jest", "bin", "jest.js"), "--json", `--outputFile=${resultsFile}`, ...args];
  if ((await attach(process.execPath, jest, { cwd: repository, env })) !== 0) failed.push("jest");

  const results = await readFile(resultsFile, "utf8").then(JSON.parse, () => undefined);
  const passed = (results?.numPassedTests ?? 0) + passedChecks;
  const skipped = (results?.numPendingTests ?? 0) + (results?.numTodoTests ?? 0);
  const failures =
    (results?.numFailedTests ?? 0) +
    (results?.numRuntimeErrorTestSuites ?? 0) +
    failed.filter((name) => name !== "jest").length;
  const counted = Math.max(failures, failed.length);
  await writeFile(
    summaryFile,
    `${passed} passed, ${counted} failed${skipped ? `, ${skipped} skipped` : ""}\n`,
  );
  const time = elapsed(Date.now() - began);
  note(
    failed.length
      ? `npm test failed after ${time}: ${failed.join(", ")}`
      : `npm test: everything passed in ${time}`,
  );
  return failed.length ? 1 : 0;
}

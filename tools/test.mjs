import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join, relative } from "node:path";
import { attach, capture, tail } from "./execute.mjs";
import { demoFolder, repository } from "./paths.mjs";
import { elapsed, note } from "./progress.mjs";
import { setUpEngine, setUpPackage } from "./setup.mjs";
import { SetupProblem } from "./setup-problem.mjs";

const tool = (...parts) => join(repository, "node_modules", ...parts);
const compiler = tool("typescript", "bin", "tsc");
const jest = tool("jest", "bin", "jest.js");
/** A test that runs the engine gets it from here: so these tests can be told from the others. */
const engineSupport = join("tests", "support", "engine.ts");

const { exports } = createRequire(import.meta.url)("../package.json");
const biome = [tool("@biomejs", "biome", "bin", "biome"), "check", "--error-on-warnings"];
const checks = {
  "format and lint": biome,
  "types of the tests": [compiler, "-p", "tests", "--noEmit"],
  "types of the examples": [compiler, "-p", "examples", "--noEmit"],
  "openapi.yaml": [tool("@redocly", "cli", "bin", "cli.js"), "lint", exports["./openapi.yaml"]],
};

const run = (args, env) => attach(process.execPath, args, { cwd: repository, env });

/** @returns {Promise<number>} exit code of Biome */
export const lint = (args) => run([...biome, ...args]);

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

/** The files that Jest would run. */
async function listTests(...args) {
  const options = { cwd: repository };
  const result = await capture(process.execPath, [jest, "--listTests", "--json", ...args], options);
  if (result.code !== 0) throw new SetupProblem(tail(result));
  return JSON.parse(result.stdout);
}

/** A test that opens a page in a browser gets it from here. */
const browserSupport = join("tests", "support", "browser.ts");

/** The files that need the engine. */
export const engineTests = () => listTests("--findRelatedTests", engineSupport);

/**
 * `npm test`: set-up, the checks, then Jest with the options passed on. Leaves one line of numbers for `.ci/run`.
 * `npm test -- NAME`: the files whose path contains the name, with the engine where one of them needs it, and no checks.
 *
 * @param {string[]} args Jest's
 * @returns {Promise<number>} 0 when everything passed
 */
export async function test(args) {
  const isNamed = args.length > 0 && !args[0].startsWith("-");
  return isNamed ? testSome(args) : testAll(args);
}

async function testSome(args) {
  await setUpPackage();
  const chosen = await listTests(...args);
  const needEngine = (await engineTests()).some((file) => chosen.includes(file));
  const env = needEngine ? (await setUpJest()).env : process.env;
  const files = `${chosen.length} ${chosen.length === 1 ? "file" : "files"} of tests`;
  note(
    `> ${files}, ${needEngine ? "with" : "without"} the engine; format, types and openapi.yaml are not checked`,
  );
  return run([jest, ...args], env);
}

/**
 * `npm run test:fast`: the tests that need neither the engine nor a browser, without those of tests/reliability, which repeat
 * each promise many times.
 *
 * @param {string[]} args Jest's options
 * @returns {Promise<number>} 0 when everything passed
 */
export async function testFast(args) {
  await setUpPackage();
  const slow = await listTests("--findRelatedTests", engineSupport, browserSupport);
  note(
    `> all tests but tests/reliability and the ${slow.length} files that need the engine or a browser; format, types and openapi.yaml are not checked`,
  );
  const ignored = [...slow.map((file) => `${relative(repository, file)}$`), "tests/reliability/"].map(
    (path) => `--testPathIgnorePatterns=/${path}`,
  );
  // One that slips through finds no engine, on no machine.
  return run([jest, ...args, ...ignored], { ...process.env, CLEVERTAP_TEST_ENGINE_PATH: "" });
}

async function testAll(args) {
  const began = Date.now();
  const summaryFile = join(demoFolder, "test-summary.txt");
  const resultsFile = join(demoFolder, "test-results.json");
  await mkdir(demoFolder, { recursive: true });
  await rm(summaryFile, { force: true });
  await rm(resultsFile, { force: true });
  const { env } = await setUpJest();
  const failed = [];
  for (const [name, check] of Object.entries(checks)) {
    note(`> ${name}`);
    if ((await run(check, env)) !== 0) failed.push(name);
  }
  const failedChecks = failed.length;
  note("> jest");
  if ((await run([jest, "--json", `--outputFile=${resultsFile}`, ...args], env)) !== 0) failed.push("jest");

  const results = await readFile(resultsFile, "utf8").then(JSON.parse, () => ({}));
  const {
    numPassedTests = 0,
    numFailedTests = 0,
    numRuntimeErrorTestSuites = 0,
    numPendingTests = 0,
    numTodoTests = 0,
  } = results;
  const passed = numPassedTests + Object.keys(checks).length - failedChecks;
  const skipped = numPendingTests + numTodoTests;
  const failures = Math.max(numFailedTests + numRuntimeErrorTestSuites + failedChecks, failed.length);
  const numbers = `${passed} passed, ${failures} failed${skipped ? `, ${skipped} skipped` : ""}`;
  await writeFile(summaryFile, `${numbers}\n`);
  const time = elapsed(Date.now() - began);
  const verdict =
    failed.length > 0 ? ` failed after ${time}: ${failed.join(", ")}` : `: everything passed in ${time}`;
  note(`npm test${verdict}`);
  return failed.length > 0 ? 1 : 0;
}

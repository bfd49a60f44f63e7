import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { attach } from "./execute.mjs";
import { demoFolder, repository } from "./paths.mjs";
import { elapsed, note } from "./progress.mjs";
import { setUpJest } from "./test.mjs";

const BEGIN = "<!-- figures: written by npm run test:long -->";
const END = "<!-- end of figures -->";
/** What may be set to run less, or more, than the long set. */
const VARIABLES = [
  "CLEVERTAP_TEST_KILLS",
  "CLEVERTAP_TEST_SEQUENCES",
  "CLEVERTAP_TEST_ENGINE_SEQUENCES",
  "CLEVERTAP_TEST_INPUTS",
  "CLEVERTAP_TEST_UNKNOWNS",
  "CLEVERTAP_TEST_SEED",
];

/** One row for each figure; a figure that several tests report is added up. */
function table(lines) {
  const rows = new Map();
  for (const { figure, passed, total } of lines) {
    const row = rows.get(figure) ?? { passed: 0, total: 0 };
    rows.set(figure, { passed: row.passed + passed, total: row.total + total });
  }
  const body = [...rows].sort(([a], [b]) => (a < b ? -1 : 1));
  return [
    "| what | passed | of |",
    "|---|---:|---:|",
    ...body.map(([figure, { passed, total }]) => `| ${figure} | ${passed} | ${total} |`),
  ].join("\n");
}

/**
 * `npm run test:long`: the reliability tests with the long set's numbers, and their figures into docs/reliability.md; and
 * the tests that only the long set has.
 *
 * @param {string[]} args Jest's
 * @returns {Promise<number>} 0 when everything passed
 */
export async function testLong(args) {
  const began = Date.now();
  await mkdir(demoFolder, { recursive: true });
  const figures = join(demoFolder, "figures.jsonl");
  const results = join(demoFolder, "test-long-results.json");
  await rm(figures, { force: true });
  await rm(results, { force: true });
  const { env: engine, version } = await setUpJest();
  const env = {
    ...engine,
    CLEVERTAP_TEST_LONG: "1",
    CLEVERTAP_TEST_FIGURES: figures,
  };
  const jest = join(repository, "node_modules", "jest", "bin", "jest.js");
  const options = ["tests/reliability", "tests/long", "--json", `--outputFile=${results}`, ...args];
  const code = await attach(process.execPath, [jest, ...options], { cwd: repository, env });

  await publish({ figures, results, args, version, duration: Date.now() - began });
  return code;
}

/**
 * Writes the figures of a run into docs/reliability.md.
 *
 * @param {{figures: string, results: string, args: string[], version: string, duration: number}} run the two files, Jest's
 * arguments, the engine's version, milliseconds
 */
export async function publish({ figures, results, args, version, duration }) {
  const text = await readFile(figures, "utf8").catch(() => "");
  const lines = text
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));
  const ended = await readFile(results, "utf8").then(JSON.parse, () => ({}));
  const { numPassedTests = 0, numFailedTests = 0 } = ended;
  const set = VARIABLES.filter((name) => process.env[name]).map((name) => `${name}=${process.env[name]}`);
  const command = [...set, "npm run test:long", ...(args.length > 0 ? ["--", ...args] : [])].join(" ");
  const summary = `${numPassedTests} tests passed, ${numFailedTests} failed, in ${elapsed(duration)} on engine ${version}, Node ${process.versions.node}.`;
  const document = join(repository, "docs", "reliability.md");
  const before = await readFile(document, "utf8");
  const [head] = before.split(BEGIN);
  const tail = before.split(END)[1] ?? "";
  const block = `${BEGIN}\n\n${table(lines)}\n\n${summary} Repeat it with:\n\n\`\`\`sh\n${command}\n\`\`\`\n\n${END}`;
  await writeFile(document, `${head}${block}${tail}`);
  note(`docs/reliability.md: ${summary}`);
}

import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { attach } from "./execute.mjs";
import { demoFolder, repository } from "./paths.mjs";
import { elapsed, note } from "./progress.mjs";
import { setUpJest } from "./test.mjs";

const BEGIN = "<!-- figures: written by npm run test:long -->";
const END = "<!-- end of figures -->";
/** What may be set to run less, or more, than the long set. */
const VARIABLES =
  /^CLEVERTAP_TEST_(KILLS|GATEWAY_KILLS|GATEWAY_SEQUENCES|SEQUENCES|ENGINE_SEQUENCES|INPUTS|UNKNOWNS|STACKS|SEED)$/;

/** One row for each figure; a figure that is reported several times is added up. */
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
  for (const file of [figures, results]) await rm(file, { force: true });
  const { env, version } = await setUpJest();
  const jest = join(repository, "node_modules", "jest", "bin", "jest.js");
  const code = await attach(
    process.execPath,
    [
      jest,
      "tests/engine",
      "tests/reliability",
      "tests/pipelines",
      "tests/long",
      "--json",
      `--outputFile=${results}`,
      ...args,
    ],
    { cwd: repository, env: { ...env, CLEVERTAP_TEST_LONG: "1", CLEVERTAP_TEST_FIGURES: figures } },
  );

  const text = await readFile(figures, "utf8").catch(() => "");
  const lines = text
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));
  const ended = await readFile(results, "utf8").then(JSON.parse, () => ({}));
  const { numPassedTests = 0, numFailedTests = 0 } = ended;
  const set = Object.entries(process.env).filter(([name]) => VARIABLES.test(name));
  const typed = args.length > 0 ? ["--", ...args] : [];
  const command = [...set.map((pair) => pair.join("=")), "npm run test:long", ...typed].join(" ");
  const duration = elapsed(Date.now() - began);
  const summary = `${numPassedTests} tests passed, ${numFailedTests} failed, in ${duration} on engine ${version}, Node ${process.versions.node}.`;
  const document = join(repository, "docs", "reliability.md");
  const before = await readFile(document, "utf8");
  const [head] = before.split(BEGIN);
  const rest = before.split(END)[1] ?? "";
  const block = `${BEGIN}\n\n${table(lines)}\n\n${summary} Repeat it with:\n\n\`\`\`sh\n${command}\n\`\`\`\n\n${END}`;
  await writeFile(document, `${head}${block}${rest}`);
  note(`docs/reliability.md: ${summary}`);
  return code;
}

/** `npm run bench`: the two doors against a do-nothing dynamic provider, or against another version, interleaved, on this machine. */
import { fork } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { demoFolder, repository } from "../tools/paths.mjs";
import { auditJobs } from "./audit.mjs";
import { gatewayTable } from "./gateway.mjs";
import { handshake, isMeasurable } from "./handshake.mjs";
import { HANDSHAKE, PROJECTS, RUNS } from "./measurements.mjs";
import { project } from "./projects.mjs";
import { againstTable, floorOf, floorTable } from "./tables.mjs";

const HELP = `Usage: npm run bench -- [--runs N] [--only TEXT] [--against DIR] [--json FILE]
       npm run bench -- --backends [--runs N]    a team's state: the file and the PostgreSQL backend

  --runs N       samples of each measurement, after one that does not count; default 5
  --only TEXT    only the measurements with this text in their name, and the floors that they are compared to
  --against DIR  measures another version as well, in turn with this one, and compares the two: a checkout in which
                 \`npm run build\` has run
  --json FILE    where to write the numbers; default .pulumi-demo/bench.json

Wall time of the CLI: median, least and most; and the CPU time of the engine and all that it starts, which other work on
the machine changes less (Linux only; the sandbox, a process of its own, is not in it). clevertap:previewProbe is the default,
each, unless the name says otherwise. The limits are for the wall's ratio to the floor of the same run; the handshake's is for
its own CPU time in milliseconds.`;

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "5" },
    only: { type: "string", default: "" },
    against: { type: "string" },
    json: { type: "string", default: join(demoFolder, "bench.json") },
    help: { type: "boolean", short: "h" },
  },
});
if (values.help) console.log(HELP);
else process.exitCode = await bench(values);

async function bench({ runs: rounds, only, against, json }) {
  if (!/^[1-9]\d*$/.test(rounds)) {
    console.error("--runs must be a whole number from 1");
    return 2;
  }
  const other = against && resolve(against);
  if (other && !existsSync(join(other, "dist", "provider", "index.js"))) {
    console.error(`${against} is no checkout in which \`npm run build\` has run`);
    return 2;
  }
  const began = { time: new Date().toISOString(), load: loadavg()[0] };
  const samples = await measure(Number(rounds), only, other);
  const result = {
    ...began,
    loadAtEnd: loadavg()[0],
    node: process.version,
    cpu: cpus()[0]?.model,
    cores: cpus().length,
    rounds: Number(rounds),
    against: other,
    samples,
  };
  mkdirSync(dirname(json), { recursive: true });
  writeFileSync(json, `${JSON.stringify(result, undefined, 2)}\n`);
  const load = `load ${began.load.toFixed(1)} before and ${result.loadAtEnd.toFixed(1)} after`;
  console.log(`${rounds} runs, ${result.cores} cores, ${load}\n\n${floorTable(samples)}`);
  if (other) console.log(`\nAgainst ${against}:\n\n${againstTable(samples)}`);
  if ("gateway".includes(only)) console.log(`\n${await gatewayTable(Number(rounds))}`);
  console.log(`\nNumbers: ${json}`);
  return 0;
}

/**
 * One round of everything after the other, so that a busy minute of the machine meets all of them. The first round fills the
 * caches and does not count.
 *
 * @returns {Promise<{name: string, now: object[], before: object[]}[]>} the wall and CPU time of each round, by measurement
 */
async function measure(rounds, only, other) {
  const samples = new Map();
  const home = mkdtempSync(join(tmpdir(), "wa-bench-"));
  const child = fork(fileURLToPath(new URL("./sandbox.mjs", import.meta.url)));
  try {
    const sandbox = await new Promise((done, fail) => {
      child.once("message", done);
      child.once("exit", () => fail(new Error("the sandbox did not start")));
    });
    const jobs = await jobsOf(only, other, home, sandbox);
    for (let round = 0; round <= rounds; round++) {
      // Each second round goes backwards: of two that are compared, neither is always the first.
      for (const { version, run } of round % 2 ? jobs.toReversed() : jobs) {
        for (const [name, took] of Object.entries(await run())) {
          progress(`${round === 0 ? "warm-up" : `round ${round} of ${rounds}`}: ${name}`);
          if (!samples.has(name)) samples.set(name, { name, now: [], before: [] });
          if (round > 0) samples.get(name)[version].push(took);
        }
      }
    }
    progress("");
  } finally {
    if (child.connected) child.disconnect();
    rmSync(home, { recursive: true, force: true });
  }
  return [...samples.values()];
}

/** What a round does: a run for each project that is wanted, by both versions one after the other. @param root folder for the projects */
async function jobsOf(only, other, root, sandbox) {
  const engine = {
    path: process.env.PATH ?? "",
    compileCache: process.env.NODE_COMPILE_CACHE ?? join(tmpdir(), "wa-bench-compile-cache"),
  };
  const jobs = [];
  const isWanted = (name) => name.includes(only);
  const names = ({ project, count, phases }) => phases.map((phase) => `${phase} ${count}: ${project}`);
  const wanted = RUNS.flatMap(names).filter(isWanted);
  const needed = new Set([...wanted, ...wanted.map(floorOf)]);
  const versions = { now: repository, ...(other && { before: other }) };
  for (const { project: of, count, phases } of RUNS) {
    const nameOf = (phase) => `${phase} ${count}: ${of}`;
    const chosen = phases.filter((phase) => needed.has(nameOf(phase)));
    if (chosen.length === 0) continue;
    for (const [version, folder] of Object.entries(versions)) {
      // The floor has one version.
      if (of === "floor" && version === "before") continue;
      const home = join(root, `${of}-${count}-${version}`);
      const made = await project(home, folder, PROJECTS[of], sandbox, engine);
      const run = async () => {
        const took = await made.run(count, chosen);
        return Object.fromEntries(Object.entries(took).map(([phase, time]) => [nameOf(phase), time]));
      };
      jobs.push({ version, run });
    }
  }
  if (isWanted(HANDSHAKE.name) && isMeasurable) {
    for (const [version, folder] of Object.entries(versions))
      jobs.push({ version, run: async () => ({ [HANDSHAKE.name]: await handshake(folder, engine) }) });
  }
  for (const run of auditJobs(repository, root, isWanted)) jobs.push({ version: "now", run });
  return jobs;
}

/** One line that is written over, on a terminal only. */
function progress(text) {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
}

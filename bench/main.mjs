/** `npm run bench`: the two doors against a do-nothing dynamic provider, interleaved, on this machine. */
import { fork } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { demoFolder } from "../tools/paths.mjs";
import { handshake, isMeasurable } from "./handshake.mjs";
import { project } from "./projects.mjs";

/** One line that is written over, on a terminal only. */
function progress(text) {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
}

const HELP = `Usage: npm run bench -- [--runs N] [--only TEXT] [--json FILE]

  --runs N      samples of each measurement, after one that does not count; default 5
  --only TEXT   only the measurements with this text in their name, and the floors that they are compared to
  --json FILE   where to write the numbers; default .pulumi-demo/bench.json

Wall time of the CLI: median, least and most; and the CPU time of the engine and all that it starts, which other work on
the machine changes less (Linux only; the sandbox, a process of its own, is not in it). Every resource is new, and clevertap:previewProbe is the
default, each, unless the name says otherwise. The limits are for the wall's ratio to the
floor of the same run; the plugin start's is for its own CPU time in milliseconds.`;

/** What is measured. limit: the ratio that it must not pass, to its floor's median. */
const MEASUREMENTS = [
  { name: "preview 1: floor", project: "floor", verb: "preview", count: 1 },
  { name: "preview 1: dynamic", project: "dynamic", verb: "preview", count: 1, floor: "preview 1: floor" },
  {
    name: "preview 1: plugin",
    project: "plugin",
    verb: "preview",
    count: 1,
    floor: "preview 1: floor",
    limit: 0.8,
  },
  {
    name: "preview 1: YAML",
    project: "yaml",
    verb: "preview",
    count: 1,
    floor: "preview 1: floor",
    limit: 0.4,
  },
  { name: "preview 100: floor", project: "floor", verb: "preview", count: 100 },
  {
    name: "preview 100: dynamic",
    project: "dynamic",
    verb: "preview",
    count: 100,
    floor: "preview 100: floor",
  },
  {
    name: "preview 100: dynamic, once",
    project: "dynamic-once",
    verb: "preview",
    count: 100,
    floor: "preview 100: floor",
  },
  {
    name: "preview 100: plugin",
    project: "plugin",
    verb: "preview",
    count: 100,
    floor: "preview 100: floor",
    limit: 0.85,
  },
  {
    name: "preview 100: plugin, once",
    project: "plugin-once",
    verb: "preview",
    count: 100,
    floor: "preview 100: floor",
    limit: 0.85,
  },
  { name: "create 100: floor", project: "floor", verb: "create", count: 100 },
  { name: "create 100: dynamic", project: "dynamic", verb: "create", count: 100, floor: "create 100: floor" },
  {
    name: "create 100: plugin",
    project: "plugin",
    verb: "create",
    count: 100,
    floor: "create 100: floor",
    limit: 0.7,
  },
];

const PROJECTS = [
  { name: "floor", door: "floor" },
  { name: "dynamic", door: "dynamic" },
  { name: "dynamic-once", door: "dynamic", probe: "once" },
  { name: "plugin", door: "plugin" },
  { name: "plugin-once", door: "plugin", probe: "once" },
  { name: "yaml", door: "yaml" },
];

/** CPU milliseconds of the plugin up to the handshake's answer. */
const HANDSHAKE = { name: "plugin start to handshake", limit: 130 };

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "5" },
    only: { type: "string" },
    json: { type: "string", default: join(demoFolder, "bench.json") },
    help: { type: "boolean", short: "h" },
  },
});
if (values.help) console.log(HELP);
else process.exitCode = await bench();

async function bench() {
  const runs = Number(values.runs);
  if (!Number.isInteger(runs) || runs < 1) {
    console.error("--runs must be a whole number from 1");
    return 2;
  }
  const isWanted = ({ name }) => values.only === undefined || name.includes(values.only);
  const wanted = MEASUREMENTS.filter(isWanted);
  const chosen = MEASUREMENTS.filter(
    (m) => wanted.includes(m) || wanted.some(({ floor }) => floor === m.name),
  );
  const engine = {
    path: process.env.PATH ?? "",
    compileCache: process.env.NODE_COMPILE_CACHE ?? join(tmpdir(), "wa-bench-compile-cache"),
  };
  const began = { time: new Date().toISOString(), load: loadavg()[0] };
  const samples = new Map();
  await withProjects(chosen, engine, async (projects) => {
    const jobs = chosen.map(({ name, project, verb, count }) => ({
      name,
      run: () => projects.get(project)[verb](count),
    }));
    if (isWanted(HANDSHAKE) && isMeasurable)
      jobs.push({ name: HANDSHAKE.name, run: () => handshake(engine) });
    for (const { name } of jobs) samples.set(name, []);
    // One round of everything after the other, so that a busy minute of the machine meets all of them. The first fills
    // the caches and does not count.
    for (let round = 0; round <= runs; round++) {
      for (const { name, run } of jobs) {
        const took = await run();
        if (round > 0) samples.get(name).push(took);
        progress(`${round === 0 ? "warm-up" : `round ${round} of ${runs}`}: ${name}`);
      }
    }
    progress("");
  });
  const rows = report(chosen, samples);
  const result = {
    ...began,
    loadAtEnd: loadavg()[0],
    node: process.version,
    cpu: cpus()[0]?.model,
    cores: cpus().length,
    runs,
    rows,
  };
  mkdirSync(dirname(values.json), { recursive: true });
  writeFileSync(values.json, `${JSON.stringify(result, undefined, 2)}\n`);
  console.log(
    `${runs} runs, ${result.cores} cores, load ${began.load.toFixed(1)} before and ${result.loadAtEnd.toFixed(1)} after`,
  );
  print(rows);
  console.log(`\nNumbers: ${values.json}`);
  return 0;
}

async function withProjects(chosen, engine, body) {
  const home = mkdtempSync(join(tmpdir(), "wa-bench-"));
  const child = fork(fileURLToPath(new URL("./sandbox.mjs", import.meta.url)));
  try {
    const sandbox = await new Promise((done, fail) => {
      child.once("message", done);
      child.once("exit", () => fail(new Error("the sandbox did not start")));
    });
    const projects = new Map();
    for (const what of PROJECTS)
      if (chosen.some((m) => m.project === what.name))
        projects.set(what.name, await project(home, what, sandbox, engine));
    await body(projects);
  } finally {
    if (child.connected) child.disconnect();
    rmSync(home, { recursive: true, force: true });
  }
}

function report(chosen, samples) {
  const of = (name, what) => statistics(samples.get(name).map((one) => one[what]));
  const rows = chosen.map(({ name, floor, limit }) => {
    const wall = of(name, "wall");
    const cpu = of(name, "cpu");
    const ratio = floor && wall.median / of(floor, "wall").median;
    const cpuRatio = floor && cpu.median / of(floor, "cpu").median;
    return { name, unit: "ms", ...wall, cpu, ratio, cpuRatio, limit, verdict: verdict(ratio, limit) };
  });
  if (samples.has(HANDSHAKE.name)) {
    const cpu = of(HANDSHAKE.name, "cpu");
    const judged = verdict(cpu.median, HANDSHAKE.limit);
    rows.push({ ...HANDSHAKE, unit: "ms", ...of(HANDSHAKE.name, "wall"), cpu, verdict: judged });
  }
  return rows;
}

function verdict(value, limit) {
  if (limit === undefined) return undefined;
  return value <= limit ? "kept" : "missed";
}

function statistics(times) {
  const sorted = [...times].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const median = sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  return { median, least: sorted[0], most: sorted.at(-1), samples: times };
}

function print(rows) {
  const cells = rows.map(({ name, median, least, most, cpu, ratio, cpuRatio, limit, verdict: kept }) => [
    name,
    `${median.toFixed(0)} ms`,
    `${least.toFixed(0)} to ${most.toFixed(0)}`,
    ratio?.toFixed(2) ?? "",
    `${cpu.median.toFixed(0)} ms`,
    cpuRatio?.toFixed(2) ?? "",
    limit === undefined ? "" : `${limit}`,
    kept ?? "",
  ]);
  const table = [
    ["measurement", "wall", "spread", "of the floor", "CPU", "of the floor", "limit", ""],
    ...cells,
  ];
  const widths = table[0].map((_, i) => Math.max(...table.map((row) => row[i].length)));
  table.splice(
    1,
    0,
    widths.map((width) => "-".repeat(width)),
  );
  for (const row of table) console.log(`| ${row.map((cell, i) => cell.padEnd(widths[i])).join(" | ")} |`);
}

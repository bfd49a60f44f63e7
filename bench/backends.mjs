/** `npm run bench -- --backends`: create, preview and refresh of many numbers, with the state in a file and in PostgreSQL. */
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { repository } from "../tools/paths.mjs";
import { project } from "./projects.mjs";

const COUNTS = [10, 100, 500];
const PHASES = ["preview", "create", "refresh"];

const { values } = parseArgs({
  options: {
    backends: { type: "boolean" },
    runs: { type: "string", default: "3" },
    help: { type: "boolean", short: "h" },
  },
});
if (values.help) {
  console.log(`Usage: npm run bench -- --backends [--runs N]

  --runs N   samples of each measurement; default 3

Wall time of the CLI in seconds, median, for the dynamic resource with clevertap:previewProbe at once: preview and create of
new numbers, then a refresh. PostgreSQL runs on this machine and writes every commit to the disk.`);
} else await bench(Number(values.runs));

/** A program that tells where it is when it is ready, and ends with this one. */
async function server(file, ...args) {
  const child = fork(join(repository, file), args);
  const [message] = await once(child, "message");
  return { message, stop: () => child.disconnect() };
}

async function bench(runs) {
  const load = loadavg()[0];
  const home = mkdtempSync(join(tmpdir(), "wa-bench-"));
  const sandbox = await server("bench/sandbox.mjs");
  const postgres = await server("tests/support/postgres-server.mjs", "durable");
  const { url, password } = postgres.message;
  const backends = {
    file: () => undefined,
    PostgreSQL: (table) => ({ PULUMI_BACKEND_URL: `${url}&table=${table}`, PGPASSWORD: password }),
  };
  const engine = { path: process.env.PATH, compileCache: process.env.NODE_COMPILE_CACHE };
  /** Samples in milliseconds, by backend and count. */
  const samples = new Map();
  try {
    for (let run = 0; run < runs; run++)
      for (const count of COUNTS)
        for (const [name, backend] of Object.entries(backends)) {
          const table = `run_${run}_${count}`;
          const folder = join(home, name, table);
          mkdirSync(folder, { recursive: true });
          const what = { door: "dynamic", probe: "once", backend: backend(table) };
          const { run: measure } = await project(folder, repository, what, sandbox.message, engine);
          const took = await measure(count, PHASES);
          const key = `${name} ${count}`;
          samples.set(key, [...(samples.get(key) ?? []), took]);
          if (process.stderr.isTTY) process.stderr.write(`\r\x1b[Krun ${run + 1} of ${runs}: ${key}`);
        }
  } finally {
    sandbox.stop();
    postgres.stop();
    rmSync(home, { recursive: true, force: true });
  }
  if (process.stderr.isTTY) process.stderr.write("\r\x1b[K");
  const after = loadavg()[0];
  console.log(
    `${runs} runs, ${cpus().length} cores, load ${load.toFixed(1)} before and ${after.toFixed(1)} after, seconds (median)`,
  );
  console.log(
    `| numbers | ${Object.keys(backends)
      .flatMap((name) => PHASES.map((phase) => `${phase}, ${name}`))
      .join(" | ")} |`,
  );
  console.log(`|---:|${"---:|".repeat(PHASES.length * Object.keys(backends).length)}`);
  for (const count of COUNTS) {
    const cells = Object.keys(backends).flatMap((name) =>
      PHASES.map((phase) => median(samples.get(`${name} ${count}`).map((took) => took[phase].wall))),
    );
    console.log(`| ${count} | ${cells.map((ms) => (ms / 1000).toFixed(1)).join(" | ")} |`);
  }
}

function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

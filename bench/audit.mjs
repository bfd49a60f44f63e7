/** `audit` on states of many resources: time, and the most memory that the process has held. */
import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";

const COUNT = 10_000;

/** Measurements by name: what the command is called with. */
const COMMANDS = {
  [`audit diff ${COUNT}: terminal`]: ["diff", "before.json", "after.json"],
  [`audit check ${COUNT}: json`]: ["check", "after.json", "--format", "json"],
  [`audit diff ${COUNT}: html`]: ["diff", "before.json", "after.json", "--format", "html"],
};

/** Tells by a channel of its own what the command has used, so that its output can be thrown away. */
const RUNNER = `const [main, ...args] = process.argv.slice(1);
require(main).main(["audit", ...args]).then(() => require("node:fs").writeSync(3, JSON.stringify(process.resourceUsage())));`;

/**
 * The jobs of a round.
 *
 * @param {string} folder of the package
 * @param {string} home an existing folder for the states
 * @param {(name: string) => boolean} isWanted
 * @returns {(() => Promise<Record<string, {wall: number, cpu: number, memory: number}>>)[]} milliseconds and bytes
 */
export function auditJobs(folder, home, isWanted) {
  const wanted = Object.entries(COMMANDS).filter(([name]) => isWanted(name));
  if (wanted.length === 0) return [];
  for (const name of ["before", "after"])
    writeFileSync(join(home, `${name}.json`), JSON.stringify(state(folder, name)));
  return wanted.map(([name, args]) => async () => ({ [name]: await run(folder, home, args) }));
}

async function run(folder, home, args) {
  const began = performance.now();
  const child = spawn(process.execPath, ["-e", RUNNER, join(folder, "dist/cli/main.js"), ...args], {
    cwd: home,
    stdio: ["ignore", "ignore", "inherit", "pipe"],
  });
  const { maxRSS, userCPUTime, systemCPUTime } = JSON.parse(await text(child.stdio[3]));
  return {
    wall: performance.now() - began,
    cpu: (userCPUTime + systemCPUTime) / 1000,
    memory: maxRSS * 1024,
  };
}

/** A state of many numbers, made of the sample's first; the later one has every tenth changed. */
function state(folder, name) {
  const sample = JSON.parse(readFileSync(join(folder, "examples/audit/last-quarter.json"), "utf8"));
  const [stack, first] = sample.deployment.resources;
  const many = Array.from({ length: COUNT }, (_, i) => {
    const entry = structuredClone(first);
    entry.urn = `${entry.urn}-${i}`;
    entry.id = `${entry.id}${i}`;
    for (const part of [entry.inputs, entry.outputs]) {
      if (part.isDefault) part.isDefault = i === 0;
      part.mobileNumber = `44${String(i).padStart(10, "0")}`;
      if (name === "after" && i % 10 === 0) part.nickname = "Kaleyra India";
    }
    return entry;
  });
  return { ...sample, deployment: { ...sample.deployment, resources: [stack, ...many] } };
}

import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { demoFolder, repository } from "./paths.mjs";
import { SetupProblem } from "./setup-problem.mjs";

export const cli = join(repository, "dist", "cli", "main.js");
/** Where the sandbox of `npm start` and `npm run sandbox` keeps its data and its port. */
export const sandboxData = join(repository, ".sandbox");
/** What the sandbox said when `npm start` last started it: with this a running one is found again. */
const remembered = join(demoFolder, "sandbox.json");

async function running() {
  try {
    const last = JSON.parse(await readFile(remembered, "utf8"));
    const answer = await fetch(new URL("/_sandbox/state", last.url), { signal: AbortSignal.timeout(2_000) });
    await answer.body?.cancel();
    return answer.ok ? last : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Before `npm run sandbox`: makes sure that a later `npm start` finds the sandbox again, by a short start of it when its
 * address and credentials were never written down or a port is asked for.
 *
 * @param {string[]} args what was typed after `npm run sandbox --`
 */
export async function remember(args) {
  if (args.some((word) => /^(--data|--help|-h)\b/.test(word)) || args[0] === "campaign") return;
  const at = args.findIndex((word) => /^--port\b/.test(word));
  const port = at < 0 ? [] : args.slice(at, at + (args[at].includes("=") ? 1 : 2));
  if (port.length === 0 && existsSync(remembered) && existsSync(join(sandboxData, "port"))) return;
  await (await sandboxUp(port)).stop();
}

/**
 * The sandbox of this repository: the one that is running, or a new one.
 *
 * @param {string[]} [more] further arguments for a new one
 * @returns {Promise<{details: object, stop: () => Promise<void>}>} details: the line the sandbox prints when it is ready
 * @throws {SetupProblem} with the sandbox's own words, such as who has its port
 */
export async function sandboxUp(more = []) {
  const found = await running();
  if (found) return { details: found, stop: async () => {} };
  const leash = pathToFileURL(join(repository, "tools", "leash.mjs")).href;
  const args = ["--import", leash, cli, "sandbox", "--data", sandboxData, "--print", "json", ...more];
  // Out of the terminal's process group: Ctrl-C is for the engine, which still needs the sandbox to finish.
  const stdio = ["ignore", "pipe", "pipe", "ipc"];
  const child = spawn(process.execPath, args, { cwd: repository, stdio, detached: true });
  let complaint = "";
  child.stderr.setEncoding("utf8").on("data", (text) => {
    complaint += text;
  });
  const closed = once(child, "close");
  const stop = async () => {
    child.kill("SIGTERM");
    const hard = setTimeout(() => child.kill("SIGKILL"), 5_000);
    await closed;
    clearTimeout(hard);
  };
  const [line] = await Promise.race([
    once(createInterface({ input: child.stdout }), "line"),
    closed.then(() => []),
    sleep(30_000, [], { ref: false }),
  ]);
  if (line === undefined) {
    await stop();
    throw new SetupProblem(`The sandbox did not start.\n${complaint.trim()}`);
  }
  const details = JSON.parse(line);
  await mkdir(dirname(remembered), { recursive: true });
  await writeFile(remembered, JSON.stringify(details));
  return { details, stop };
}

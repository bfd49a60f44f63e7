import { homedir } from "node:os";
import { join } from "node:path";
import { capture, tail } from "../execute.mjs";
import { cacheRoot, writable } from "./cache.mjs";

/** `npm --prefix x start` hands its prefix down, `npm start --silent` its log level, and so on: not meant for us. */
const handedDown =
  /^npm_config_(prefix|local_prefix|global|dry_run|json|omit|include|workspace|workspaces|loglevel)$/i;

async function environment() {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !handedDown.test(name)));
  // npm can't do without its cache; with a home that can't be written it would only fail.
  if (!(await writable(env.npm_config_cache || join(homedir(), ".npm"))))
    env.npm_config_cache = join(await cacheRoot(), "npm");
  return env;
}

/** What npm said about its failure, without its warnings and the help it appends to a usage error. */
function problem(result) {
  const errors = `${result.stdout}\n${result.stderr}`
    .split(/\r?\n/)
    .filter((line) => /^npm error\s*\S/i.test(line));
  return errors.length > 0 ? errors.slice(0, 8).join("\n") : tail(result);
}

/**
 * Runs npm, quietly: the one that runs this script if there is one, else the one on PATH.
 *
 * @param {string[]} args
 * @param {string} cwd
 * @returns {Promise<string | undefined>} what went wrong, or undefined
 */
export async function npm(args, cwd) {
  const script = process.env.npm_execpath ?? "";
  const [program, ...before] = /npm-cli\.[cm]?js$/.test(script) ? [process.execPath, script] : ["npm"];
  const all = [...before, ...args, "--no-audit", "--no-fund", "--ignore-scripts"];
  const result = await capture(program, all, { cwd, env: await environment() });
  return result.code === 0 ? undefined : problem(result);
}

import { execFile } from "node:child_process";
import { resolve } from "node:path";

const MAIN = resolve(__dirname, "../../dist/cli/main.js");

/** What a command of the package did. */
export interface Run {
  readonly code: number;
  /** Standard output and standard error. */
  readonly output: string;
}

/** Runs a built command of the package in a process of its own: what Node reads from the environment can't be tried otherwise. */
export function runCommand(
  args: readonly string[],
  env: Record<string, string | undefined>,
  cwd?: string,
): Promise<Run> {
  return runNode([MAIN, ...args], env, cwd);
}

/** Runs Node. */
export function runNode(
  args: readonly string[],
  env: Record<string, string | undefined>,
  cwd?: string,
): Promise<Run> {
  return new Promise((done) => {
    execFile(process.execPath, args, { cwd, env }, (error, stdout, stderr) =>
      done({ code: error ? Number(error.code) : 0, output: stdout + stderr }),
    );
  });
}

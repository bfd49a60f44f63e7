import { spawn } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import { constants as system } from "node:os";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";

/**
 * Runs a program without a terminal and collects what it says.
 *
 * @param {string} program
 * @param {string[]} args
 * @param {{cwd?: string, env?: NodeJS.ProcessEnv, limitMs?: number, onLine?: (line: string) => void}} [options]
 * @returns {Promise<{code: number | null, stdout: string, stderr: string}>} code null: not started, killed or over its limit
 */
export function capture(program, args, { cwd, env, limitMs, onLine } = {}) {
  return new Promise((resolve) => {
    const said = { stdout: "", stderr: "" };
    const child = spawn(program, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"], timeout: limitMs });
    for (const name of ["stdout", "stderr"]) {
      child[name].setEncoding("utf8").on("data", (text) => {
        said[name] += text;
      });
      if (onLine) createInterface({ input: child[name] }).on("line", onLine);
    }
    child.on("error", (error) => resolve({ ...said, code: null, stderr: said.stderr + error.message }));
    child.on("close", (code) => resolve({ ...said, code }));
    child.on("exit", (_, signal) => {
      // What the killed program had started may hold the pipes open for long.
      if (signal) for (const pipe of [child.stdout, child.stderr]) pipe.destroy();
    });
  });
}

/**
 * Runs a program on the terminal of this process and passes signals on.
 *
 * @returns {Promise<number>} its exit code; 128 plus the signal's number when a signal ended it
 */
export function attach(program, args, { cwd, env } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env, stdio: "inherit" });
    const forward = (signal) => {
      // Ctrl-C on a terminal reaches the whole process group; a second one would make the engine give up at once.
      if (signal !== "SIGINT" || !process.stdin.isTTY) child.kill(signal);
    };
    const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
    for (const signal of signals) process.on(signal, forward);
    const end = (settle) => (value, signal) => {
      for (const name of signals) process.off(name, forward);
      settle(value ?? 128 + system.signals[signal]);
    };
    child.on("error", end(reject));
    child.on("close", end(resolve));
  });
}

/** Absolute path of an executable on a PATH, or undefined. */
export function which(name, path = process.env.PATH ?? "") {
  const endings = process.platform === "win32" ? (process.env.PATHEXT ?? ".EXE;.CMD;.BAT").split(";") : [""];
  const candidates = path
    .split(delimiter)
    .filter(Boolean)
    .flatMap((folder) => endings.map((ending) => join(folder, name + ending)));
  return candidates.find((candidate) => {
    try {
      accessSync(candidate, constants.X_OK);
      return statSync(candidate).isFile();
    } catch {
      return false;
    }
  });
}

/** The last lines of what a program said, for an error message. */
export const tail = (result, lines = 15) =>
  `${result.stdout}\n${result.stderr}`.trim().split(/\r?\n/).slice(-lines).join("\n");

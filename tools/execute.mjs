import { spawn } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";

const onWindows = process.platform === "win32";

/**
 * Runs a program without a terminal and collects what it says.
 *
 * @param {string} program
 * @param {string[]} args
 * @param {{cwd?: string, env?: NodeJS.ProcessEnv, limitMs?: number, onLine?: (line: string) => void, signal?: AbortSignal}} [options]
 * @returns {Promise<{code: number | null, stdout: string, stderr: string}>} code null: not started, killed or over its limit
 */
export function capture(program, args, { cwd, env, limitMs, onLine, signal } = {}) {
  return new Promise((resolve) => {
    let stdout = "";
    let stderr = "";
    let pending = "";
    const child = spawn(program, args, {
      cwd,
      env: env ?? process.env,
      stdio: ["ignore", "pipe", "pipe"],
      timeout: limitMs,
      signal,
      windowsHide: true,
      shell: onWindows && /\.(cmd|bat)$/i.test(program),
    });
    const lines = (text) => {
      if (!onLine) return;
      pending += text;
      const parts = pending.split(/\r?\n/);
      pending = parts.pop() ?? "";
      for (const part of parts) onLine(part);
    };
    child.stdout.setEncoding("utf8").on("data", (text) => {
      stdout += text;
      lines(text);
    });
    child.stderr.setEncoding("utf8").on("data", (text) => {
      stderr += text;
      lines(text);
    });
    child.on("error", (error) => resolve({ code: null, stdout, stderr: `${stderr}${error.message}` }));
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
}

/**
 * Runs a program on the terminal of this process and passes signals on.
 *
 * @returns {Promise<number>} its exit code; 128 plus the signal's number when a signal ended it
 */
export function attach(program, args, { cwd, env } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env: env ?? process.env, stdio: "inherit" });
    const forward = (signal) => {
      // Ctrl-C on a terminal reaches the whole process group; a second one would make the engine give up at once.
      if (signal === "SIGINT" && process.stdin.isTTY) return;
      child.kill(signal);
    };
    const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
    for (const signal of signals) process.on(signal, forward);
    const finish = () => {
      for (const signal of signals) process.off(signal, forward);
    };
    child.on("error", (error) => {
      finish();
      reject(error);
    });
    child.on("close", (code, signal) => {
      finish();
      resolve(code ?? 128 + ({ SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGTERM: 15 }[signal] ?? 0));
    });
  });
}

/** Absolute path of an executable on a PATH, or undefined. */
export function which(name, path = process.env.PATH ?? "") {
  const endings = onWindows ? (process.env.PATHEXT ?? ".EXE;.CMD;.BAT").split(";") : [""];
  for (const folder of path.split(delimiter)) {
    if (!folder) continue;
    for (const ending of endings) {
      const candidate = join(folder, name + ending);
      try {
        accessSync(candidate, constants.X_OK);
        if (statSync(candidate).isFile()) return candidate;
      } catch {
        // Not here: the next folder.
      }
    }
  }
  return undefined;
}

/** The last lines of what a program said, for an error message. */
export const tail = (result, lines = 15) =>
  `${result.stdout}\n${result.stderr}`.trim().split(/\r?\n/).slice(-lines).join("\n");

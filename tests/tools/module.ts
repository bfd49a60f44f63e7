import { execFile } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const tools = join(__dirname, "..", "..", "tools");

/** Import specifier of a file of tools/, for a script that runs in its own process. */
export const toolUrl = (name: string): string => pathToFileURL(join(tools, name)).href;

/**
 * Runs an ES module script in its own Node process: the tools are plain modules that Jest can't require, and much of what
 * they promise is between processes.
 */
export function runModule(
  script: string,
  env: Record<string, string> = {},
): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ["--input-type=module", "-e", script],
      { env: { ...process.env, ...env } },
      (error, stdout, stderr) => {
        const code = error ? (typeof error.code === "number" ? error.code : -1) : 0;
        resolve({ code, stdout, stderr });
      },
    );
  });
}

/** Runs a script whose last act is to print JSON, and returns it. */
export async function evaluateModule<T>(script: string, env?: Record<string, string>): Promise<T> {
  const { code, stdout, stderr } = await runModule(script, env);
  if (code !== 0) throw new Error(`the script ended with ${code}:\n${stderr}`);
  return JSON.parse(stdout) as T;
}

import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { visible } from "../provider/model/text";
import { CommandFailed } from "./command";

/** Runs the user's own `pulumi`. */

const run = promisify(execFile);
/** Bytes of an answer that are taken at the most: states are large. */
const LIMIT = 512 * 1024 * 1024;

/** The CLI could not be run, or refused; its own words say why. */
export class PulumiFailed extends CommandFailed {}

/** What `pulumi` prints. @throws PulumiFailed */
export async function pulumi(...args: string[]): Promise<string> {
  try {
    const { stdout } = await run("pulumi", [...args, "--non-interactive"], { maxBuffer: LIMIT });
    return stdout;
  } catch (error) {
    const { code, stderr } = error as { code?: unknown; stderr?: string };
    if (code === "ENOENT")
      throw new PulumiFailed("there is no `pulumi` on PATH: install it, or run this where your stack runs");
    throw new PulumiFailed(`\`pulumi ${args[0]} ${args[1]}\` failed: ${visible(stderr ?? "")}`);
  }
}

/** The JSON that `pulumi` prints. @throws PulumiFailed */
export async function pulumiJson<T>(...args: string[]): Promise<T> {
  return parsed(await pulumi(...args));
}

/** @throws PulumiFailed without the parser's own words, which quote what they were given: it may be a secret */
export function parsed<T>(text: string): T {
  try {
    return JSON.parse(text) as T;
  } catch {
    throw new PulumiFailed("the answer of `pulumi` is not JSON");
  }
}

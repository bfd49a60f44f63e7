import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** Reads the stack that is selected in this folder, through the user's own `pulumi`. */

const run = promisify(execFile);
/** Bytes of an exported state that are taken at the most. */
const LIMIT = 512 * 1024 * 1024;

/** A resource of an exported state. */
export interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  /** Waits for deletion after a replacement. */
  readonly delete?: boolean;
  readonly inputs?: Record<string, unknown>;
  readonly outputs?: Record<string, unknown>;
}

/** Both doors' resources of the selected stack, secrets in clear: keep them in memory, print none. */
export async function providersOfStack(stack?: string): Promise<StateResource[]> {
  const text = await pulumi(["stack", "export", "--show-secrets", ...(stack ? ["--stack", stack] : [])]);
  const { deployment } = JSON.parse(text) as { deployment: { resources?: StateResource[] } };
  return (deployment.resources ?? []).filter(({ type }) =>
    /(clevertap:WhatsAppProvider|clevertap:index:WhatsAppProvider)$/.test(type),
  );
}

/** Reads a key of the selected stack's `clevertap:` configuration, secrets in clear. */
export async function configOfStack(stack?: string): Promise<(key: string) => string | undefined> {
  const text = await pulumi(["config", "--show-secrets", "--json", ...(stack ? ["--stack", stack] : [])]);
  const values = JSON.parse(text) as Record<string, { value?: string; objectValue?: unknown }>;
  return (key) => {
    const entry = values[`clevertap:${key}`];
    return entry?.objectValue === undefined ? entry?.value : JSON.stringify(entry.objectValue);
  };
}

/** Name of the selected stack. */
export async function nameOfStack(stack?: string): Promise<string> {
  return stack ?? (await pulumi(["stack", "--show-name"])).trim();
}

/** A value of an exported state: secrets stand in an envelope even in clear. */
export function plainValue(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if ("plaintext" in value && typeof value.plaintext === "string")
    return plainValue(JSON.parse(value.plaintext));
  if (Array.isArray(value)) return value.map(plainValue);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plainValue(inner)]));
}

/** The CLI could not be run, or refused; its own words say why. */
export class PulumiFailed extends Error {}

async function pulumi(args: string[]): Promise<string> {
  try {
    const { stdout } = await run("pulumi", [...args, "--non-interactive"], { maxBuffer: LIMIT });
    return stdout;
  } catch (error) {
    const { code, stderr } = error as { code?: unknown; stderr?: string };
    if (code === "ENOENT")
      throw new PulumiFailed("there is no `pulumi` on PATH: install it, or run this where your stack runs");
    throw new PulumiFailed(`\`pulumi ${args[0]} ${args[1]}\` failed: ${(stderr ?? "").trim()}`);
  }
}

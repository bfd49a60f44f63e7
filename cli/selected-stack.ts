import { execFile } from "node:child_process";
import { readdir } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Scope } from "../provider/resources/whatsapp-provider/mark";
import { CommandFailed } from "./command";

/** Reads stacks through the user's own `pulumi`. */

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

/** An exported state. With `secrets` they are in clear: keep them in memory, print none. */
export interface ExportedState {
  readonly resources: readonly StateResource[];
  /** An update was killed in the middle: what it was doing may or may not be done. */
  readonly hasPending: boolean;
}

/** The name of a stack with everything that belongs to it. */
export interface StackName extends Scope {
  /** As `--stack` takes it, wherever it is run. */
  readonly full: string;
}

/** The selected stack, or the one of that name. */
export async function stackName(stack?: string): Promise<StackName> {
  const full = (await pulumi(["stack", "--show-name", "-Q", ...option(stack)])).trim();
  const [name = "", project = "", organization = ""] = full.split("/").reverse();
  return { full, stack: name, project, organization };
}

/** The state of a stack. */
export async function exportState(stack?: string, { secrets = false } = {}): Promise<ExportedState> {
  const text = await pulumi(["stack", "export", ...(secrets ? ["--show-secrets"] : []), ...option(stack)]);
  const { deployment } = parsed<{
    deployment?: { resources?: StateResource[]; pending_operations?: unknown[] };
  }>(text);
  return {
    resources: deployment?.resources ?? [],
    hasPending: (deployment?.pending_operations ?? []).length > 0,
  };
}

/** The scopes of a stack's marks: with each of the prefixes, and without one, from before it was set. */
export function scopesOf(name: Scope, prefixes: readonly (string | undefined)[]): Scope[] {
  const distinct = new Set([undefined, ...prefixes.map((prefix) => prefix || undefined)]);
  return [...distinct].map((prefix) => ({ ...name, prefix }));
}

/** Both doors' resources of a state. */
export function providersIn({ resources }: ExportedState): StateResource[] {
  return resources.filter(({ type }) =>
    /(clevertap:WhatsAppProvider|clevertap:index:WhatsAppProvider)$/.test(type),
  );
}

/** Full names of the stacks of the backend, whatever project they are of. */
async function stacksOfBackend(): Promise<string[]> {
  const stacks = parsed<{ name: string }[]>(await pulumi(["stack", "ls", "--all", "-Q", "--json"]));
  return stacks.map(({ name }) => name);
}

/** Stacks of the backend that are searched; more would take many minutes. */
const MAX_STACKS = 500;

/** Ids of the providers that the backend's other stacks hold, each with its stack: renamed, moved, or imported there. */
export async function idsOfOtherStacks({ full }: StackName): Promise<Map<string, string>> {
  const ids = new Map<string, string>();
  const unread: string[] = [];
  const others = (await stacksOfBackend()).filter((name) => name !== full);
  for (const [i, other] of others.entries()) {
    try {
      if (i >= MAX_STACKS) throw new PulumiFailed("too many stacks");
      for (const { id } of providersIn(await exportState(other))) if (id) ids.set(id, other);
    } catch (error) {
      if (!(error instanceof PulumiFailed)) throw error;
      unread.push(other);
    }
  }
  if (unread.length > 0) {
    const more = unread.length > 5 ? ` and ${unread.length - 5} more` : "";
    console.error(`Not searched, so what they name may be listed: ${unread.slice(0, 5).join(", ")}${more}`);
  }
  return ids;
}

/** Whether an update of a stack is running; undefined where this backend does not tell. */
export async function isLocked({ full }: StackName): Promise<boolean | undefined> {
  const { url = "" } = parsed<{ url?: string }>(await pulumi(["whoami", "--json"]));
  if (/^https?:/.test(url)) {
    const stacks = parsed<{ name: string; updateInProgress?: boolean }[]>(
      await pulumi(["stack", "ls", "--all", "-Q", "--json"]),
    );
    return stacks.find(({ name }) => name === full)?.updateInProgress ?? false;
  }
  if (!url.startsWith("file://")) return undefined;
  const folder = decodeURIComponent(url.slice("file://".length).replace(/\?.*$/, "")).replace(
    /^~/,
    homedir(),
  );
  try {
    return (await readdir(join(folder, ".pulumi/locks", full))).length > 0;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ENOENT" ? undefined : Promise.reject(error);
  }
}

/** Reads a key of a stack's `clevertap:` configuration, secrets in clear. */
export async function configOfStack(stack?: string): Promise<(key: string) => string | undefined> {
  const text = await pulumi(["config", "--show-secrets", "--json", ...option(stack)]);
  const values = parsed<Record<string, { value?: string; objectValue?: unknown }>>(text);
  return (key) => {
    const entry = values[`clevertap:${key}`];
    return entry?.objectValue === undefined ? entry?.value : JSON.stringify(entry.objectValue);
  };
}

/** A value of an exported state: secrets stand in an envelope even in clear. */
export function plainValue(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if ("plaintext" in value && typeof value.plaintext === "string") return plainValue(parsed(value.plaintext));
  if (Array.isArray(value)) return value.map(plainValue);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plainValue(inner)]));
}

/** The CLI could not be run, or refused; its own words say why. */
export class PulumiFailed extends CommandFailed {}

const option = (stack: string | undefined) => (stack === undefined ? [] : ["--stack", stack]);

/** The parser's own error quotes what it was given, which may be a secret. */
function parsed<T>(text: string): T {
  try {
    return JSON.parse(text) as T;
  } catch {
    throw new PulumiFailed("the answer of `pulumi` is not JSON");
  }
}

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

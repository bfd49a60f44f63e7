import { readdir } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import type { Scope } from "../provider/resources/whatsapp-provider/mark";
import { PulumiFailed, pulumi, pulumiJson } from "./pulumi";
import { type ExportedState, providersIn, type StateResource } from "./state";

/** What `pulumi` knows of the selected stack and of the others of its backend. */

/** The full name of a stack and its parts. */
export interface StackName extends Scope {
  /** As `--stack` takes it, wherever it is run. */
  readonly full: string;
}

const option = (stack: string | undefined) => (stack === undefined ? [] : ["--stack", stack]);

/** The selected stack, or the one of that name. */
export async function stackName(stack?: string): Promise<StackName> {
  const full = (await pulumi("stack", "--show-name", "-Q", ...option(stack))).trim();
  const [name = "", project = "", organization = ""] = full.split("/").reverse();
  return { full, stack: name, project, organization };
}

/** The state of a stack. */
export async function exportState(stack?: string, { secrets = false } = {}): Promise<ExportedState> {
  const { deployment } = await pulumiJson<{
    deployment?: { resources?: StateResource[]; pending_operations?: unknown[] };
  }>("stack", "export", ...(secrets ? ["--show-secrets"] : []), ...option(stack));
  return {
    resources: deployment?.resources ?? [],
    hasPending: (deployment?.pending_operations ?? []).length > 0,
  };
}

/** Reads a key of a stack's `clevertap:` configuration, secrets in clear. */
export async function configOfStack(stack?: string): Promise<(key: string) => string | undefined> {
  const values = await pulumiJson<Record<string, { value?: string; objectValue?: unknown }>>(
    ...["config", "--show-secrets", "--json"],
    ...option(stack),
  );
  return (key) => {
    const entry = values[`clevertap:${key}`];
    return entry?.objectValue === undefined ? entry?.value : JSON.stringify(entry.objectValue);
  };
}

/** The scopes of a stack's marks: with each of the prefixes, and without one, for marks older than the prefix. */
export function scopesOf(name: Scope, prefixes: readonly (string | undefined)[]): Scope[] {
  const distinct = new Set([undefined, ...prefixes.map((prefix) => prefix || undefined)]);
  return [...distinct].map((prefix) => ({ ...name, prefix }));
}

/** The stacks of the backend, whatever project they are of. */
function stacksOfBackend(): Promise<{ name: string; updateInProgress?: boolean }[]> {
  return pulumiJson("stack", "ls", "--all", "-Q", "--json");
}

/** Stacks of the backend that are searched; more would take many minutes. */
const MAX_STACKS = 500;

/** Ids of the providers in the states of the backend's other stacks, each with its stack: a stack was renamed, or a resource moved. */
export async function idsOfOtherStacks({ full }: StackName): Promise<Map<string, string>> {
  const ids = new Map<string, string>();
  const unread: string[] = [];
  const others = (await stacksOfBackend()).filter(({ name }) => name !== full);
  for (const [i, { name }] of others.entries()) {
    try {
      if (i >= MAX_STACKS) throw new PulumiFailed("too many stacks");
      for (const { id } of providersIn(await exportState(name))) if (id) ids.set(id, name);
    } catch (error) {
      if (!(error instanceof PulumiFailed)) throw error;
      unread.push(name);
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
  const url = await backendUrl();
  if (/^https?:/.test(url))
    return (await stacksOfBackend()).find(({ name }) => name === full)?.updateInProgress ?? false;
  const folder = folderOf(url);
  if (folder === undefined) return undefined;
  try {
    return (await readdir(join(folder, ".pulumi/locks", full))).length > 0;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ENOENT" ? undefined : Promise.reject(error);
  }
}

/** The folder of the file backend that `pulumi` is logged in to. @throws PulumiFailed where it is of another kind */
export async function backendFolder(): Promise<string> {
  const folder = folderOf(await backendUrl());
  if (folder !== undefined) return folder;
  throw new PulumiFailed(
    "the backend is no folder on this machine: name the folder of a file backend, a copy of a bucket, or exported states",
  );
}

async function backendUrl(): Promise<string> {
  return (await pulumiJson<{ url?: string }>("whoami", "--json")).url ?? "";
}

function folderOf(url: string): string | undefined {
  if (!url.startsWith("file://")) return undefined;
  const path = decodeURIComponent(url.slice("file://".length).replace(/\?.*$/, ""));
  return path.replace(/^~/, homedir());
}

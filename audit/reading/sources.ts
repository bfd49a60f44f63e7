import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { AuditProblem } from "../problem";
import { contentAt, revisionIn } from "./git";
import { type AuditState, readState } from "./state";

/** Where states come from: a file, standard input (`-`), `REV:FILE` of a git repository, a folder, a file backend. */

/** A file that a state may be in; `.bak` and `.attrs` of a backend are none. */
const STATE_FILE = /\.json(\.gz|\.zst)?$/;

/** Reads one state. @throws AuditProblem */
export async function stateFrom(source: string): Promise<AuditState> {
  if (source === "-") return readState(await buffer(process.stdin), "standard input");
  if (existsSync(source)) return readState(fileAt(source), source);
  const revision = revisionIn(source);
  if (revision) return readState(await contentAt(revision), source);
  throw new AuditProblem(`There is no file ${source}`);
}

/** Reads every present state of a source: a folder may hold many. @throws AuditProblem */
export async function statesFrom(source: string): Promise<AuditState[]> {
  if (!isFolder(source)) return [await stateFrom(source)];
  const files = stateFilesIn(source);
  if (files.length === 0) throw new AuditProblem(`${source} holds no state: no file that ends with .json`);
  return files.map((file) => readState(fileAt(file), file));
}

/** The states of a file backend, or the files of a folder of exported states. */
export function stateFilesIn(folder: string): string[] {
  const stacks = backendFolder(folder, "stacks");
  if (stacks === undefined) return filesIn(folder, false);
  return filesIn(stacks, true);
}

/** The folder `.pulumi/<name>` of a file backend, whichever of its folders was named. */
export function backendFolder(folder: string, name: "stacks" | "history"): string | undefined {
  return [join(folder, ".pulumi", name), join(folder, name)].find(
    (path) => isFolder(path) && existsSync(join(path, "..", "stacks")),
  );
}

export function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** @throws AuditProblem */
export function fileAt(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const reason = code === "EISDIR" ? "it is a folder, and one file is wanted" : `${code}`;
    throw new AuditProblem(`${path} can't be read: ${reason}`);
  }
}

/** Files of states, by name. */
function filesIn(folder: string, recursive: boolean): string[] {
  return readdirSync(folder, { recursive, encoding: "utf8" })
    .filter((name) => STATE_FILE.test(name))
    .sort()
    .map((name) => join(folder, name))
    .filter((path) => !isFolder(path));
}

import { execFile } from "node:child_process";
import { basename, dirname } from "node:path";
import { promisify } from "node:util";
import { AuditProblem } from "../problem";

/** What git keeps of a file: read only, by the user's own git. */

const run = promisify(execFile);
const LIMIT = 512 * 1024 * 1024;
const SEPARATOR = "\x1f";

/** A commit that changed a file. */
export interface Commit {
  readonly id: string;
  readonly author: string;
  readonly email: string;
  /** RFC 3339. */
  readonly time: string;
  readonly subject: string;
}

/** A file of a repository at a revision. */
export interface Revision {
  /** Folder in which git runs. */
  readonly folder: string;
  readonly revision: string;
  /** Path as git takes it in that folder. */
  readonly path: string;
}

/** `REV:FILE`, the file as seen from this folder. @returns undefined where it has another form */
export function revisionIn(text: string): Revision | undefined {
  const [, revision, path] = /^([^:]+):(.+)$/s.exec(text) ?? [];
  // A revision never begins with a dash, which git would take for an option.
  if (revision === undefined || path === undefined || revision.startsWith("-")) return undefined;
  return {
    folder: ".",
    revision,
    path: path.startsWith("./") || path.startsWith("../") ? path : `./${path}`,
  };
}

/** The content of a file at a revision. @throws AuditProblem */
export async function contentAt({ folder, revision, path }: Revision): Promise<Buffer> {
  return git(folder, ["cat-file", "blob", `${revision}:${path}`], `${revision}:${path}`);
}

/** The commits that changed a file, oldest first. @param range as `git log` takes it: `HEAD`, `A..B` @throws AuditProblem */
export async function commitsOf(
  file: string,
  range = "HEAD",
): Promise<(Commit & { readonly at: Revision })[]> {
  const folder = dirname(file);
  const path = `./${basename(file)}`;
  const format = ["%H", "%an", "%ae", "%aI", "%s"].join(SEPARATOR);
  const args = ["log", "--reverse", "-z", `--format=${format}`, "--end-of-options", range, "--", path];
  const lines = (await git(folder, args, file)).toString("utf8").split("\0").filter(Boolean);
  return lines.map((line) => {
    const [id = "", author = "", email = "", time = "", subject = ""] = line.split(SEPARATOR);
    return {
      id,
      author,
      email,
      time: new Date(time).toISOString(),
      subject,
      at: { folder, revision: id, path },
    };
  });
}

/** The commit that last changed a file before, or at, a revision. */
export async function lastCommit({ folder, revision, path }: Revision): Promise<Commit | undefined> {
  return (await commitsOf(`${folder}/${path}`, revision)).at(-1);
}

async function git(folder: string, args: readonly string[], what: string): Promise<Buffer> {
  try {
    const { stdout } = await run("git", args, { cwd: folder, maxBuffer: LIMIT, encoding: "buffer" });
    return stdout;
  } catch (error) {
    const { code } = error as { code?: unknown };
    throw new AuditProblem(
      code === "ENOENT"
        ? "There is no `git` on PATH, or no such folder"
        : `git knows no ${what}: check the revision and the path, and run this inside the repository`,
    );
  }
}

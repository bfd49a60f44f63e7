import { createHash, randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, dirname, isAbsolute, join } from "node:path";
import { withLock } from "../lock.mjs";
import { demoFolder } from "../paths.mjs";
import { note, stage } from "../progress.mjs";
import { SetupProblem } from "../setup-problem.mjs";

const stampName = ".complete.json";

/** Can files be made in this folder? Makes the folder when it is missing. */
export async function writable(folder) {
  try {
    await mkdir(folder, { recursive: true });
    const probe = join(folder, `.probe-${randomUUID()}`);
    await writeFile(probe, "");
    await rm(probe);
    return true;
  } catch {
    return false;
  }
}

let root;

/**
 * The project's own folder under the user's cache folder (`XDG_CACHE_HOME`, else `~/.cache`). When that can't
 * be written, a folder inside the repository takes its place.
 */
export async function cacheRoot() {
  if (root) return root;
  const base = process.env.XDG_CACHE_HOME;
  // The XDG rules say to ignore a relative path.
  const wanted = join(
    base && isAbsolute(base) ? base : join(homedir(), ".cache"),
    "pulumi-clevertap-whatsapp",
  );
  const fallback = join(demoFolder, "cache");
  if (await writable(wanted)) root = wanted;
  else if (await writable(fallback)) {
    note(`The cache folder ${wanted} can't be written; ${fallback} is used instead.`);
    root = fallback;
  } else {
    throw new SetupProblem(
      `Neither ${wanted} nor ${fallback} can be written.\nSet XDG_CACHE_HOME to a folder that you may write to, and run this again.`,
    );
  }
  return root;
}

const digest = async (path) =>
  createHash("sha256")
    .update(await readFile(path))
    .digest("hex");

async function isIntact(folder) {
  try {
    const { files } = JSON.parse(await readFile(join(folder, stampName), "utf8"));
    for (const { path, size, mtimeMs, sha256 } of files) {
      const found = await stat(join(folder, path));
      if (found.size !== size) return false;
      // Hashing 100 MB at every start would be slow; a file whose time is as recorded wasn't written since.
      if (Math.abs(found.mtimeMs - mtimeMs) > 1 && (await digest(join(folder, path))) !== sha256)
        return false;
    }
    return true;
  } catch {
    return false;
  }
}

async function writeStamp(folder, watched) {
  const describe = async (path) => {
    const { size, mtimeMs } = await stat(join(folder, path));
    return { path, size, mtimeMs, sha256: await digest(join(folder, path)) };
  };
  await writeFile(
    join(folder, stampName),
    JSON.stringify({ files: await Promise.all(watched.map(describe)) }),
  );
}

const runs = (pid) => {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === "EPERM";
  }
};

/** Removes what set-ups of this folder left behind that were killed. */
async function removeLeftovers(folder) {
  for (const name of await readdir(dirname(folder))) {
    const [, pid] = name.split(`${basename(folder)}.tmp-`);
    if (pid && !runs(Number.parseInt(pid, 10)))
      await rm(join(dirname(folder), name), { recursive: true, force: true });
  }
}

/**
 * A folder that is either complete or not there: `build` fills a temporary sibling, which is renamed into place
 * when `build` has returned. A folder that lacks its stamp or a watched file, or has one of another content, is made again.
 *
 * @param {string} title what the progress line says
 * @param {string} folder absolute path of the finished folder
 * @param {object} recipe
 * @param {(folder: string, detail: (text: string) => void) => Promise<string[]>} recipe.build fills the folder and
 * tells how far it is; returns the files to watch, relative
 * @param {(folder: string) => Promise<boolean>} [recipe.works] a last check of a complete folder, such as running it
 * @returns {Promise<string>} `folder`
 */
export async function ensureFolder(title, folder, { build, works = async () => true }) {
  const good = async () => (await isIntact(folder)) && (await works(folder));
  if (await good()) return folder;
  const [parent, name] = [dirname(folder), basename(folder)];
  await mkdir(parent, { recursive: true });
  await stage(title, (detail) => {
    const make = async () => {
      if (await good()) return;
      await removeLeftovers(folder);
      const temporary = `${folder}.tmp-${process.pid}-${randomUUID().slice(0, 8)}`;
      await mkdir(temporary, { recursive: true });
      try {
        await writeStamp(temporary, await build(temporary, detail));
        if (!(await works(temporary)))
          throw new SetupProblem(`What was put into ${folder} does not run here.`);
        if (!(await good())) await rm(folder, { recursive: true, force: true });
        // An old Node has no lock: another process may have been faster.
        await rename(temporary, folder).catch(async (error) => {
          if (!(await good())) throw error;
        });
      } finally {
        await rm(temporary, { recursive: true, force: true });
      }
    };
    return withLock(join(parent, "locks", name), make, detail);
  });
  return folder;
}

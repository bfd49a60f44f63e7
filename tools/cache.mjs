import { createHash, randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { homedir, hostname } from "node:os";
import { dirname, isAbsolute, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { demoFolder } from "./paths.mjs";
import { SetupProblem } from "./problem.mjs";
import { note } from "./progress.mjs";

const stampName = ".complete.json";
const heartbeatMs = 2_000;
/** A lock without a heartbeat for this long is nobody's, whatever its process id says (ids are used again). */
const staleMs = 30_000;

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

async function readOwner(lock) {
  try {
    const owner = JSON.parse(await readFile(join(lock, "owner.json"), "utf8"));
    return { ...owner, beat: (await stat(join(lock, "owner.json"))).mtimeMs };
  } catch {
    // Being written or being removed just now, or left half-made: its own age decides.
    const made = await stat(lock).catch(() => undefined);
    return made && { beat: made.mtimeMs };
  }
}

/** On this machine the process is looked for; "unknown" is another machine's (a shared home) or no readable owner. */
function processOf(owner) {
  if (owner.host !== hostname() || !owner.pid) return "unknown";
  try {
    process.kill(owner.pid, 0);
    return "there";
  } catch (error) {
    return error.code === "EPERM" ? "there" : "gone";
  }
}

const alive = (owner) => processOf(owner) !== "gone" && Date.now() - owner.beat < staleMs;

/** Removes a lock whose owner is gone; a second lock keeps two waiters from removing each other's new one. */
async function removeStale(lock) {
  const takeover = `${lock}.takeover`;
  try {
    await mkdir(takeover);
  } catch {
    const age = await stat(takeover).catch(() => undefined);
    if (age && Date.now() - age.mtimeMs > staleMs) await rm(takeover, { recursive: true, force: true });
    return;
  }
  try {
    let owner = await readOwner(lock);
    if (owner && !alive(owner) && processOf(owner) !== "gone") {
      // A machine that slept has old heartbeats everywhere: let the owner, if it lives, make a new one.
      await sleep(2 * heartbeatMs);
      owner = await readOwner(lock);
    }
    if (owner && !alive(owner)) await rm(lock, { recursive: true, force: true });
  } finally {
    await rm(takeover, { recursive: true, force: true });
  }
}

/**
 * Takes the lock `lock` (a folder). Waits for another process that holds it; takes it over when that process is gone.
 *
 * @param {string} lock
 * @param {(text: string) => void} [detail] told whom it waits for
 * @returns {Promise<() => Promise<void>>} gives the lock back
 */
export async function acquireLock(lock, detail = () => {}) {
  await mkdir(dirname(lock), { recursive: true });
  for (;;) {
    try {
      await mkdir(lock);
      break;
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
    }
    const owner = await readOwner(lock);
    if (owner && !alive(owner)) await removeStale(lock);
    else {
      detail(`waiting for another run${owner?.pid ? ` (process ${owner.pid})` : ""}`);
      await sleep(200);
    }
  }
  detail("");
  const ownerFile = join(lock, "owner.json");
  await writeFile(ownerFile, JSON.stringify({ pid: process.pid, host: hostname() }));
  const heartbeat = setInterval(() => {
    const now = new Date();
    utimes(ownerFile, now, now).catch(() => {});
  }, heartbeatMs);
  heartbeat.unref();
  return async () => {
    clearInterval(heartbeat);
    await rm(lock, { recursive: true, force: true });
  };
}

/**
 * Runs `work` while holding the lock: see acquireLock.
 *
 * @template T
 * @param {string} lock
 * @param {() => Promise<T>} work
 * @param {(text: string) => void} [detail]
 * @returns {Promise<T>}
 */
export async function withLock(lock, work, detail) {
  const release = await acquireLock(lock, detail);
  try {
    return await work();
  } finally {
    await release();
  }
}

export async function fileDigest(path) {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest("hex");
}

async function isIntact(folder) {
  let stamp;
  try {
    stamp = JSON.parse(await readFile(join(folder, stampName), "utf8"));
  } catch {
    return false;
  }
  for (const file of stamp.files) {
    const path = join(folder, file.path);
    const found = await stat(path).catch(() => undefined);
    if (!found || found.size !== file.size) return false;
    // Hashing 100 MB at every start would be slow; a file whose time is as recorded wasn't written since.
    if (Math.abs(found.mtimeMs - file.mtimeMs) > 1 && (await fileDigest(path)) !== file.sha256) return false;
  }
  return true;
}

async function writeStamp(folder, watched) {
  const files = [];
  for (const path of watched) {
    const found = await stat(join(folder, path));
    files.push({
      path,
      size: found.size,
      mtimeMs: found.mtimeMs,
      sha256: await fileDigest(join(folder, path)),
    });
  }
  await writeFile(join(folder, stampName), JSON.stringify({ files }));
}

/**
 * A folder that is either complete or not there: `build` fills a temporary sibling, which is renamed into place
 * when `build` has returned. A folder that lacks its stamp or a watched file, or has one of another content, is made again.
 *
 * @param {string} folder absolute path of the finished folder
 * @param {object} recipe
 * @param {(folder: string) => Promise<string[]>} recipe.build fills the folder; returns the files to watch, relative
 * @param {(folder: string) => Promise<boolean>} [recipe.works] a last check of a complete folder, such as running it
 * @param {(text: string) => void} [recipe.detail] progress
 * @returns {Promise<string>} `folder`
 */
export async function ensureFolder(folder, { build, works = async () => true, detail }) {
  const good = async () => (await isIntact(folder)) && (await works(folder));
  if (await good()) return folder;
  return withLock(
    `${folder}.lock`,
    async () => {
      if (await good()) return folder;
      await removeLeftovers(folder);
      const temporary = `${folder}.tmp-${process.pid}-${randomUUID().slice(0, 8)}`;
      await mkdir(temporary, { recursive: true });
      try {
        await writeStamp(temporary, await build(temporary));
        if (!(await works(temporary)))
          throw new SetupProblem(`What was put into ${folder} does not run here.`);
        await rm(folder, { recursive: true, force: true });
        await rename(temporary, folder);
      } finally {
        await rm(temporary, { recursive: true, force: true });
      }
      return folder;
    },
    detail,
  );
}

/** Under the lock no other process builds this folder, so every temporary sibling is a killed set-up's. */
async function removeLeftovers(folder) {
  const parent = dirname(folder);
  const prefix = `${folder.slice(parent.length + 1)}.tmp-`;
  for (const name of await readdir(parent)) {
    if (name.startsWith(prefix)) await rm(join(parent, name), { recursive: true, force: true });
  }
}

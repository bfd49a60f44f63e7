import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const SQLITE_BUSY = 5;

/** Node's SQLite, without its notice that the module is young. An older Node, which only fetches a newer one, has none. */
function sqlite() {
  const emit = process.emitWarning;
  process.emitWarning = () => {};
  try {
    return process.getBuiltinModule?.("node:sqlite");
  } finally {
    process.emitWarning = emit;
  }
}

/**
 * Waits until no other process holds `file`, and holds it. Node locks no files, but its SQLite does, by the operating
 * system, which frees the lock when the process ends, however it ends: nothing stale is ever left behind.
 *
 * @param {string} file made when it is missing; nobody else's
 * @param {(text: string) => void} [detail] told that it waits
 * @returns {Promise<() => Promise<void>>} gives the lock back
 */
export async function acquireLock(file, detail = () => {}) {
  const { DatabaseSync } = sqlite() ?? {};
  if (!DatabaseSync) return async () => {};
  await mkdir(dirname(file), { recursive: true });
  let database;
  for (;;) {
    try {
      database ??= new DatabaseSync(file);
      database.exec("BEGIN EXCLUSIVE");
      break;
    } catch (error) {
      // A file system without locks: better to go on unguarded than not at all.
      if (error.errcode !== SQLITE_BUSY) break;
      detail("waiting for another run");
      await sleep(200);
    }
  }
  detail("");
  return async () => database?.close();
}

/**
 * Runs `work` while holding the lock: see acquireLock.
 *
 * @template T
 * @param {string} file
 * @param {() => Promise<T>} work
 * @param {(text: string) => void} [detail]
 * @returns {Promise<T>}
 */
export async function withLock(file, work, detail) {
  const release = await acquireLock(file, detail);
  try {
    return await work();
  } finally {
    await release();
  }
}

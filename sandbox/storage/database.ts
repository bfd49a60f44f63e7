import { createHash } from "node:crypto";
import { chmodSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { sqlite } from "../../server/sqlite";
import type { Answers, Collection, KeptAnswer } from "../../server/storage";

/** Opens the database: `sandbox.db` in the folder, or one in memory. It holds credentials, so only its owner may read it. */
export function openDatabase(dataDir: string | undefined): DatabaseSync {
  const { DatabaseSync } = sqlite();
  if (dataDir !== undefined) mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const file = dataDir === undefined ? ":memory:" : join(dataDir, "sandbox.db");
  const database = new DatabaseSync(file);
  if (dataDir !== undefined) chmodSync(file, 0o600);
  database.exec("PRAGMA busy_timeout = 2000; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;");
  return database;
}

export function createTable(database: DatabaseSync, table: string): void {
  database.exec(`CREATE TABLE IF NOT EXISTS ${table} (key TEXT PRIMARY KEY, document TEXT NOT NULL)`);
}

/** A table as a collection. What is read comes from memory; what is put goes to the database first. */
export function collection<T>(database: DatabaseSync, table: string): Collection<T> {
  createTable(database, table);
  const rows = database.prepare(`SELECT key, document FROM ${table} ORDER BY rowid`).all();
  const documents = new Map<string, T>(
    rows.map((row) => [String(row.key), JSON.parse(String(row.document))]),
  );
  return {
    get: (key) => documents.get(key),
    all: () => [...documents.values()],
    put(key, document) {
      const sql = `INSERT INTO ${table} VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET document = excluded.document`;
      database.prepare(sql).run(key, JSON.stringify(document));
      documents.set(key, document);
    },
    remove(key) {
      database.prepare(`DELETE FROM ${table} WHERE key = ?`).run(key);
      documents.delete(key);
    },
    clear() {
      database.exec(`DELETE FROM ${table}`);
      documents.clear();
    },
  };
}

/** Answers under an Idempotency-Key, kept in a collection. */
export function answersIn(kept: Collection<KeptAnswer>): Answers {
  return {
    digest: (body) => createHash("sha256").update(body).digest("hex"),
    get: kept.get,
    put: kept.put,
    removeBefore(time) {
      for (const { name, created } of kept.all()) if (created < time) kept.remove(name);
    },
  };
}

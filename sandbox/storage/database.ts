import { chmodSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import type { Collection } from "../../server/storage";

/** Node's SQLite without its notice that the module is young, which would only puzzle users of the command. */
function sqlite(): typeof import("node:sqlite") {
  const emit = process.emitWarning;
  process.emitWarning = () => {};
  try {
    return require("node:sqlite");
  } finally {
    process.emitWarning = emit;
  }
}

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

import { chmodSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS providers (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT UNIQUE NOT NULL, account TEXT NOT NULL, nickname TEXT NOT NULL,
    mobile_number TEXT NOT NULL, http_endpoint TEXT NOT NULL, headers TEXT NOT NULL, is_default INTEGER NOT NULL,
    auto_reply INTEGER NOT NULL, max_concurrent INTEGER NOT NULL, reference TEXT, in_use INTEGER NOT NULL DEFAULT 0,
    revision INTEGER NOT NULL, created_at TEXT NOT NULL, updated_at TEXT NOT NULL, UNIQUE (account, mobile_number));
  CREATE TABLE IF NOT EXISTS idempotency (
    account TEXT NOT NULL, key TEXT NOT NULL, digest TEXT NOT NULL, status INTEGER NOT NULL, headers TEXT NOT NULL,
    body TEXT NOT NULL, created INTEGER NOT NULL, PRIMARY KEY (account, key));
  CREATE TABLE IF NOT EXISTS callbacks (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, account TEXT NOT NULL, kind TEXT NOT NULL, subject TEXT NOT NULL,
    status TEXT NOT NULL, body TEXT NOT NULL, received_at TEXT NOT NULL);
  CREATE INDEX IF NOT EXISTS callbacks_by_subject ON callbacks (account, kind, subject);
  CREATE TABLE IF NOT EXISTS incoming_urls (number TEXT PRIMARY KEY, url TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS notes (name TEXT PRIMARY KEY, value TEXT NOT NULL);
`;

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
  database.exec(SCHEMA);
  return database;
}

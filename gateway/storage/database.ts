import { chmodSync, closeSync, existsSync, mkdirSync, openSync } from "node:fs";
import { join } from "node:path";
import type { DatabaseSync, SQLInputValue, SQLOutputValue, StatementSync } from "node:sqlite";
import { sqlite } from "../../server/sqlite";
import { MIGRATIONS } from "./migrations";

/** A row by column. */
export type Row = Record<string, SQLOutputValue>;

/** The gateway's SQLite file. Every change is one transaction: {@link Database.atOnce}. */
export interface Database {
  /** How many statements have run, for tests that count. */
  readonly executed: number;
  run(sql: string, ...values: SQLInputValue[]): void;
  row(sql: string, ...values: SQLInputValue[]): Row | undefined;
  rows(sql: string, ...values: SQLInputValue[]): Row[];
  /** What the column `document` of the first row holds. */
  one<T>(sql: string, ...values: SQLInputValue[]): T | undefined;
  /** What the column `document` of each row holds. */
  all<T>(sql: string, ...values: SQLInputValue[]): T[];
  /** The next number of a counter, from 1; no number comes twice. Only within {@link Database.atOnce}. */
  next(counter: string): number;
  /** Does the work as a whole or not at all. Within another one it is a part of that. */
  atOnce<T>(work: () => T): T;
  /** What the work would do: it is done and taken back. */
  rehearse<T>(work: () => T): T;
  /** What the running transaction deletes is a secret: after it the journal is emptied, which would still hold it. */
  forgetsSecrets(): void;
  /** A copy into a new file, consistent whatever runs beside it. */
  backup(file: string): void;
  close(): void;
}

/** The database's file in a data folder. */
export const databaseFile = (dataDir: string) => join(dataDir, "gateway.db");

/** The database is of a newer version of the package. */
export class NewerDatabase extends Error {}

/**
 * Opens the database, makes it where there is none, and brings an older one up to date.
 *
 * @throws NewerDatabase
 */
export function openDatabase(dataDir: string, migrations: readonly string[] = MIGRATIONS): Database {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const file = databaseFile(dataDir);
  // Only its owner may read it, from the first byte on.
  if (!existsSync(file)) closeSync(openSync(file, "a", 0o600));
  chmodSync(file, 0o600);
  const { DatabaseSync } = sqlite();
  const connection = new DatabaseSync(file);
  // FULL: an answer that went out is on the disk. secure_delete: what is deleted is overwritten with zeros.
  connection.exec(`PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
    PRAGMA secure_delete = ON; PRAGMA trusted_schema = OFF`);
  const database = wrapped(connection);
  try {
    migrate(connection, database, migrations);
  } catch (error) {
    connection.close();
    throw error;
  }
  // What a killed process has left in the journal may hold secrets that are deleted since.
  connection.prepare("PRAGMA wal_checkpoint(TRUNCATE)").get();
  return database;
}

function migrate(connection: DatabaseSync, database: Database, migrations: readonly string[]): void {
  // One transaction, and the version read within it: two that start together don't both migrate.
  database.atOnce(() => {
    const version = Number(database.row("PRAGMA user_version")?.user_version);
    if (version > migrations.length)
      throw new NewerDatabase(
        `The data are of version ${version}, and this package knows versions up to ${migrations.length}: install the newer package again.`,
      );
    for (const migration of migrations.slice(version)) connection.exec(migration);
    connection.exec(`PRAGMA user_version = ${migrations.length}`);
  });
}

class TakenBack extends Error {}

function wrapped(connection: DatabaseSync): Database {
  const statements = new Map<string, StatementSync>();
  let executed = 0;
  let isInside = false;
  let forgets = false;
  /** Moves the journal into the file itself, and empties it. */
  const emptyJournal = () => void connection.prepare("PRAGMA wal_checkpoint(TRUNCATE)").get();
  const statement = (sql: string) => {
    executed += 1;
    const known = statements.get(sql) ?? connection.prepare(sql);
    statements.set(sql, known);
    return known;
  };
  const document = (row: Row) => JSON.parse(String(row.document));
  const database: Database = {
    get executed() {
      return executed;
    },
    run: (sql, ...values) => void statement(sql).run(...values),
    row: (sql, ...values) => statement(sql).get(...values),
    rows: (sql, ...values) => statement(sql).all(...values),
    one(sql, ...values) {
      const row = database.row(sql, ...values);
      return row && document(row);
    },
    all: (sql, ...values) => database.rows(sql, ...values).map(document),
    next(counter) {
      const sql =
        "INSERT INTO counter VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET value = value + 1 RETURNING value";
      return Number(database.row(sql, counter)?.value);
    },
    atOnce(work) {
      if (isInside) return work();
      connection.exec("BEGIN IMMEDIATE");
      isInside = true;
      forgets = false;
      try {
        const result = work();
        connection.exec("COMMIT");
        if (forgets) emptyJournal();
        return result;
      } catch (error) {
        if (connection.isTransaction) connection.exec("ROLLBACK");
        throw error;
      } finally {
        isInside = false;
      }
    },
    rehearse<T>(work: () => T): T {
      if (isInside) throw new Error("A rehearsal within a transaction would take back the whole of it.");
      let result: { readonly value: T } | undefined;
      try {
        return database.atOnce(() => {
          result = { value: work() };
          throw new TakenBack();
        });
      } catch (error) {
        if (error instanceof TakenBack && result) return result.value;
        throw error;
      }
    },
    forgetsSecrets() {
      forgets = true;
    },
    backup(to) {
      if (existsSync(to)) throw new Error(`${to} exists.`);
      closeSync(openSync(to, "wx", 0o600));
      connection.prepare("VACUUM INTO ?").run(to);
    },
    close() {
      emptyJournal();
      connection.close();
    },
  };
  return database;
}

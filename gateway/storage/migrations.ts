/** A document with its key, and columns that SQLite reads out of it, so that a listing finds its rows by an index. */
const column = (name: string, path: string) =>
  `${name} GENERATED ALWAYS AS (document ->> '$.${path}') VIRTUAL`;

/**
 * What brings the database from one version to the next; the first makes a new one. A line that has been released is never
 * edited: a change is a new line.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE note (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
  CREATE TABLE counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT;
  CREATE TABLE account (id TEXT PRIMARY KEY, document TEXT NOT NULL);
  CREATE TABLE operator (name TEXT PRIMARY KEY, document TEXT NOT NULL);
  CREATE TABLE session (id TEXT PRIMARY KEY, document TEXT NOT NULL, ${column("expires", "expires")});
  CREATE INDEX session_by_time ON session (expires);
  CREATE TABLE answer (name TEXT PRIMARY KEY, document TEXT NOT NULL, ${column("created", "created")});
  CREATE INDEX answer_by_time ON answer (created);

  CREATE TABLE provider (seq INTEGER PRIMARY KEY, document TEXT NOT NULL,
    ${column("id", "id")}, ${column("account", "account")}, ${column("number", "values.mobileNumber")},
    ${column("is_default", "values.isDefault")});
  CREATE UNIQUE INDEX provider_by_id ON provider (id);
  CREATE INDEX provider_by_number ON provider (account, number, seq);
  CREATE INDEX provider_by_account ON provider (account, seq);
  CREATE INDEX provider_default ON provider (account) WHERE is_default;

  CREATE TABLE attested (account TEXT NOT NULL, number TEXT NOT NULL, document TEXT NOT NULL,
    ${column("at", "at")}, ${column("is_default", "values.isDefault")}, PRIMARY KEY (account, number));
  CREATE INDEX attested_default ON attested (account) WHERE is_default;
  CREATE INDEX attested_by_time ON attested (at);

  CREATE TABLE task (n INTEGER PRIMARY KEY, document TEXT NOT NULL,
    ${column("state", "state")}, ${column("account", "account")}, ${column("number", "number")},
    ${column("provider", "provider")});
  CREATE UNIQUE INDEX task_open ON task (account, number) WHERE state = 'open';
  CREATE UNIQUE INDEX task_taken ON task (account, number) WHERE state = 'taken';
  CREATE INDEX task_by_state ON task (state, n);
  CREATE INDEX task_by_number ON task (account, number, n);

  CREATE TABLE sealed (account TEXT NOT NULL, number TEXT NOT NULL, header TEXT NOT NULL, digest TEXT NOT NULL,
    box BLOB NOT NULL, PRIMARY KEY (account, number, header, digest)) STRICT;

  CREATE TABLE log (seq INTEGER PRIMARY KEY, document TEXT NOT NULL);
  CREATE TRIGGER log_is_never_changed BEFORE UPDATE ON log BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
  CREATE TRIGGER log_is_never_cut BEFORE DELETE ON log BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
  `,
];

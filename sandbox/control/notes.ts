import type { DatabaseSync } from "node:sqlite";

/** Small values that outlive a restart: Kaleyra's credentials when they were changed, the last campaign. */
export interface Notes {
  get<T>(name: string): T | undefined;
  set(name: string, value: unknown): void;
}

export function notesOf(database: DatabaseSync): Notes {
  return {
    get<T>(name: string): T | undefined {
      const row = database.prepare("SELECT value FROM notes WHERE name = ?").get(name);
      return row ? (JSON.parse(String(row.value)) as T) : undefined;
    },
    set(name, value) {
      database
        .prepare(
          "INSERT INTO notes (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        )
        .run(name, JSON.stringify(value));
    },
  };
}

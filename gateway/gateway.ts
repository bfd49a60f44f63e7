import { type Changes, changes } from "../web/live";
import { type Database, openDatabase } from "./storage/database";
import { type Attempts, countAttempts } from "./trust/attempts";
import { type Keys, keysOf } from "./trust/keys";

export interface GatewayOptions {
  /** Folder of the database. */
  readonly dataDir: string;
  /** The value of `GATEWAY_KEY`. Left out: the key is in the file `key` of the folder. */
  readonly key?: string;
  /** The clock. */
  readonly now?: () => Date;
}

/** What all functions of the gateway share. */
export interface Gateway {
  readonly database: Database;
  readonly keys: Keys;
  readonly attempts: Attempts;
  /** Tells open pages of each new line of the log. */
  readonly changes: Changes;
  now(): Date;
  close(): void;
}

/**
 * Opens the data of a gateway, and makes them where there are none.
 *
 * @throws KeyProblem, NewerDatabase
 */
export function openGateway({ dataDir, key, now = () => new Date() }: GatewayOptions): Gateway {
  const database = openDatabase(dataDir);
  try {
    const keys = keysOf(database, dataDir, key);
    const attempts = countAttempts(() => now().getTime());
    return { database, keys, attempts, changes: changes(), now, close: () => database.close() };
  } catch (error) {
    database.close();
    throw error;
  }
}

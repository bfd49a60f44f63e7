import type { Gateway } from "../gateway";
import type { Attestation, Declared, KeptTask, Place } from "./documents";

/** What is kept, as documents. Each change is part of a transaction: `database.atOnce`. */

export function providerOf({ database }: Gateway, id: string): Declared | undefined {
  return database.one("SELECT document FROM provider WHERE id = ?", id);
}

/** Those of a number, the newest last. */
export function declaredAt({ database }: Gateway, { account, number }: Place): Declared[] {
  const sql = "SELECT document FROM provider WHERE account = ? AND number = ? ORDER BY seq";
  return database.all(sql, account, number);
}

/** The providers that are declared as the default of their account: at most one, but for a moment. */
export function defaultsOf({ database }: Gateway, account: string): Declared[] {
  return database.all("SELECT document FROM provider WHERE account = ? AND is_default", account);
}

export function placeOf({ account, values }: Declared): Place {
  return { account, number: values.mobileNumber };
}

export function putProvider({ database }: Gateway, provider: Declared): void {
  const sql =
    "INSERT INTO provider (seq, document) VALUES (?, ?) ON CONFLICT DO UPDATE SET document = excluded.document";
  database.run(sql, provider.seq, JSON.stringify(provider));
}

export function removeProvider({ database }: Gateway, { seq }: Declared): void {
  database.run("DELETE FROM provider WHERE seq = ?", seq);
}

export function attestationOf({ database }: Gateway, { account, number }: Place): Attestation | undefined {
  return database.one("SELECT document FROM attested WHERE account = ? AND number = ?", account, number);
}

export function putAttestation(
  { database }: Gateway,
  { account, number }: Place,
  document: Attestation,
): void {
  const sql =
    "INSERT INTO attested (account, number, document) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET document = excluded.document";
  database.run(sql, account, number, JSON.stringify(document));
}

export function removeAttestation({ database }: Gateway, { account, number }: Place): void {
  database.run("DELETE FROM attested WHERE account = ? AND number = ?", account, number);
}

/** What is attested as the default of an account: at most one, but for a moment. */
export function attestedDefaultsOf({ database }: Gateway, account: string): Attestation[] {
  return database.all("SELECT document FROM attested WHERE account = ? AND is_default", account);
}

/** Providers with nothing to do that were last attested before a time. */
export function dueForLook({ database }: Gateway, before: string): Declared[] {
  return database.all(
    `SELECT provider.document FROM attested
     JOIN provider ON provider.account = attested.account AND provider.number = attested.number
     WHERE attested.at < ? AND NOT provider.document ->> '$.going' AND NOT provider.document ->> '$.refused'
     AND NOT EXISTS (SELECT 1 FROM task WHERE task.account = attested.account AND task.number = attested.number
       AND task.state = 'open')
     AND NOT EXISTS (SELECT 1 FROM task WHERE task.account = attested.account AND task.number = attested.number
       AND task.state = 'taken')`,
    before,
  );
}

export function taskOf({ database }: Gateway, n: number): KeptTask | undefined {
  return database.one("SELECT document FROM task WHERE n = ?", n);
}

/** The open or the taken task of a number: there is at most one of each. */
export function taskAt(
  { database }: Gateway,
  { account, number }: Place,
  state: "open" | "taken",
): KeptTask | undefined {
  // The state stands in the text of the statement, so that SQLite sees that the index of this state fits.
  const sql = `SELECT document FROM task WHERE account = ? AND number = ? AND state = '${state}'`;
  return database.one(sql, account, number);
}

export function putTask({ database }: Gateway, task: KeptTask): void {
  const sql =
    "INSERT INTO task (n, document) VALUES (?, ?) ON CONFLICT DO UPDATE SET document = excluded.document";
  database.run(sql, task.n, JSON.stringify(task));
}

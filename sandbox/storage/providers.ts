import { randomBytes } from "node:crypto";
import type { DatabaseSync, SQLInputValue } from "node:sqlite";

/** A header pair as it is kept, with its value. */
export interface KeptHeader {
  key: string;
  value: string;
  secret: boolean;
}

/** A provider as it is kept: secrets in clear, so it never leaves the process as it is. */
export interface KeptProvider {
  readonly seq: number;
  readonly id: string;
  readonly account: string;
  nickname: string;
  mobileNumber: string;
  httpEndpoint: string;
  headers: KeptHeader[];
  isDefault: boolean;
  autoReplyUntracked: boolean;
  maxConcurrentRequests: number;
  externalReference: string | undefined;
  /** True: delete is refused with provider-in-use. */
  inUse: boolean;
  revision: number;
  readonly createdAt: string;
  updatedAt: string;
}

export type NewProvider = Omit<KeptProvider, "seq" | "id" | "revision" | "createdAt" | "updatedAt" | "inUse">;

export interface Store {
  list(
    account?: string,
    filter?: { mobileNumber?: string; afterSeq?: number; limit?: number },
  ): KeptProvider[];
  get(account: string, id: string): KeptProvider | undefined;
  find(id: string): KeptProvider | undefined;
  byNumber(account: string, mobileNumber: string): KeptProvider | undefined;
  /** Stores a new provider; being the default demotes the earlier default. */
  insert(values: NewProvider): KeptProvider;
  /** Stores the changed provider under its next revision; becoming the default demotes the earlier default. */
  update(provider: KeptProvider): KeptProvider;
  /** Not a change of the provider: its revision stays. */
  setInUse(id: string, inUse: boolean): void;
  remove(id: string): void;
  clear(): void;
}

type Row = Record<string, string | number | null>;

function fromRow(row: Row): KeptProvider {
  return {
    seq: Number(row.seq),
    id: String(row.id),
    account: String(row.account),
    nickname: String(row.nickname),
    mobileNumber: String(row.mobile_number),
    httpEndpoint: String(row.http_endpoint),
    headers: JSON.parse(String(row.headers)),
    isDefault: row.is_default === 1,
    autoReplyUntracked: row.auto_reply === 1,
    maxConcurrentRequests: Number(row.max_concurrent),
    externalReference: row.reference === null ? undefined : String(row.reference),
    inUse: row.in_use === 1,
    revision: Number(row.revision),
    createdAt: String(row.created_at),
    updatedAt: String(row.updated_at),
  };
}

/** The columns that a change may touch, in the order of the statements below. */
function columns(p: NewProvider): SQLInputValue[] {
  return [
    p.nickname,
    p.mobileNumber,
    p.httpEndpoint,
    JSON.stringify(p.headers),
    Number(p.isDefault),
    Number(p.autoReplyUntracked),
    p.maxConcurrentRequests,
    p.externalReference ?? null,
  ];
}

/** The providers in the database. Every method is one transaction. */
export function providerStore(database: DatabaseSync): Store {
  const rows = (sql: string, ...values: SQLInputValue[]) =>
    (database.prepare(sql).all(...values) as Row[]).map(fromRow);
  const one = (sql: string, ...values: SQLInputValue[]) => rows(sql, ...values)[0];

  function transaction<T>(body: () => T): T {
    database.exec("BEGIN IMMEDIATE");
    try {
      const result = body();
      database.exec("COMMIT");
      return result;
    } catch (error) {
      database.exec("ROLLBACK");
      throw error;
    }
  }
  const demote = (account: string, except: string, now: string) =>
    database
      .prepare(
        "UPDATE providers SET is_default = 0, revision = revision + 1, updated_at = ? WHERE account = ? AND is_default = 1 AND id <> ?",
      )
      .run(now, account, except);
  const find = (id: string) => one("SELECT * FROM providers WHERE id = ?", id);

  return {
    find,
    get: (account, id) => one("SELECT * FROM providers WHERE account = ? AND id = ?", account, id),
    byNumber: (account, number) =>
      one("SELECT * FROM providers WHERE account = ? AND mobile_number = ?", account, number),
    list(account, { mobileNumber, afterSeq = 0, limit = -1 } = {}) {
      const where = ["seq > ?"];
      const values: SQLInputValue[] = [afterSeq];
      if (account !== undefined) where.push("account = ?");
      if (account !== undefined) values.push(account);
      if (mobileNumber !== undefined) where.push("mobile_number = ?");
      if (mobileNumber !== undefined) values.push(mobileNumber);
      return rows(
        `SELECT * FROM providers WHERE ${where.join(" AND ")} ORDER BY seq LIMIT ?`,
        ...values,
        limit,
      );
    },
    insert(values) {
      const id = `wap_${randomBytes(8).toString("hex")}`;
      const now = new Date().toISOString();
      return transaction(() => {
        if (values.isDefault) demote(values.account, id, now);
        database
          .prepare(
            "INSERT INTO providers (nickname, mobile_number, http_endpoint, headers, is_default, auto_reply, max_concurrent, reference, id, account, revision, created_at, updated_at) VALUES (?,?,?,?,?,?,?,?,?,?,1,?,?)",
          )
          .run(...columns(values), id, values.account, now, now);
        return find(id) as KeptProvider;
      });
    },
    update(provider) {
      const now = new Date().toISOString();
      return transaction(() => {
        if (provider.isDefault) demote(provider.account, provider.id, now);
        database
          .prepare(
            "UPDATE providers SET nickname = ?, mobile_number = ?, http_endpoint = ?, headers = ?, is_default = ?, auto_reply = ?, max_concurrent = ?, reference = ?, in_use = ?, revision = revision + 1, updated_at = ? WHERE id = ?",
          )
          .run(...columns(provider), Number(provider.inUse), now, provider.id);
        return find(provider.id) as KeptProvider;
      });
    },
    setInUse(id, inUse) {
      database.prepare("UPDATE providers SET in_use = ? WHERE id = ?").run(Number(inUse), id);
    },
    clear() {
      database.exec(
        "DELETE FROM providers; DELETE FROM idempotency; DELETE FROM callbacks; DELETE FROM incoming_urls; DELETE FROM notes;",
      );
    },
    remove(id) {
      database.prepare("DELETE FROM providers WHERE id = ?").run(id);
    },
  };
}

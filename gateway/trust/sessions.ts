import { createHash, randomBytes } from "node:crypto";
import type { Gateway } from "../gateway";
import { log } from "../log";
import { checkPassword, operatorOf } from "../operators";
import type { Actor } from "./roles";

/** How long a session lasts, whatever is done in it. */
export const SESSION_HOURS = 12;
/** Wrong passwords within a quarter of an hour, by name and by address. */
const MOST_BY_NAME = 5;
const MOST_BY_ADDRESS = 20;

/** A person who has logged in. */
export interface LoggedIn {
  readonly actor: Actor;
  /** Goes into each form of the session, and is asked for with each change. */
  readonly csrf: string;
  readonly expires: Date;
}

interface KeptSession {
  readonly operator: string;
  readonly csrf: string;
  readonly expires: string;
}

/** What came of an attempt to log in. */
export type LogIn =
  | { readonly outcome: "logged in"; readonly sessionId: string; readonly session: LoggedIn }
  | { readonly outcome: "wrong" }
  | { readonly outcome: "too many"; readonly waitSeconds: number };

/** Only its hash is kept, so that who reads the database can't use it. */
const hashed = (sessionId: string) => createHash("sha256").update(sessionId).digest("hex");

/**
 * Logs a person in, under a new session id whatever the browser had.
 *
 * @param address of who asks
 * @param earlier the id that the browser sent, if any: that session ends
 */
export function logIn(
  gateway: Gateway,
  { name, password, address, earlier }: { name: string; password: string; address: string; earlier?: string },
): LogIn {
  const { attempts, database } = gateway;
  const byName = `name ${name.slice(0, 100)}`;
  const byAddress = `address ${address}`;
  const waitSeconds = Math.max(
    attempts.waitSeconds(byName, MOST_BY_NAME),
    attempts.waitSeconds(byAddress, MOST_BY_ADDRESS),
  );
  if (waitSeconds > 0) return { outcome: "too many", waitSeconds };
  const operator = password.length > 1_000 ? undefined : checkPassword(gateway, name, password);
  if (!operator) {
    attempts.failed(byName);
    attempts.failed(byAddress);
    // The name may be a password in the wrong field, so the log does not have it.
    log(gateway, { actor: operatorOf(gateway, name)?.name ?? "nobody", action: "log-in failed" });
    return { outcome: "wrong" };
  }
  attempts.succeeded(byName);
  const sessionId = randomBytes(32).toString("base64url");
  const expires = new Date(gateway.now().getTime() + SESSION_HOURS * 3_600_000);
  const kept: KeptSession = {
    operator: operator.name,
    csrf: randomBytes(32).toString("base64url"),
    expires: expires.toISOString(),
  };
  database.atOnce(() => {
    database.run("DELETE FROM session WHERE id = ?", hashed(earlier ?? ""));
    database.run("DELETE FROM session WHERE expires <= ?", gateway.now().toISOString());
    database.run("INSERT INTO session (id, document) VALUES (?, ?)", hashed(sessionId), JSON.stringify(kept));
    log(gateway, { actor: operator.name, action: "log-in" });
  });
  const { name: operatorName, role } = operator;
  return {
    outcome: "logged in",
    sessionId,
    session: { actor: { name: operatorName, role }, csrf: kept.csrf, expires },
  };
}

/** Who has logged in under this id; undefined: nobody, or the time is over. The role is today's, not that of the log-in. */
export function sessionOf(gateway: Gateway, sessionId: string): LoggedIn | undefined {
  const sql = "SELECT document FROM session WHERE id = ? AND expires > ?";
  const kept = gateway.database.one<KeptSession>(sql, hashed(sessionId), gateway.now().toISOString());
  const operator = kept && operatorOf(gateway, kept.operator);
  if (!operator) return undefined;
  const { name, role } = operator;
  return { actor: { name, role }, csrf: kept.csrf, expires: new Date(kept.expires) };
}

export function logOut(gateway: Gateway, sessionId: string): void {
  const session = sessionOf(gateway, sessionId);
  if (!session) return;
  gateway.database.atOnce(() => {
    gateway.database.run("DELETE FROM session WHERE id = ?", hashed(sessionId));
    log(gateway, { actor: session.actor.name, action: "log-out" });
  });
}

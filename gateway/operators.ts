import type { Gateway } from "./gateway";
import { log } from "./log";
import { hashOfPassword, isNobodysPassword, isPassword } from "./trust/passwords";
import { type Actor, Refused, type Role, requireRole } from "./trust/roles";

/** A person who works with the gateway. */
export interface Operator extends Actor {
  /** The password's scrypt hash. */
  readonly password: string;
  readonly createdAt: string;
}

/**
 * Adds a person, or gives an existing one another password and role; their sessions end.
 *
 * @throws Refused forbidden, invalid
 */
export function addOperator(
  gateway: Gateway,
  name: string,
  role: Role,
  password: string,
  actor: Actor,
): void {
  requireRole(actor, "admin");
  if (!/^[\p{L}\p{N}][\p{L}\p{N} ._@-]{0,63}$/u.test(name) || RESERVED.includes(name.toLowerCase()))
    throw new Refused(
      "invalid",
      "A name has 1 to 64 letters, digits, spaces or . _ @ -, and is not one of the gateway's own.",
    );
  if ([...password].length < 8 || password.length > 1_000)
    throw new Refused("invalid", "A password has at least 8 characters.");
  const hash = hashOfPassword(password);
  gateway.database.atOnce(() => {
    const before = operatorOf(gateway, name);
    const operator: Operator = {
      createdAt: gateway.now().toISOString(),
      ...before,
      name,
      role,
      password: hash,
    };
    const sql = "INSERT INTO operator VALUES (?, ?) ON CONFLICT DO UPDATE SET document = excluded.document";
    gateway.database.run(sql, name, JSON.stringify(operator));
    gateway.database.run("DELETE FROM session WHERE document ->> '$.operator' = ?", name);
    log(gateway, { actor: actor.name, action: before ? "operator change" : "operator add" });
  });
}

/** Actors of the log that are no person. */
const RESERVED = ["pulumi", "command", "schedule", "nobody"];

export function operatorOf({ database }: Gateway, name: string): Operator | undefined {
  return database.one("SELECT document FROM operator WHERE name = ?", name);
}

export function listOperators({ database }: Gateway): Operator[] {
  return database.all("SELECT document FROM operator ORDER BY name");
}

/** Is it the person's password? A name that does not exist takes as long. */
export function checkPassword(gateway: Gateway, name: string, password: string): Operator | undefined {
  const operator = operatorOf(gateway, name);
  if (!operator) return void isNobodysPassword(password);
  return isPassword(password, operator.password) ? operator : undefined;
}

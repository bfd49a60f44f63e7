/** What an operator may do; each includes what stands before it. */
export const ROLES = ["viewer", "operator", "admin"] as const;
export type Role = (typeof ROLES)[number];

/** Who acts. */
export interface Actor {
  readonly name: string;
  readonly role: Role;
}

/** Why a person can't do what they asked for; the message is for them. */
export class Refused extends Error {
  /** `forbidden`: their role; `not-found`: there is no such thing; `conflict`: things have changed since; `invalid`: what they typed. */
  constructor(
    readonly kind: "forbidden" | "not-found" | "conflict" | "invalid",
    message: string,
  ) {
    super(message);
  }
}

/** @throws Refused forbidden */
export function requireRole(actor: Actor, role: Role): void {
  if (ROLES.indexOf(actor.role) < ROLES.indexOf(role))
    throw new Refused(
      "forbidden",
      `This needs the role ${role}, and ${actor.name} has the role ${actor.role}.`,
    );
}

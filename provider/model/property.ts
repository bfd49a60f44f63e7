import type { Kind } from "./kind";

/** What a table of properties is, and what can be read from it. One property, one entry: plain data. */

/** Where a property is at the API. */
export interface Place {
  /** A member of the body: of requests and answers, or of answers only where the property is no argument. */
  readonly member?: string;
  /** A header pair of that name. */
  readonly header?: string;
  /** All header pairs that are no other property's. */
  readonly otherHeaders?: true;
}

export interface Traits<T> {
  /** Meaning, rule, unit and default, as the reference and the editor show it. */
  readonly doc: string;
  readonly example?: string;
  /** As CleverTap's form, or a person, names it, where that is not its own name in words. */
  readonly label?: string;
  readonly required?: true;
  /** Kept encrypted in state, never shown, and never in an answer. */
  readonly secret?: true;
  /** It holds these arguments, so it is a secret where a program passes one of them as a secret. */
  readonly madeOf?: readonly string[];
  /** A change makes a new provider: before the old one is deleted, or after. */
  readonly replaces?: "create-first" | "delete-first";
  /** What the API takes when it is left out. */
  readonly default?: T;
  /** The API has a default of its own: what it reports for a property that is left out is no drift. */
  readonly serverDefault?: true;
  /** An output that an object may lack. */
  readonly mayBeAbsent?: true;
  /** Sent, but never in an answer under that name. */
  readonly writeOnly?: true;
}

/** An argument; known before the object exists; or known only from the API. */
export type Role = "argument" | "early" | "output";

export interface Property<T = unknown> extends Traits<T>, Place {
  readonly role: Role;
  readonly kind: Kind<T>;
}

/** The properties of a resource by name, in the order of the reference. */
export type Table = Readonly<Record<string, Property>>;

/** Known to this program only: never sent. */
export const local: Place = {};
export const member = (name: string): Place => ({ member: name });
export const header = (name: string): Place => ({ header: name });

const inRole =
  <R extends Role>(role: R) =>
  <T, const O extends Traits<T>>(kind: Kind<T>, place: Place, traits: O) => ({
    role,
    kind,
    ...place,
    ...traits,
  });

/** An argument of the program. */
export const argument = inRole("argument");
/** Computed before the object exists: known at preview, and kept among the inputs. */
export const early = inRole("early");
/** Known only from the API. */
export const output = inRole("output");

type ValueOf<P> = P extends { kind: Kind<infer T> } ? T : never;
type Named<T, R extends Role> = {
  [N in keyof T]: T[N] extends { role: R } ? N : never;
}[keyof T];
type Required<T> = { [N in keyof T]: T[N] extends { required: true } ? N : never }[keyof T];
type Optional<T> = Exclude<Named<T, "argument">, Required<T>>;

/** Checked inputs of a table's resource: its arguments, and what is known early. */
export type InputsOf<T> = { [N in Exclude<Named<T, "argument">, Optional<T>>]: ValueOf<T[N]> } & {
  [N in Optional<T>]?: ValueOf<T[N]>;
} & { [N in Named<T, "early">]: ValueOf<T[N]> };

/** What state keeps: all of it may be missing, after `get` for one. */
export type StateOf<T> = { [N in keyof T]?: ValueOf<T[N]> };

/** A property with its name. */
export interface NamedProperty extends Property {
  readonly name: string;
}

/** The properties of a table that have one of these roles, in its order. */
export function propertiesOf(table: Table, ...roles: readonly Role[]): readonly NamedProperty[] {
  return Object.entries(table)
    .filter(([, { role }]) => roles.includes(role))
    .map(([name, property]) => ({ name, ...property }));
}

import { pairOf } from "../../contract/headers";
import { type PlainMembers, plainMembers } from "../../contract/members";

/** A header pair: an open one with its value, a secret one with what tells its value from another. */
export type FormPair =
  | { readonly key: string; readonly value: string }
  | { readonly key: string; readonly digest: string };

/** What stands in the dashboard's form, without any secret. */
export interface FormValues extends Readonly<Omit<PlainMembers, "externalReference">> {
  readonly headers: readonly FormPair[];
  readonly isDefault: boolean;
}

/** One field of the form, under the name that pages and tasks give it: a member, `isDefault`, or `header:` and a header's name. */
export interface Field {
  readonly name: string;
  /** Absent for a secret. */
  readonly value?: string | number | boolean;
  /** Of a secret. */
  readonly digest?: string;
}

const MEMBERS = Object.keys(plainMembers(() => 0)).filter(
  (name): name is keyof Omit<PlainMembers, "externalReference"> => name !== "externalReference",
);

/** The name of a header's field: header names ignore case. */
export function headerField(key: string): string {
  return `header:${key.toLowerCase()}`;
}

/** The fields in the order in which the form asks for them. */
export function fieldsOf(values: FormValues): Field[] {
  const members = MEMBERS.map((name): Field => ({ name, value: values[name] }));
  const texts = members.filter(({ value }) => typeof value === "string");
  const others = members.filter(({ value }) => value !== undefined && typeof value !== "string");
  const headers = values.headers.map(({ key, ...pair }): Field => ({ name: headerField(key), ...pair }));
  return [...texts, ...headers, { name: "isDefault", value: values.isDefault }, ...others];
}

/**
 * The fields that a person would have to change to come from one to the other. That another provider became the default
 * is none: the dashboard does it by itself.
 */
export function differences(wanted: FormValues, there: FormValues): string[] {
  const before = new Map(fieldsOf(there).map((field) => [field.name, field]));
  const after = fieldsOf(wanted);
  const changed = after.filter(({ name, value, digest }) => {
    if (name === "isDefault") return wanted.isDefault && !there.isDefault;
    const other = before.get(name);
    return other?.value !== value || other?.digest !== digest;
  });
  const names = new Set(after.map(({ name }) => name));
  const removed = [...before.keys()].filter((name) => !names.has(name));
  return [...changed.map(({ name }) => name), ...removed];
}

/** Do they say the same, in whatever order the headers come? */
export function same(left: FormValues, right: FormValues): boolean {
  return left.isDefault === right.isDefault && differences(left, right).length === 0;
}

/** What tells a secret header's value from another; undefined where the pair is open or not there. */
export function digestOf(values: FormValues, header: string): string | undefined {
  const pair = pairOf(values.headers, header);
  return pair && "digest" in pair ? pair.digest : undefined;
}

/** The secret headers with their digests. */
export function secretsOf(values: FormValues): { key: string; digest: string }[] {
  return values.headers.flatMap((pair) => ("digest" in pair ? [pair] : []));
}

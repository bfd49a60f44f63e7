import { MEMBERS } from "../../contract/members";
import type { Field } from "../model/values";

const HEADER = "header:";

/** The header's name in the name of its field; undefined for a field that is no header. */
export function headerOf(field: string): string | undefined {
  return field.startsWith(HEADER) ? field.slice(HEADER.length) : undefined;
}

/** What CleverTap's form calls a field: a header by its name. */
export function wordsOf(field: string): string {
  const member = field === "isDefault" ? MEMBERS.markAsDefault : MEMBERS[field];
  return headerOf(field) ?? member?.field?.label ?? field;
}

/** How the form shows a value: a box is ticked or not. */
export function textOf(value: Field["value"]): string {
  if (typeof value === "boolean") return value ? "ticked" : "not ticked";
  return String(value ?? "");
}

/** An id for an element of a field: header names may hold any sign but a space. */
export function idOf(prefix: string, field: string): string {
  return `${prefix}-${field}`;
}

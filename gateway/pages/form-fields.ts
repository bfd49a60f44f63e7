import { SECRET_HEADER_NAMES } from "../../contract/headers";
import type { Field } from "../model/values";

/** The words of CleverTap's form for the fields that have another name in the program. */
const WORDS: Readonly<Record<string, string>> = {
  nickname: "Nickname",
  mobileNumber: "Mobile number",
  httpEndpoint: "HTTP End Point",
  isDefault: "Mark as default",
  autoReplyUntracked: "Auto-reply to untracked users",
  maxConcurrentRequests: "Maximum concurrent requests",
};

const HEADER = "header:";

/** The header's name in the name of its field; undefined for a field that is no header. */
export function headerOf(field: string): string | undefined {
  return field.startsWith(HEADER) ? field.slice(HEADER.length) : undefined;
}

/** What the form calls a field: a header by its name. */
export function wordsOf(field: string): string {
  return headerOf(field) ?? WORDS[field] ?? field;
}

/** How the form shows a value: a box is ticked or not. */
export function textOf(value: Field["value"]): string {
  if (typeof value === "boolean") return value ? "ticked" : "not ticked";
  return String(value ?? "");
}

/** Whether nobody may read the header's value on a page: these two always, and what a program marked. */
export function isSecret({ name, digest }: Field): boolean {
  return digest !== undefined || SECRET_HEADER_NAMES.includes(headerOf(name) ?? "");
}

/** An id for an element of a field: header names may hold any sign but a space. */
export function idOf(prefix: string, field: string): string {
  return `${prefix}-${field}`;
}

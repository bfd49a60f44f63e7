/** A body as JSON, with or without a byte order mark; undefined where it is none. */
export function parseJson(body: string): unknown {
  try {
    return JSON.parse(body.replace(/^\uFEFF/, "")) as unknown;
  } catch {
    return undefined;
  }
}

/** The members of a value; none where it is no object. */
export function membersOf(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

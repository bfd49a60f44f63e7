import type { Context } from "hono";

/** The fields of a form that was sent. */
export interface SentForm {
  has(name: string): boolean;
  /** A field's text; empty where it was not sent. */
  text(name: string): string;
}

export async function formOf(c: Context): Promise<SentForm> {
  const body = await c.req.parseBody();
  return {
    has: (name) => typeof body[name] === "string",
    text(name) {
      const value = body[name];
      // A browser sends what was typed in several lines with CR and LF.
      return typeof value === "string" ? value.replaceAll("\r\n", "\n") : "";
    },
  };
}

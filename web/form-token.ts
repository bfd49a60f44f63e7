import { createHash, timingSafeEqual } from "node:crypto";
import type { Context, MiddlewareHandler } from "hono";
import { HTTPException } from "hono/http-exception";

/** Name of the hidden field with the token. */
export const FORM_TOKEN = "form-token";

const SAFE_METHODS = ["GET", "HEAD", "OPTIONS"];

function same(left: string, right: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(left), digest(right));
}

/**
 * Lets a request that changes something through only with the token that a form of these pages carries.
 *
 * @param tokenOf the token that this reader's forms carry; undefined refuses
 * @throws HTTPException 403
 */
export function requireFormToken(tokenOf: (c: Context) => string | undefined): MiddlewareHandler {
  return async (c, next) => {
    if (!SAFE_METHODS.includes(c.req.method)) {
      const wanted = tokenOf(c);
      const sent = ((await c.req.parseBody().catch(() => ({}))) as Record<string, unknown>)[FORM_TOKEN];
      if (wanted === undefined || typeof sent !== "string" || !same(sent, wanted))
        throw new HTTPException(403, {
          message: "This form is out of date. Go back, load the page again, and send it once more.",
        });
    }
    await next();
  };
}

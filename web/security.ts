import type { Context, Hono, MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { HTTPException } from "hono/http-exception";
import { secureHeaders } from "hono/secure-headers";

const NONE = ["'none'"];
const SELF = ["'self'"];

/** Nothing but the page's own files; no script or style within the page; nobody frames it. */
const headers = secureHeaders({
  contentSecurityPolicy: {
    defaultSrc: NONE,
    baseUri: NONE,
    connectSrc: SELF,
    formAction: SELF,
    frameAncestors: NONE,
    imgSrc: SELF,
    scriptSrc: SELF,
    styleSrc: SELF,
  },
  referrerPolicy: "no-referrer",
  xFrameOptions: "DENY",
  // A browser would keep it for every other program on this host.
  strictTransportSecurity: false,
});

const noStore: MiddlewareHandler = async (c, next) => {
  await next();
  c.header("Cache-Control", "no-store");
};

/** Longest form, in bytes. */
const FORM_LIMIT = 256 * 1024;

/**
 * Did another site make the browser send this? `Sec-Fetch-Site` says it; a browser that lacks it sends `Origin` with a form.
 * What no browser sent has neither.
 */
function isForeign(c: Context): boolean {
  const site = c.req.header("sec-fetch-site");
  if (site !== undefined) return site !== "same-origin" && site !== "none";
  const origin = c.req.header("origin");
  if (origin === undefined) return false;
  return !URL.canParse(origin) || new URL(origin).host !== c.req.header("host");
}

/**
 * What all pages have in common: security headers, no copy in a cache, the Host header checked against DNS rebinding, and no
 * change that another site's page asks for. Call it before any route is added.
 *
 * @param isOwnHost is this, with its port, a name of the server?
 */
export function protectPages(app: Hono, isOwnHost: (host: string) => boolean): void {
  app.use(headers, noStore);
  app.use(async (c, next) => {
    if (!isOwnHost(c.req.header("host") ?? ""))
      throw new HTTPException(403, { message: "This server has another name." });
    const changes = !["GET", "HEAD"].includes(c.req.method);
    if (changes && isForeign(c))
      throw new HTTPException(403, { message: "This request came from the page of another site." });
    await next();
  });
  app.use(bodyLimit({ maxSize: FORM_LIMIT }));
}

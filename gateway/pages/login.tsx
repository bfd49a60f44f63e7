import { randomBytes } from "node:crypto";
import { getConnInfo } from "@hono/node-server/conninfo";
import { type Context, Hono } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import type { CookieOptions } from "hono/utils/cookie";
import { requireFormToken } from "../../web/form-token";
import { ErrorSummary, PostForm, TextField } from "../../web/forms";
import { logIn } from "../trust/sessions";
import type { Site } from "./context";
import { formOf } from "./form-body";
import { PublicFrame } from "./frame";

/** Cookie of who has logged in. */
export const SESSION = "gateway-session";
/** Cookie of who has not: the form of the log-in is bound to it. */
const VISITOR = "gateway-visitor";

/** No script reads it, no other site's page sends it, and where browsers come by https it goes nowhere else. */
export function cookieOptions({ options: { addressing } }: Site): CookieOptions {
  const { publicUrl, isTls, behindProxy } = addressing;
  const secure = publicUrl === undefined ? isTls || behindProxy : publicUrl.startsWith("https:");
  return { path: "/", httpOnly: true, sameSite: "Strict", secure };
}

/** The page to go to: one of this site, whatever an address says. */
export function destination(next: string | undefined): string {
  return next !== undefined && /^\/(tasks|providers|accounts|log)(?:[/?][^\\]*)?$/.test(next)
    ? next
    : "/tasks";
}

function LogInPage({
  token,
  next,
  fault,
  name,
}: {
  token: string;
  next: string;
  fault?: string;
  name?: string;
}) {
  return (
    <PublicFrame title="Log in">
      <ErrorSummary title="You are not logged in" faults={fault === undefined ? [] : [{ message: fault }]} />
      <div class="card narrow">
        <PostForm action="/login" token={token} label="Log in">
          <input type="hidden" name="next" value={next} />
          <TextField name="name" label="Name" value={name} autocomplete="username" required />
          <TextField
            name="password"
            label="Password"
            type="password"
            autocomplete="current-password"
            required
          />
          <button type="submit" class="primary">
            Log in
          </button>
        </PostForm>
      </div>
    </PublicFrame>
  );
}

/** `/login`: for who has not logged in. */
export function logInPages(site: Site): Hono {
  const { gateway } = site;
  const tokenOf = (visitor: string | undefined) =>
    visitor === undefined ? undefined : gateway.keys.digest("log-in form", visitor);
  const visitorOf = (c: Context) => {
    const known = getCookie(c, VISITOR);
    if (known !== undefined) return known;
    const visitor = randomBytes(32).toString("base64url");
    setCookie(c, VISITOR, visitor, cookieOptions(site));
    return visitor;
  };
  const page = (c: Context, next: string, fault?: string, name?: string) => (
    <LogInPage token={tokenOf(visitorOf(c)) ?? ""} {...{ next, fault, name }} />
  );

  const app = new Hono();
  app.get("/login", (c) => c.html(page(c, destination(c.req.query("next")))));
  app.post(
    "/login",
    requireFormToken((c) => tokenOf(getCookie(c, VISITOR))),
    async (c) => {
      const form = await formOf(c);
      const name = form.text("name").trim();
      const next = destination(form.text("next"));
      const result = logIn(gateway, {
        name,
        password: form.text("password"),
        address: addressOf(c, site),
        earlier: getCookie(c, SESSION),
      });
      if (result.outcome === "too many") {
        c.header("Retry-After", String(result.waitSeconds));
        const minutes = Math.ceil(result.waitSeconds / 60);
        return c.html(page(c, next, `Too many wrong attempts. Try again in ${minutes} min.`, name), 429);
      }
      if (result.outcome === "wrong")
        return c.html(page(c, next, "The name or the password is wrong.", name), 401);
      setCookie(c, SESSION, result.sessionId, { ...cookieOptions(site), expires: result.session.expires });
      return c.redirect(next, 303);
    },
  );
  return app;
}

/** Who asks. A proxy adds the address that it saw at the end of the line; what stands before it may be made up. */
function addressOf(c: Context, { options }: Site): string {
  const forwarded = c.req.header("x-forwarded-for")?.split(",").at(-1)?.trim();
  if (options.addressing.behindProxy && forwarded) return forwarded;
  return getConnInfo(c).remote.address ?? "unknown";
}

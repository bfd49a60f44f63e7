import type { RequestListener } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { type Context, Hono } from "hono";
import { deleteCookie, getCookie } from "hono/cookie";
import { HTTPException } from "hono/http-exception";
import { assets } from "../../web/assets";
import { requireFormToken } from "../../web/form-token";
import { eventStream } from "../../web/live";
import { protectPages } from "../../web/security";
import type { Gateway } from "../gateway";
import { Refused } from "../trust/roles";
import { logOut, sessionOf } from "../trust/sessions";
import { accountPages } from "./accounts";
import type { Env, PagesOptions, Site } from "./context";
import { EVENTS, PublicFrame } from "./frame";
import { logPages } from "./log";
import { cookieOptions, destination, logInPages, SESSION } from "./login";
import { address } from "./paging";
import { providerPages } from "./providers";
import { STATUS } from "./refusal";
import { revealedSecrets } from "./revealed";
import { taskPages } from "./task-routes";
import { taskListPages } from "./tasks";

/**
 * The gateway's pages, for all addresses that are none of the API's.
 *
 * @example startGateway({ dataDir, pages: (gateway, addressing) => pages(gateway, { addressing }) })
 */
export function pages(gateway: Gateway, options: PagesOptions): RequestListener {
  const site: Site = { gateway, options, revealed: revealedSecrets(() => gateway.now().getTime()) };
  const app = new Hono();
  // Whether the host is one of its names has been looked at: the API needs that as well.
  protectPages(app, () => true);
  app.route("/", assets());
  app.route("/", logInPages(site));
  app.route("/", privatePages(site));
  app.notFound((c) => c.html(<Problem title="There is no such page" />, 404));
  app.onError((error, c) => {
    if (error instanceof Refused) return c.html(<Problem title={error.message} />, STATUS[error.kind]);
    if (error instanceof HTTPException) return c.html(<Problem title={error.message} />, error.status);
    console.error(error);
    return c.html(<Problem title="The gateway failed: see what it printed" />, 500);
  });
  return getRequestListener(app.fetch);
}

/** What only those see who have logged in. */
function privatePages(site: Site): Hono<Env> {
  const app = new Hono<Env>();
  app.use(async (c, next) => {
    const sessionId = getCookie(c, SESSION) ?? "";
    const session = sessionOf(site.gateway, sessionId);
    if (!session) return notLoggedIn(c);
    c.set("session", session);
    c.set("sessionId", sessionId);
    return next();
  });
  app.use(requireFormToken((c) => c.get("session").csrf));
  app.get("/", (c) => c.redirect("/tasks"));
  app.get(EVENTS, (c) => eventStream(c, site.gateway.changes));
  app.post("/logout", (c) => {
    logOut(site.gateway, c.get("sessionId"));
    deleteCookie(c, SESSION, cookieOptions(site));
    return c.redirect("/login", 303);
  });
  for (const part of [taskListPages, taskPages, providerPages, accountPages, logPages])
    app.route("/", part(site));
  return app;
}

function notLoggedIn(c: Context): Response | Promise<Response> {
  if (c.req.method !== "GET") return c.html(<Problem title="You are not logged in" />, 403);
  const { pathname, search } = new URL(c.req.url);
  // A link on another site's page comes without the cookie. From a page of this site the browser sends it.
  if (c.req.header("sec-fetch-site") === "cross-site")
    return c.html(<Continue to={destination(pathname + search)} />);
  return c.redirect(address("/login", { next: pathname + search }), 303);
}

function Continue({ to }: { to: string }) {
  return (
    <PublicFrame title="You come from another site">
      <meta http-equiv="refresh" content={`0;url=${to}`} />
      <p>
        <a class="button primary" href={to}>
          Go on
        </a>
      </p>
    </PublicFrame>
  );
}

function Problem({ title }: { title: string }) {
  return (
    <PublicFrame title={title}>
      <p>
        <a href="/tasks">To the tasks</a>
      </p>
    </PublicFrame>
  );
}

import { type Context, Hono } from "hono";
import { HTTPException } from "hono/http-exception";
import { Problem } from "../../server/problem";
import { assets } from "../../web/assets";
import { requireFormToken } from "../../web/form-token";
import { eventStream } from "../../web/live";
import { protectPages } from "../../web/security";
import { isLoopbackHost } from "../loopback";
import type { World } from "../world";
import { campaignRoutes } from "./campaigns";
import { deskOf, page } from "./desk";
import { kaleyraRoutes } from "./kaleyra";
import { DASHBOARD, EVENTS, SECTIONS, sectionPath } from "./paths";
import { providerRoutes } from "./provider-routes";
import { requestRoutes } from "./requests";
import { taskRoutes } from "./tasks";

/** Paths that the dashboard answers. */
export const DASHBOARD_PATHS = /^\/($|assets\/|(dashboard|tasks)($|\/))/;

/**
 * The sandbox as a person sees it: CleverTap's form, Kaleyra's side, and what goes on. It works past the API, as somebody at
 * a dashboard does, but Save and delete take the API's own code with all its checks.
 */
export function dashboard(world: World): Hono {
  const app = new Hono();
  const desk = deskOf(world);
  const { accounts } = world.settings;
  protectPages(app, isLoopbackHost);
  app.use(requireFormToken(() => desk.token));
  app.route("/", assets());

  const start = (c: { req: { query(name: string): string | undefined } }) => {
    const account = c.req.query("account") ?? accounts[0]?.id ?? "";
    const section = SECTIONS.find(({ name }) => name === c.req.query("section")) ?? SECTIONS[0];
    return sectionPath(account, section.name);
  };
  app.get("/", (c) => c.redirect(start(c)));
  app.get(DASHBOARD, (c) => c.redirect(start(c)));
  app.get(EVENTS, (c) => eventStream(c, world.changes));
  for (const add of [providerRoutes, campaignRoutes, kaleyraRoutes, requestRoutes, taskRoutes])
    add(app, desk);

  const failed = (c: Context, status: number, text: string) => {
    const account = accounts.find(({ id }) => id === c.req.param("account")) ?? accounts[0];
    if (!account) return c.text(text, 500);
    return page(c, desk, { title: "That did not work", account, section: "whatsapp", status }, <p>{text}</p>);
  };
  app.notFound((c) => failed(c, 404, "There is no such page."));
  app.onError((error, c) => {
    if (error instanceof HTTPException || error instanceof Problem)
      return failed(c, error.status, error.message);
    if (!world.closing.aborted) console.error(error);
    return failed(c, 500, "The sandbox failed: see what it printed.");
  });
  return app;
}

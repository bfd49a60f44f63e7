import type { PropsWithChildren } from "hono/jsx";
import { PostForm } from "../../web/forms";
import { Layout } from "../../web/layout";
import { ROLES, type Role } from "../trust/roles";
import type { PageContext, Site } from "./context";

const NAVIGATION = [
  { href: "/tasks", text: "Tasks" },
  { href: "/providers", text: "Providers" },
  { href: "/accounts", text: "Accounts" },
  { href: "/log", text: "Log" },
];
/** Name of the site, in the bar and in the browser's title. */
export const SITE = "WhatsApp gateway";
const HOME = "/tasks";
/** Address of the stream that tells open pages of changes. */
export const EVENTS = "/events";

/** What a page needs to know of its request. */
export interface PageProps {
  readonly site: Site;
  readonly c: PageContext;
}

/** A page for somebody who has logged in: who, the way out, and news without a reload. */
export function Frame({
  site,
  c,
  title,
  current,
  children,
}: PropsWithChildren<PageProps & { title: string; current?: string }>) {
  const { actor } = c.get("session");
  const aside = (
    <PostForm action="/logout" token={tokenOf(c)} class="row" label="Session">
      <span class="muted">
        {actor.name} <span class="badge">{actor.role}</span>
      </span>
      <button type="submit" class="small">
        Log out
      </button>
    </PostForm>
  );
  const live = { events: EVENTS, version: site.gateway.changes.version };
  return (
    <Layout {...{ title, current, aside, live }} site={SITE} home={HOME} navigation={NAVIGATION}>
      {children}
    </Layout>
  );
}

/** A page for somebody who has not logged in. */
export function PublicFrame({ title, children }: PropsWithChildren<{ title: string }>) {
  return (
    <Layout title={title} site={SITE} home={HOME} navigation={[]}>
      {children}
    </Layout>
  );
}

/** What each form of this session carries. */
export function tokenOf(c: PageContext): string {
  return c.get("session").csrf;
}

/** Whether to offer what needs the role. The server checks it again when it is done. */
export function mayAct(c: PageContext, role: Role): boolean {
  return ROLES.indexOf(c.get("session").actor.role) >= ROLES.indexOf(role);
}

import { randomBytes } from "node:crypto";
import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import type { Child } from "hono/jsx";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { Notice, PostForm } from "../../web/forms";
import { Layout, type NavigationItem } from "../../web/layout";
import { type Controls, controlsOf } from "../control/controls";
import type { SandboxAccount } from "../options";
import type { World } from "../world";
import { type Notices, notices } from "./notices";
import { EVENTS, SECTIONS, type Section, sectionPath, TASKS } from "./paths";

/** What all pages of the dashboard work with. */
export interface Desk {
  readonly world: World;
  readonly controls: Controls;
  /** Carried by every form of this run of the sandbox. */
  readonly token: string;
  readonly notices: Notices;
}

export function deskOf(world: World): Desk {
  const token = randomBytes(24).toString("base64url");
  return { world, controls: controlsOf(world), token, notices: notices() };
}

interface PageOptions {
  readonly title: string;
  readonly account: SandboxAccount;
  readonly section: Section | "tasks";
  /** What leads to the page, such as Settings, Channels. */
  readonly trail?: readonly string[];
  /** True: parts with `data-live` are kept up to date. */
  readonly isLive?: boolean;
  readonly status?: number;
}

/** The account in the page's address. @throws HTTPException 404 */
export function accountOf({ world }: Desk, c: Context): SandboxAccount {
  const account = world.account(c.req.param("account") ?? "");
  if (!account) throw new HTTPException(404, { message: "The sandbox has no such account." });
  return account;
}

/** The fields of a posted form. */
export async function postedOf(c: Context): Promise<Record<string, string>> {
  const entries = Object.entries(await c.req.parseBody());
  return Object.fromEntries(
    entries.filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  );
}

/** The account that the other pages are about; a list where there are several. */
function AccountSwitch({
  world,
  account,
  section,
}: {
  world: World;
  account: SandboxAccount;
  section: string;
}) {
  const { accounts } = world.settings;
  if (accounts.length < 2) return <span class="muted">Account {account.id}</span>;
  return (
    <form method="get" action="/dashboard" class="row">
      <input type="hidden" name="section" value={section} />
      <label for="account">Account</label>
      <select id="account" name="account">
        {accounts.map(({ id }) => (
          <option value={id} selected={id === account.id}>
            {id}
          </option>
        ))}
      </select>
      <button type="submit" class="small">
        Switch
      </button>
    </form>
  );
}

/** Tasks are there only where the sandbox is one that people work. */
function navigation(world: World, account: SandboxAccount): NavigationItem[] {
  const sections = SECTIONS.map(({ name, text }) => ({ href: sectionPath(account.id, name), text }));
  return world.isManual || world.tasks.all().length > 0
    ? [...sections, { href: TASKS, text: "Tasks" }]
    : sections;
}

/** Answers with a page in the dashboard's frame, and with what the last action had to say. */
export function page(c: Context, desk: Desk, options: PageOptions, children: Child) {
  const { world, notices } = desk;
  const { title, account, section, trail, isLive, status = 200 } = options;
  const notice = notices.get(c.req.query("notice"));
  return c.html(
    <Layout
      title={title}
      site="WhatsApp sandbox"
      home="/"
      navigation={navigation(world, account)}
      current={section === "tasks" ? TASKS : sectionPath(account.id, section)}
      trail={trail}
      aside={<AccountSwitch world={world} account={account} section={section} />}
      live={isLive ? { events: EVENTS, version: world.changes.version } : undefined}
    >
      {notice && <Notice kind={notice.isGood ? "good" : "bad"}>{notice.text}</Notice>}
      {children}
    </Layout>,
    status as ContentfulStatusCode,
  );
}

/** A form with nothing to type. */
export function ActionButton(props: {
  readonly desk: Desk;
  readonly action: string;
  readonly text: string;
  /** What it is about, for those who can't see the row that it stands in. */
  readonly about?: string;
  readonly id?: string;
  readonly class?: string;
  readonly values?: Readonly<Record<string, string>>;
}) {
  const { desk, action, text, about, id, values = {} } = props;
  return (
    <PostForm action={action} token={desk.token}>
      {Object.entries(values).map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
      <button type="submit" id={id} class={props.class ?? "small"}>
        {text}
        {about && <span class="visually-hidden"> {about}</span>}
      </button>
    </PostForm>
  );
}

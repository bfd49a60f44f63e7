import type { Page } from "playwright-core";
import type { Gateway } from "../../../gateway/gateway";
import { pages } from "../../../gateway/pages";
import type { ServerOptions } from "../../../gateway/server";
import type { Actor } from "../../../gateway/trust/roles";
import { ADMIN, ARUN, cheapHash, MEERA, type Scene, VIEWER, withGateway } from "../support";

export const PASSWORD = "a password of the tests";
const HASH = cheapHash(PASSWORD);

/** A person of each role, with a password that is cheap to check. */
export function addCheapOperators(gateway: Gateway): void {
  for (const person of [MEERA, ARUN, ADMIN, VIEWER]) {
    const operator = { ...person, password: HASH, createdAt: gateway.now().toISOString() };
    gateway.database.run("INSERT INTO operator VALUES (?, ?)", person.name, JSON.stringify(operator));
  }
}

/** Runs the body with a gateway that has its pages, and people of each role. */
export function withPages(
  body: (scene: Scene) => Promise<void>,
  options: Partial<ServerOptions> & { defaults?: false } = {},
): Promise<void> {
  const { attestEveryDays } = options;
  return withGateway(
    async (scene) => {
      addCheapOperators(scene.gateway);
      await body(scene);
    },
    { ...options, pages: (gateway, addressing) => pages(gateway, { addressing, attestEveryDays }) },
  );
}

/** Logs in by the form, and stays on the page that follows. */
export async function logInAs(page: Page, url: string, actor: Actor, path = "/login"): Promise<void> {
  await page.goto(url + path);
  await page.getByLabel("Name").fill(actor.name);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Log in" }).click();
  await page.getByRole("button", { name: "Log out" }).waitFor();
}

export const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });

export const shownValue = (page: Page, property: string) => page.locator(`[data-value-of="${property}"]`);

/** Reveals what is hidden, copies each value to be seen by its button, and gives what the clipboard held. */
export async function copyAll(page: Page): Promise<Record<string, string>> {
  const reveal = button(page, "Reveal");
  while ((await reveal.count()) > 0) await reveal.first().click();
  const copied: Record<string, string> = {};
  for (const value of await page.locator("[data-value-of]:visible").all()) {
    await page.evaluate(() => navigator.clipboard.writeText(""));
    await value
      .locator("..")
      .getByRole("button", { name: /^(Copy|Copied)$/ })
      .click();
    await page.waitForFunction(async () => (await navigator.clipboard.readText()) !== "");
    const name = (await value.getAttribute("data-value-of")) ?? "";
    copied[name] = await page.evaluate(() => navigator.clipboard.readText());
  }
  return copied;
}

/** A browser without a screen: keeps its cookies, and sends forms with the token of the page that it read. */
export interface Visitor {
  get(
    path: string,
    headers?: Record<string, string>,
  ): Promise<{ status: number; headers: Headers; text: string }>;
  /** Sends a form. @param from the page whose token it carries; left out: none */
  post(
    path: string,
    fields?: Record<string, string>,
    options?: { from?: string; token?: string; headers?: Record<string, string> },
  ): Promise<{ status: number; headers: Headers; text: string }>;
  readonly cookies: Map<string, string>;
}

/** What every form of a page carries: the token, and on a task's page the revision that it shows. */
export function pageForm(html: string): Record<string, string> {
  const names = ["form-token", "revision"];
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = new RegExp(`name="${name}" value="([^"]+)"`).exec(html)?.[1];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

export function visitorOf(url: string): Visitor {
  const cookies = new Map<string, string>();
  async function send(path: string, init: RequestInit, headers: Record<string, string> = {}) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const answer = await fetch(url + path, {
      ...init,
      redirect: "manual",
      headers: { ...(cookie && { cookie }), ...headers },
    });
    for (const line of answer.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === "" || /max-age=0/i.test(line)) cookies.delete(name);
      else cookies.set(name, value);
    }
    return { status: answer.status, headers: answer.headers, text: await answer.text() };
  }
  const visitor: Visitor = {
    cookies,
    get: (path, headers) => send(path, {}, headers),
    async post(path, fields = {}, { from, token, headers } = {}) {
      const found = from === undefined ? {} : pageForm((await visitor.get(from)).text);
      const body = new URLSearchParams({
        ...found,
        ...fields,
        ...(token !== undefined && { "form-token": token }),
      });
      return send(path, { method: "POST", body }, headers);
    },
  };
  return visitor;
}

/** Somebody who has logged in, without a screen. */
export async function loggedIn(url: string, actor: Actor): Promise<Visitor> {
  const visitor = visitorOf(url);
  const fields = { name: actor.name, password: PASSWORD };
  const { status } = await visitor.post("/login", fields, { from: "/login" });
  expect(status).toBe(303);
  return visitor;
}

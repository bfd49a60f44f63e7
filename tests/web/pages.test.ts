import { request } from "node:http";
import type { Page } from "playwright-core";
import { expectAccessible, expectNoSideways, PHONE, withPage } from "../support/browser";
import { type Site, startSite } from "./support/site";

let site: Site;
beforeAll(async () => {
  site = await startSite();
});
beforeEach(() => {
  site.words = [];
});
afterAll(() => site.close());

const words = (page: Page) => page.getByRole("table", { name: "All words" }).getByRole("rowheader");

describe("in a browser", () => {
  test.each(["light", "dark"] as const)("no known violation of accessibility, %s", (colorScheme) =>
    withPage(
      async (page) => {
        site.words = ["one"];
        await page.goto(site.url);
        await expectAccessible(page);
        await page.getByRole("button", { name: "Add" }).click();
        await expect(page.getByRole("alert").textContent()).resolves.toContain("The word was not added");
        await expectAccessible(page);
      },
      { colorScheme },
    ),
  );

  test("on a phone nothing is cut off, and a cell says its column", () =>
    withPage(
      async (page) => {
        site.words = ["one", "w".repeat(400)];
        await page.goto(site.url);
        await expectNoSideways(page);
        await expectAccessible(page);
        const label = page.getByRole("cell").first();
        expect(
          await label.evaluate((cell) => getComputedStyle(cell, "::before").getPropertyValue("content")),
        ).toBe('"Letters: "');
      },
      { viewport: PHONE },
    ));

  test("by keyboard alone: past the navigation, through the form, and from the error to its field", () =>
    withPage(async (page) => {
      await page.goto(site.url);
      await page.keyboard.press("Tab");
      await page.keyboard.press("Enter");
      expect(await page.evaluate(() => document.activeElement?.id)).toBe("main");
      await page.getByRole("button", { name: "Add" }).focus();
      await page.keyboard.press("Enter");
      await page.locator("[role=alert]:focus").waitFor();
      await page.keyboard.press("Tab");
      await page.keyboard.press("Enter");
      const field = page.getByLabel("Word", { exact: true });
      expect(await field.evaluate((input) => input === document.activeElement)).toBe(true);
      expect(await field.getAttribute("aria-invalid")).toBe("true");
      const described = (await field.getAttribute("aria-describedby"))?.split(" ") ?? [];
      expect(await Promise.all(described.map((id) => page.locator(`#${id}`).textContent()))).toEqual([
        "One word",
        "must not be empty",
      ]);
      await page.keyboard.type("typed");
      await page.keyboard.press("Enter");
      await words(page).getByText("typed").waitFor();
    }));

  test("copies the text of an element and the value of a field, and says so", () =>
    withPage(async (page) => {
      await page.goto(site.url);
      const copied = () => page.evaluate(() => navigator.clipboard.readText());
      const buttons = page.getByRole("button", { name: "Copy", exact: true });
      await buttons.first().click();
      await page.getByText("Copied.").waitFor();
      expect(await copied()).toBe("https://example.com/address");
      await buttons.last().click();
      await page.waitForFunction(async () => (await navigator.clipboard.readText()) === "fixed value");
    }));

  test("a change shows without a reload, and what is typed stays", () =>
    withPage(async (page) => {
      await page.goto(site.url);
      await page.getByLabel("Word", { exact: true }).fill("half a wo");
      await page.evaluate(() => Object.assign(globalThis, { sameDocument: true }));
      site.words.push("from elsewhere");
      site.changes.notify();
      await words(page).getByText("from elsewhere").waitFor();
      expect(await page.getByLabel("Word", { exact: true }).inputValue()).toBe("half a wo");
      expect(await page.evaluate(() => Reflect.get(globalThis, "sameDocument"))).toBe(true);
    }));

  test("what changes between the page and its stream shows as well", () =>
    withPage(async (page) => {
      await page.route("**/events", async (route) => {
        site.words.push("in between");
        site.changes.notify();
        await route.continue();
      });
      await page.goto(site.url);
      await words(page).getByText("in between").waitFor();
    }));

  test("without JavaScript: forms work, and nothing offers to copy", () =>
    withPage(
      async (page) => {
        await page.goto(site.url);
        expect(await page.getByRole("button", { name: "Copy" }).count()).toBe(0);
        await page.getByLabel("Word", { exact: true }).fill("plain");
        await page.getByLabel("Loud").check();
        await page.getByRole("button", { name: "Add" }).click();
        expect(await words(page).allTextContents()).toEqual(["PLAIN"]);
      },
      { javaScriptEnabled: false },
    ));

  test("markup in a value is text", () =>
    withPage(async (page) => {
      const hostile = `<img src=x onerror="alert(1)">'"&<script>alert(1)</script>`;
      site.words = [hostile];
      await page.goto(site.url);
      expect(await words(page).allTextContents()).toEqual([hostile]);
      expect(await page.locator("main img, main script").count()).toBe(0);
    }));
});

describe("on the wire", () => {
  const form = (fields: Record<string, string>, headers: Record<string, string> = {}) =>
    fetch(site.url, { method: "POST", body: new URLSearchParams(fields), headers, redirect: "manual" });
  const good = { word: "sent", "form-token": "token-of-this-site" };

  /** `fetch` sends no Host of one's own. */
  const statusFor = (host: string) =>
    new Promise<number | undefined>((resolve, reject) => {
      request(site.url, { headers: { host } }, (answer) => resolve(answer.resume().statusCode))
        .on("error", reject)
        .end();
    });

  test.each(["/", "/assets/style.css", "/nowhere"])(
    "%s has the headers that keep a page to itself",
    async (path) => {
      const { headers } = await fetch(site.url + path);
      const policy = headers.get("content-security-policy")?.split("; ");
      expect(policy?.sort()).toEqual([
        "base-uri 'none'",
        "connect-src 'self'",
        "default-src 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "img-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
      ]);
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.get("referrer-policy")).toBe("no-referrer");
      expect(headers.get("cache-control")).toBe("no-store");
      expect(headers.get("strict-transport-security")).toBeNull();
    },
  );

  test("another Host is refused", async () => {
    expect(await statusFor(new URL(site.url).host)).toBe(200);
    expect(await statusFor("rebound.example.com")).toBe(403);
  });

  test("a form goes through with its token, and from this site or from no browser", async () => {
    expect((await form(good)).status).toBe(303);
    expect((await form(good, { origin: site.url })).status).toBe(303);
    // A page without a referrer sends this in place of its origin.
    expect((await form(good, { origin: "null", "sec-fetch-site": "same-origin" })).status).toBe(303);
    expect(site.words).toEqual(["sent", "sent", "sent"]);
  });

  test.each([
    ["no token", { word: "sent" }, {}],
    ["another token", { ...good, "form-token": "guessed" }, {}],
    ["the page of another site", good, { "sec-fetch-site": "cross-site" }],
    ["the page of another port", good, { "sec-fetch-site": "same-site" }],
    ["another origin", good, { origin: "https://example.com" }],
    ["an origin that says nothing", good, { origin: "null" }],
  ])("%s is refused", async (_, fields, headers) => {
    expect((await form(fields, headers)).status).toBe(403);
    expect(site.words).toEqual([]);
  });

  test("a form that is too long is refused", async () => {
    expect((await form({ ...good, note: "x".repeat(300_000) })).status).toBe(413);
  });
});

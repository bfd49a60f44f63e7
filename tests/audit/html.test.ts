import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { auditDiff, auditHistory, formatted } from "../../audit";
import { expectAccessible, expectNoSideways, PHONE, withPage } from "../support/browser";

/** The page, in a real browser. */

const ROOT = resolve(__dirname, "../..");
const SAMPLES = join(ROOT, "examples/audit");
/** The pictures of the guide: `CLEVERTAP_WRITE_SCREENSHOTS=1 npm test -- audit/html` takes them anew. */
const PICTURES: Record<string, string> = {
  "diff, a wide window, light": "audit-diff.png",
  "history, a phone, dark": "audit-history-phone.png",
};
const WIDE = { width: 1200, height: 900 };
const options = { gatewayLog: "gateway-log.jsonl", asOf: new Date("2026-10-01") };

let folder: string;
const pages: Record<string, string> = {};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "wa-audit-html-"));
  const write = (name: string, text: string) => {
    const file = join(folder, `${name}.html`);
    writeFileSync(file, text);
    pages[name] = pathToFileURL(file).href;
  };
  // A report repeats the names of the files: without a path of this machine.
  process.chdir(SAMPLES);
  const after = "backend/.pulumi/stacks/shop/prod.json";
  write("diff", formatted(await auditDiff("last-quarter.json", after, options), "html"));
  write("history", formatted(await auditHistory("backend", options), "html"));
  process.chdir(ROOT);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const address = (name: string) => pages[name] as string;

describe.each(["diff", "history"])("the page of a %s", (name) => {
  test.each([
    ["a wide window, light", { viewport: WIDE, colorScheme: "light" as const }],
    ["a wide window, dark", { viewport: WIDE, colorScheme: "dark" as const }],
    ["a phone, light", { viewport: PHONE, colorScheme: "light" as const }],
    ["a phone, dark", { viewport: PHONE, colorScheme: "dark" as const }],
  ])("%s: accessible, no scrolling to the side", async (look, context) => {
    await withPage(async (page) => {
      await page.goto(address(name));
      await expectAccessible(page);
      await expectNoSideways(page);
      const picture = PICTURES[`${name}, ${look}`];
      if (process.env.CLEVERTAP_WRITE_SCREENSHOTS && picture)
        await page.screenshot({
          path: join(ROOT, "docs/images", picture),
          fullPage: true,
          clip: { x: 0, y: 0, ...context.viewport, height: 1300 },
        });
    }, context);
  });

  test("it loads nothing", async () => {
    await withPage(async (page) => {
      const asked: string[] = [];
      page.on("request", (request) => asked.push(request.url()));
      await page.goto(address(name));
      expect(asked).toEqual([address(name)]);
    });
  });
});

test("without a script everything is there, and no filter", async () => {
  await withPage(
    async (page) => {
      await page.goto(address("diff"));
      expect(await page.getByRole("searchbox", { name: "Find" }).isVisible()).toBe(false);
      expect(await page.getByText("pull request 42").first().isVisible()).toBe(true);
      await page.getByText("3 keys younger").click();
      expect(await page.getByRole("cell", { name: "15017122661" }).isVisible()).toBe(true);
    },
    { javaScriptEnabled: false },
  );
});

test("the filters show what they are asked for", async () => {
  await withPage(async (page) => {
    await page.goto(address("diff"));
    const change = (name: string) => page.locator(".change", { hasText: name });
    await page.getByRole("searchbox", { name: "Find" }).fill("promotions");
    expect(await change("kaleyra-promo").isVisible()).toBe(true);
    expect(await change("kaleyra-us").isVisible()).toBe(false);
    expect(await page.getByRole("status").textContent()).toMatch(/^\d+ of \d+ entries$/);
    await page.getByRole("searchbox", { name: "Find" }).fill("");
    expect(await change("kaleyra-us").isVisible()).toBe(true);
    await page.getByLabel("Only what needs attention").check();
    expect(await change("kaleyra-india").isVisible()).toBe(false);
    expect(await change("kaleyra-uk").isVisible()).toBe(true);
  });
});

test("on paper there is no filter, and the colours are those of paper", async () => {
  await withPage(async (page) => {
    await page.goto(address("diff"));
    await page.emulateMedia({ media: "print" });
    expect(await page.getByRole("searchbox", { name: "Find" }).isVisible()).toBe(false);
    expect(await page.locator("body").evaluate((body) => getComputedStyle(body).backgroundColor)).toBe(
      "rgb(255, 255, 255)",
    );
    expect((await page.pdf({ format: "A4" })).length).toBeGreaterThan(10_000);
  });
});

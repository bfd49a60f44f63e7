import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Page } from "playwright-core";
import { PHONE } from "../../support/browser";
import { clientOf } from "../client";
import { guideValues, save, typeProvider, withDashboard } from "./support/dashboard";

/**
 * The pictures of the guide, each of a step that the guide describes. `CLEVERTAP_SCREENSHOTS=1 npm test -- screenshots` takes
 * them anew; without the variable the steps are walked through all the same, and no file is written.
 */

const ROOT = resolve(__dirname, "../../..");
const IMAGES = join(ROOT, "docs/images");
const GUIDE = readFileSync(join(ROOT, "docs/guides/dashboard.md"), "utf8");
const LIMIT = 150_000;

const isWanted = process.env.CLEVERTAP_SCREENSHOTS === "1";
/** An address that does not change from one picture to the next. */
const port = isWanted ? 7345 : 0;
const SCREEN = { width: 1080, height: 720 };

async function take(page: Page, name: string, fullPage = false): Promise<void> {
  const path = isWanted ? join(IMAGES, `${name}.png`) : undefined;
  const picture = await page.screenshot({ fullPage, path });
  expect(picture.length).toBeLessThan(LIMIT);
}

test("the form as the guide walks through it", () =>
  withDashboard(
    async (page, sandbox) => {
      const values = guideValues(sandbox);
      const [, ...others] = values.pairs;
      await typeProvider(page, { ...values, pairs: [["api-key", "a wrong key"], ...others] });
      await page.locator("#setup").scrollIntoViewIfNeeded();
      await take(page, "dashboard-setup");
      await page.locator("#header").scrollIntoViewIfNeeded();
      await take(page, "dashboard-header");
      await save(page);
      await page.getByRole("alert").waitFor();
      await take(page, "dashboard-refused");
      expect(await page.getByRole("alert").textContent()).toContain("2000 Invalid Credentials");
    },
    { port, browser: { viewport: { ...SCREEN, height: 780 } } },
  ));

test("what a person watches", () =>
  withDashboard(
    async (page, sandbox) => {
      const { created, call } = clientOf(sandbox);
      await created({
        nickname: "Kaleyra India",
        externalReference: "organization/my-numbers/dev/kaleyra#0123456789ab",
        markAsDefault: true,
      });
      sandbox.createProvider({ mobileNumber: "447700900000", nickname: "Kaleyra EMEA" });
      await page.getByText("made by hand").waitFor();
      await take(page, "dashboard-providers");

      await page.getByRole("link", { name: "Campaigns" }).click();
      await page.getByRole("button", { name: "Send campaign" }).click();
      await page.getByText("The HTTP End Point took all 10 messages.").waitFor();
      await take(page, "dashboard-campaigns", true);

      sandbox.setKaleyra({ ...sandbox.kaleyra, otherApiKeys: ["A00000000000000000000000000000000"] });
      await page.getByRole("link", { name: "Kaleyra", exact: true }).click();
      await page.getByRole("button", { name: "Retire key 2" }).waitFor();
      await take(page, "dashboard-kaleyra", true);

      sandbox.resetRequests();
      sandbox.fault({ kind: "status", status: 429, method: "GET", count: 3 });
      await call("GET", "/v1/whatsapp/providers", { valid: false });
      await call("GET", "/v1/whatsapp/provider-defaults", { valid: false });
      await call("POST", "/v1/whatsapp/providers", { body: {}, valid: false });
      await page.getByRole("link", { name: "Requests" }).click();
      await page.getByText("fault: status").first().waitFor();
      await take(page, "dashboard-requests", true);
    },
    { port, browser: { viewport: SCREEN } },
  ));

test("on a phone, in the dark", () =>
  withDashboard(
    async (page, sandbox) => {
      sandbox.createProvider({ mobileNumber: "919999999999", nickname: "Kaleyra India" });
      await page.getByText("made by hand").waitFor();
      await take(page, "dashboard-phone");
    },
    { port, browser: { viewport: PHONE, colorScheme: "dark" } },
  ));

test("the guide shows every picture, and all are small", () => {
  const files = readdirSync(IMAGES).filter((file) => file.startsWith("dashboard-"));
  expect(files.length).toBeGreaterThan(0);
  for (const file of files) {
    expect(GUIDE).toContain(`../images/${file})`);
    expect(statSync(join(IMAGES, file)).size).toBeLessThan(LIMIT);
  }
});

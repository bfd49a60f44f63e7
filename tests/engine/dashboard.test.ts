import type { Page } from "playwright-core";
import { guideValues, save, typeProvider } from "../sandbox/dashboard/support/dashboard";
import { withPage } from "../support/browser";
import { kaleyra } from "./support/one-provider";
import { withStack } from "./support/stack";

/** The page and the real engine on the same provider. */

const edit = async (page: Page, nickname: string) => {
  await page.getByRole("link", { name: /^Edit / }).click();
  await page.getByLabel("Nickname").fill(nickname);
  await page.getByLabel("Maximum concurrent requests").fill("60");
  await save(page);
  await page.getByText("Provider Details Updated Successfully").waitFor();
};

test("what the engine makes shows without a reload; what the page changes is drift, and up repairs it", () =>
  withStack({ program: kaleyra() }, (stack, sandbox) =>
    withPage(async (page) => {
      await page.goto(sandbox.url);
      await page.evaluate(() => Object.assign(globalThis, { sameDocument: true }));
      await stack.up();
      await page.getByText("made by Pulumi: kaleyra in test/dev").waitFor();
      expect(await page.evaluate(() => Reflect.get(globalThis, "sameDocument"))).toBe(true);

      await edit(page, "Changed at the dashboard");
      expect(sandbox.providers()).toMatchObject([{ nickname: "Changed at the dashboard", revision: 2 }]);
      const drift = await stack.preview("--refresh", "--diff");
      expect(drift).toContain("Changed at the dashboard");
      expect(drift).toMatch(/maxConcurrentRequests.*60/);
      await stack.up("--refresh");
      await page.getByRole("rowheader", { name: "Kaleyra", exact: true }).waitFor();
      expect(sandbox.providers()).toMatchObject([{ nickname: "Kaleyra", maxConcurrentRequests: 100 }]);
      await stack.preview("--refresh", "--expect-no-changes");

      await page.getByRole("link", { name: "Delete Kaleyra" }).click();
      await page.getByRole("button", { name: "Delete", exact: true }).click();
      await page.getByText("This account has no WhatsApp provider yet.").waitFor();
      await stack.up("--refresh");
      await page.getByText("made by Pulumi: kaleyra in test/dev").waitFor();
      expect(sandbox.providers()).toHaveLength(1);
    }),
  ));

test("what was made at the page is refused to a program, and taken over when it says so", () =>
  withStack({ program: kaleyra() }, (stack, sandbox) =>
    withPage(async (page) => {
      await page.goto(sandbox.url);
      await typeProvider(page, { ...guideValues(sandbox), nickname: "By hand" });
      await save(page);
      await page.getByText("made by hand").waitFor();
      const [made] = sandbox.providers();
      expect(await stack.fails("preview")).toContain("number-in-use");
      stack.program(kaleyra({ adoptExisting: true }));
      await stack.up();
      await page.getByText("taken over by Pulumi: kaleyra in test/dev").waitFor();
      expect(sandbox.providers()).toMatchObject([{ id: made?.id, nickname: "Kaleyra" }]);
    }),
  ));

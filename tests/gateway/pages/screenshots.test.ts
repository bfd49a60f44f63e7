import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { COMMAND, setDefaults } from "../../../gateway/accounts";
import { confirmTask, takeTask } from "../../../gateway/model/work";
import { PHONE, withPage } from "../../support/browser";
import { ACCOUNT, DEFAULTS, MEERA, type Scene } from "../support";
import { logInAs, withPages } from "./support";

/** Where the pictures of the guide go: `CLEVERTAP_TEST_SCREENSHOTS=docs/images npm test -- screenshots`. */
const FOLDER = process.env.CLEVERTAP_TEST_SCREENSHOTS;

const WIDE = { width: 1200, height: 900 };
const MARK = (name: string) => `acme/messaging/production/${name}#0123456789ab`;

/** A provider that is in the dashboard, one with an edit, one that has to be added. */
async function fill({ gateway, good, post, put }: Scene): Promise<void> {
  setDefaults(gateway, ACCOUNT.id, { ...DEFAULTS, dashboardUrl: "https://example.com/dashboard" }, COMMAND);
  const india = good({ nickname: "Kaleyra India", externalReference: MARK("india") });
  const { body } = await post(india);
  takeTask(gateway, 1, MEERA);
  confirmTask(gateway, 1, MEERA, { note: "Saved at the first try" });
  await put(body.id, 1, { ...india, nickname: "Kaleyra India (support)", maxConcurrentRequests: 200 });
  await post(good({ nickname: "Kaleyra US", mobileNumber: "14155550100", externalReference: MARK("us") }));
  takeTask(gateway, 3, MEERA);
}

(FOLDER ? test : test.skip)("pictures of the pages", () =>
  withPages(async (scene) => {
    await fill(scene);
    const folder = FOLDER ?? "";
    mkdirSync(folder, { recursive: true });
    const picture = async (page: Page, path: string, name: string) => {
      await page.goto(scene.url + path);
      await page.screenshot({ path: join(folder, `gateway-${name}.png`), fullPage: true });
    };
    for (const [suffix, options] of [
      ["", { viewport: WIDE }],
      ["-dark", { viewport: WIDE, colorScheme: "dark" }],
      ["-phone", { viewport: PHONE }],
      ["-phone-dark", { viewport: PHONE, colorScheme: "dark" }],
    ] as const)
      await withPage(async (page) => {
        await picture(page, "/login", `login${suffix}`);
        await logInAs(page, scene.url, MEERA);
        for (const [path, name] of [
          ["/tasks", "tasks"],
          ["/tasks/2", "edit"],
          ["/tasks/3", "add"],
          ["/tasks/1", "closed"],
          ["/providers", "providers"],
          [`/accounts/${ACCOUNT.id}`, "account"],
          ["/log", "log"],
        ] as const)
          await picture(page, path, `${name}${suffix}`);
      }, options);
  }),
);

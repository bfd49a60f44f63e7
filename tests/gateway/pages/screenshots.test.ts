import { join, resolve } from "node:path";
import { COMMAND, setDefaults } from "../../../gateway/accounts";
import { confirmTask, takeTask } from "../../../gateway/model/work";
import { PHONE, withPage } from "../../support/browser";
import { ACCOUNT, DEFAULTS, MEERA, type Scene } from "../support";
import { logInAs, withPages } from "./support";

/** The pictures of docs/guides/gateway.md: `CLEVERTAP_SCREENSHOTS=1 npm test -- screenshots` takes them anew. */

const FOLDER = resolve(__dirname, "../../../docs/images");
const isWanted = process.env.CLEVERTAP_SCREENSHOTS === "1";

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

const PICTURES = [
  { name: "tasks", path: "/tasks", options: { viewport: WIDE } },
  { name: "add", path: "/tasks/3", options: { viewport: WIDE } },
  { name: "edit-on-a-phone", path: "/tasks/2", options: { viewport: PHONE, colorScheme: "dark" } },
  { name: "providers", path: "/providers", options: { viewport: WIDE } },
] as const;

(isWanted ? test : test.skip)("pictures of the pages", () =>
  withPages(async (scene) => {
    await fill(scene);
    for (const { name, path, options } of PICTURES)
      await withPage(async (page) => {
        await logInAs(page, scene.url, MEERA);
        await page.goto(scene.url + path);
        await page.screenshot({ path: join(FOLDER, `gateway-${name}.png`), fullPage: true });
      }, options);
  }),
);

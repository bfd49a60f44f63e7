import { confirmTask, takeTask } from "../../../gateway/model/work";
import { expectAccessible, expectNoSideways, PHONE, withPage } from "../../support/browser";
import { ACCOUNT, ARUN, MEERA, type Scene } from "../support";
import { button, copyAll, logInAs, PASSWORD, shownValue, withPages } from "./support";

/** The pages by the fixed words, in a real browser. */

/** One task of each kind, and one of each state. */
async function oneOfEach({ post, put, remove, good, gateway }: Scene): Promise<void> {
  const first = await post(good());
  const second = await post(good({ nickname: "Going", mobileNumber: "14155550100" }));
  for (const n of [1, 2]) {
    takeTask(gateway, n, MEERA);
    confirmTask(gateway, n, MEERA);
  }
  await put(first.body.id, 1, good({ nickname: "Newer", autoReplyUntracked: true }));
  await remove(second.body.id);
  await post(good({ nickname: "New", mobileNumber: "14155550101" }));
  takeTask(gateway, 5, MEERA);
}

test("add: log in from the task's address, take, reveal, copy every value, mark as saved", () =>
  withPages(async ({ url, post, good, get, sandbox }) => {
    const extra = { "x-extra": "canary-of-a-header" };
    const { body } = await post(good({ maxConcurrentRequests: 120, markAsDefault: true }, extra));
    await withPage(async (page) => {
      await logInAs(page, url, MEERA, new URL(body.task.url).pathname);
      expect(page.url()).toBe(body.task.url);
      await page.getByRole("link", { name: "Tasks", exact: true }).click();
      await page.getByRole("link", { name: "Task 1", exact: true }).click();
      await button(page, "Take").click();
      await page.getByText("by meera").waitFor();
      expect(await shownValue(page, "header:api-key").textContent()).not.toContain(sandbox.kaleyra.apiKey);
      expect(await copyAll(page)).toEqual({
        nickname: "Kaleyra",
        mobileNumber: "919999999999",
        httpEndpoint: sandbox.httpEndpoint,
        "header:api-key": sandbox.kaleyra.apiKey,
        "header:sid": sandbox.kaleyra.sid,
        "header:kaleyra-host": sandbox.kaleyraHost,
        "header:x-extra": "canary-of-a-header",
        "header:inbound-message-callback-url": "https://example.com/callbacks/one/inbound",
        "header:delivery-report-callback-url": "https://example.com/callbacks/one/delivery",
        isDefault: "true",
        autoReplyUntracked: "false",
        maxConcurrentRequests: "120",
      });
      await page.getByLabel("Note").fill("Saved at the first try");
      await button(page, "Mark as saved").click();
      await page.getByText("Saved at the first try").waitFor();
      await page.goto(`${url}/tasks`);
      await page.getByText("Nothing to do").waitFor();
    });
    expect((await get(body.id)).body.status).toBe("active");
  }));

test("edit: first only what changes, with old and new; an unchanged secret stays", () =>
  withPages(async (scene) => {
    await oneOfEach(scene);
    await withPage(async (page) => {
      await logInAs(page, scene.url, MEERA, "/tasks/3");
      const titles = await page.locator(".steps h3").allTextContents();
      expect(titles).toEqual([
        "Settings > Channels > WhatsApp",
        "Nickname",
        "Auto-reply to untracked users",
        "Save",
      ]);
      expect(await page.locator(".steps del").allTextContents()).toEqual(["Kaleyra", "not ticked"]);
      expect(await shownValue(page, "nickname").textContent()).toBe("Newer");
      expect(await button(page, "Reveal").count()).toBe(0);
      await page.getByText("What stays as it is").click();
      expect(await page.getByText("Secret: leave it unchanged.").count()).toBe(2);
      expect(await shownValue(page, "header:kaleyra-host").isVisible()).toBe(true);
    });
  }));

test("refused: what CleverTap said goes to the program; an empty answer is asked for again", () =>
  withPages(async ({ url, post, good, get }) => {
    const { body } = await post(good());
    await withPage(async (page) => {
      await logInAs(page, url, MEERA, "/tasks/1");
      await button(page, "Take").click();
      await button(page, "CleverTap refused it").click();
      await page.getByRole("alert").getByText("Say what CleverTap said.").waitFor();
      await page.getByLabel("What CleverTap said").fill("The number is not approved");
      await button(page, "CleverTap refused it").click();
      await page.getByText("The number is not approved").waitFor();
    });
    expect((await get(body.id)).body).toMatchObject({
      status: "refused",
      statusReason: "The number is not approved",
    });
  }));

test("a look: it matches, or the fields that differ become what the program reads", () =>
  withPages(async ({ url, post, good, get, gateway }) => {
    const { body } = await post(good());
    await withPage(async (page) => {
      await logInAs(page, url, MEERA, "/tasks/1");
      await button(page, "Take").click();
      await button(page, "Mark as saved").click();
      const look = async () => {
        await page.goto(`${url}/providers`);
        await page.getByRole("button", { name: "Ask for a look at Kaleyra" }).click();
        await button(page, "Take").click();
      };
      await look();
      await button(page, "It matches").click();
      await page.getByText("Confirmed").waitFor();
      expect((await get(body.id)).body).toMatchObject({ status: "active", revision: 1 });
      await look();
      await button(page, "It shows something else").click();
      await page.getByRole("alert").getByText("say that it matches").waitFor();
      await page.getByLabel("nickname").fill("Changed by hand");
      await page.getByLabel("header:kaleyra-host").fill("api.eu.kaleyra.io");
      await page.getByLabel("autoReplyUntracked").selectOption("true");
      await button(page, "It shows something else").click();
      await page.getByText("nickname, header:kaleyra-host, autoReplyUntracked").waitFor();
    });
    const read = (await get(body.id)).body;
    expect(read).toMatchObject({
      status: "active",
      revision: 2,
      nickname: "Changed by hand",
      autoReplyUntracked: true,
    });
    expect(read.headers).toContainEqual({ key: "kaleyra-host", value: "api.eu.kaleyra.io" });
    expect(gateway.database.all("SELECT document FROM log")).toContainEqual(
      expect.objectContaining({ action: "differs", actor: "meera" }),
    );
  }));

test("a look at what is gone, and at another key", () =>
  withPages(async ({ url, post, good, get }) => {
    const { body } = await post(good());
    await withPage(async (page) => {
      await logInAs(page, url, MEERA, "/tasks/1");
      await button(page, "Take").click();
      await button(page, "Mark as saved").click();
      const look = async () => {
        await page.goto(`${url}/providers`);
        await page.getByRole("button", { name: "Ask for a look at Kaleyra" }).click();
        await button(page, "Take").click();
      };
      await look();
      await page.getByLabel("header:api-key").fill("Another-key-than-before");
      await button(page, "It shows something else").click();
      await page.getByText("Found different").waitFor();
      expect((await get(body.id)).body.revision).toBe(2);
      await look();
      await page.getByLabel("The provider is not there at all").check();
      await button(page, "It shows something else").click();
      await page.getByText("Found different").waitFor();
    });
    expect((await get(body.id)).status).toBe(404);
  }));

test("delete, and Release: what is given back another person takes", () =>
  withPages(async (scene) => {
    await oneOfEach(scene);
    const { url } = scene;
    await withPage(async (page) => {
      await logInAs(page, url, MEERA, "/tasks/4");
      await button(page, "Take").click();
      await button(page, "Release").click();
      await button(page, "Take").waitFor();
      await button(page, "Log out").click();
      await logInAs(page, url, ARUN, "/tasks/4");
      await button(page, "Take").click();
      expect(await shownValue(page, "mobileNumber").textContent()).toBe("14155550100");
      await button(page, "Mark as saved").click();
      await page.getByText("Confirmed").waitFor();
    });
    expect((await scene.list("?mobileNumber=14155550100")).body.items).toEqual([]);
  }));

const PATHS = [
  "/tasks",
  "/tasks?state=confirmed",
  "/tasks/1",
  "/tasks/3",
  "/tasks/4",
  "/tasks/5",
  "/providers",
  "/accounts",
  `/accounts/${ACCOUNT.id}`,
  "/log",
];

test.each([
  ["light", {}],
  ["dark", { colorScheme: "dark" }],
  ["on a phone", { viewport: PHONE }],
] as const)("no known violation of accessibility, %s", (_, options) =>
  withPages(async (scene) => {
    await oneOfEach(scene);
    await withPage(async (page) => {
      await page.goto(`${scene.url}/login`);
      await expectAccessible(page);
      await logInAs(page, scene.url, MEERA);
      for (const path of PATHS) {
        await page.goto(scene.url + path);
        await expectNoSideways(page);
        await expectAccessible(page);
      }
    }, options);
  }),
);

test("by keyboard alone, from the log-in to the confirmation", () =>
  withPages(async ({ url, post, good, get }) => {
    const { body } = await post(good());
    await withPage(async (page) => {
      await page.goto(`${url}/tasks`);
      const focused = () =>
        page.evaluate(() => document.activeElement?.id || document.activeElement?.textContent?.trim());
      /** Tab until the element with the id or the text has the focus. */
      const reach = async (element: string) => {
        for (let i = 0; i < 60; i += 1) {
          if ((await focused()) === element) return;
          await page.keyboard.press("Tab");
        }
        throw new Error(`Tab does not reach "${element}".`);
      };
      await reach("name");
      await page.keyboard.type(MEERA.name);
      await reach("password");
      await page.keyboard.type(PASSWORD);
      await page.keyboard.press("Enter");
      for (const text of ["Task 1", "Take", "Mark as saved"]) {
        await page.getByText(text, { exact: true }).waitFor();
        await reach(text);
        await page.keyboard.press("Enter");
      }
      await page.getByText("Confirmed").waitFor();
    });
    expect((await get(body.id)).body.status).toBe("active");
  }));

test("without JavaScript everything but copying works", () =>
  withPages(async ({ url, post, good, get, sandbox }) => {
    const { body } = await post(good());
    await withPage(
      async (page) => {
        await logInAs(page, url, MEERA);
        await page.getByRole("link", { name: "Task 1" }).click();
        await button(page, "Take").click();
        await button(page, "Reveal").first().click();
        await page.getByText(sandbox.kaleyra.apiKey, { exact: true }).waitFor();
        expect(await button(page, "Copy").count()).toBe(0);
        await button(page, "Mark as saved").click();
        await page.getByText("Confirmed").waitFor();
      },
      { javaScriptEnabled: false },
    );
    expect((await get(body.id)).body.status).toBe("active");
  }));

test("an open page shows what others do, and keeps what is typed and revealed", () =>
  withPages(async ({ url, post, put, good, gateway, sandbox }) => {
    const { body } = await post(good());
    await withPage(async (page) => {
      await logInAs(page, url, MEERA);
      await page.getByRole("link", { name: "Task 1" }).waitFor();
      await post(good({ nickname: "Second", mobileNumber: "14155550100" }));
      await page.getByRole("link", { name: "Task 2" }).click();
      takeTask(gateway, 2, ARUN);
      await page.getByText("by arun").waitFor();
      expect(await button(page, "Take").count()).toBe(0);
      await page.goto(`${url}/tasks/1`);
      await button(page, "Take").click();
      await button(page, "Reveal").first().click();
      await page.getByLabel("Note").fill("half a no");
      await put(body.id, 1, good({ nickname: "Newer" }));
      await page.getByText("something newer since").waitFor();
      expect(await page.getByLabel("Note").inputValue()).toBe("half a no");
      expect(await shownValue(page, "header:api-key").textContent()).toBe(sandbox.kaleyra.apiKey);
    });
  }));

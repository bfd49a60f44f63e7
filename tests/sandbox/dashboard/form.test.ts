import type { Page } from "playwright-core";
import { clientOf } from "../client";
import { guideValues, providerRows, save, typePair, typeProvider, withDashboard } from "./support/dashboard";

const alert = (page: Page) => page.getByRole("alert");

test.each([true, false])("the published steps, typed by label; JavaScript %s", (javaScriptEnabled) =>
  withDashboard(
    async (page, sandbox) => {
      await page.getByText("Settings › Channels").waitFor();
      await page.getByRole("heading", { name: "WhatsApp" }).waitFor();
      await typeProvider(page, guideValues(sandbox));
      await page.getByLabel("Maximum concurrent requests").fill("60");
      await page.getByLabel("Mark as default").check();
      await save(page);
      await page.getByText("Provider Details Added Successfully").waitFor();
      const [provider] = sandbox.providers();
      expect(provider).toMatchObject({
        nickname: "Kaleyra India",
        mobileNumber: "919999999999",
        httpEndpoint: sandbox.httpEndpoint,
        maxConcurrentRequests: 60,
        autoReplyUntracked: false,
        isDefault: true,
        revision: 1,
      });
      expect(provider?.externalReference).toBeUndefined();
      expect(provider?.headers.map(({ key, secret }) => [key, secret])).toEqual([
        ["api-key", true],
        ["sid", true],
        ["kaleyra-host", undefined],
        ["inbound-message-callback-url", undefined],
        ["delivery-report-callback-url", undefined],
      ]);
      expect(sandbox.headerValue(provider?.id ?? "", "api-key")).toBe(sandbox.kaleyra.apiKey);
      expect(await providerRows(page)).toEqual([expect.stringContaining("Kaleyra India Default")]);
      expect(await providerRows(page)).toEqual([expect.stringContaining("made by hand")]);
      expect(await sandbox.campaign({ mobileNumber: "919999999999" })).toMatchObject({ delivered: 9 });
    },
    { browser: { javaScriptEnabled } },
  ),
);

test("the callback URLs and the payload version are there before Save, each with a Copy button", () =>
  withDashboard(async (page, sandbox) => {
    await page.getByRole("link", { name: "+ Provider" }).click();
    const { body } = await clientOf(sandbox).call("GET", "/v1/whatsapp/provider-defaults");
    for (const [index, [label, value]] of [
      ["Inbound Message Callback URL", body.inboundMessageCallbackUrl],
      ["Delivery Report Callback URL", body.deliveryReportCallbackUrl],
      ["Payload Version", "0.1"],
    ].entries()) {
      const field = page.getByLabel(label, { exact: true });
      expect(await field.inputValue()).toBe(value);
      expect(await field.isEditable()).toBe(false);
      await page.getByRole("button", { name: "Copy", exact: true }).nth(index).click();
      await page.waitForFunction(async (text) => (await navigator.clipboard.readText()) === text, value);
    }
  }));

test("a wrong key: the reason at its field, nothing saved, and the right one saves", () =>
  withDashboard(async (page, sandbox) => {
    const values = guideValues(sandbox);
    const [[, apiKey] = ["", ""], ...others] = values.pairs;
    await typeProvider(page, { ...values, pairs: [["api-key", "canary-wrong-key"], ...others] });
    await save(page);
    await alert(page).waitFor();
    const text = await alert(page).textContent();
    expect(text).toContain("Provider Details were not saved");
    expect(text).toContain("api-key: Kaleyra does not accept api-key with sid");
    expect(text).toContain("The HTTP End Point answered: 2000 Invalid Credentials (HTTP 200).");
    expect(sandbox.providers()).toEqual([]);
    const first = page.getByRole("group", { name: "Pair 1" });
    expect(await first.textContent()).toContain("Kaleyra does not accept api-key with sid");
    // What was typed as a secret is kept at the server, and is not in the page.
    expect(await page.content()).not.toContain("canary-wrong-key");
    expect(await page.content()).not.toContain(sandbox.kaleyra.sid);
    await first.getByLabel("Value").fill(apiKey);
    await save(page);
    await page.getByText("Provider Details Added Successfully").waitFor();
    const [provider] = sandbox.providers();
    expect(sandbox.headerValue(provider?.id ?? "", "sid")).toBe(sandbox.kaleyra.sid);
    expect(sandbox.headerValue(provider?.id ?? "", "api-key")).toBe(apiKey);
  }));

test("a fault in a field: its reason in the summary and at the field, and what was typed stays", () =>
  withDashboard(async (page, sandbox) => {
    await typeProvider(page, guideValues(sandbox));
    for (const [label, value, fault] of [
      ["Nickname", "", "must have 1 to 64 characters"],
      ["Mobile number", "+919999999999", "must be 7 to 15 digits with the country code, without +"],
      ["Mobile number", "14155550199", "the number is not approved in Kaleyra's dashboard"],
      ["HTTP End Point", "http://example.com/", "must use https (http is accepted on loopback only)"],
      ["Maximum concurrent requests", "many", "must be an integer from 30 to 1000"],
    ] as const) {
      const field = page.getByLabel(label);
      const good = await field.inputValue();
      await field.fill(value);
      await save(page);
      const message = `${label}: ${fault}`;
      await alert(page).getByRole("link", { name: message }).click();
      expect(await alert(page).getByRole("link").count()).toBe(1);
      expect(await field.evaluate((input) => input === document.activeElement)).toBe(true);
      expect(await field.inputValue()).toBe(value);
      const described = (await field.getAttribute("aria-describedby"))?.split(" ").at(-1);
      expect(await page.locator(`#${described}`).textContent()).toBe(message);
      await field.fill(good);
    }
    expect(sandbox.providers()).toEqual([]);
    await save(page);
    await page.getByText("Provider Details Added Successfully").waitFor();
  }));

test("an edit keeps the credentials that are left empty, and the owner's mark; the page never shows them", () =>
  withDashboard(async (page, sandbox) => {
    const mark = "organization/numbers/dev/kaleyra#0123456789ab";
    const { id } = sandbox.createProvider({
      mobileNumber: "919999999999",
      externalReference: mark,
      headers: { "x-team": "canary-header-value" },
    });
    await page.getByRole("link", { name: "Edit Made by hand" }).click();
    await page.getByText("Pulumi made this provider.").waitFor();
    const content = await page.content();
    for (const secret of [sandbox.kaleyra.apiKey, sandbox.kaleyra.sid, "canary-header-value"])
      expect(content).not.toContain(secret);
    expect(await page.getByLabel("Mobile number").isEditable()).toBe(false);
    await page.getByLabel("Nickname").fill("Changed by hand");
    await page.getByLabel("Auto-reply to untracked users").check();
    await save(page);
    await page.getByText("Provider Details Updated Successfully").waitFor();
    expect(sandbox.providers()).toMatchObject([
      { id, nickname: "Changed by hand", autoReplyUntracked: true, externalReference: mark, revision: 2 },
    ]);
    for (const [name, value] of [
      ["api-key", sandbox.kaleyra.apiKey],
      ["sid", sandbox.kaleyra.sid],
      ["x-team", "canary-header-value"],
    ] as const)
      expect(sandbox.headerValue(id, name)).toBe(value);
  }));

test("an edit changes, adds and removes header pairs", () =>
  withDashboard(async (page, sandbox) => {
    const { id } = sandbox.createProvider({ mobileNumber: "919999999999", headers: { "x-old": "1" } });
    await page.getByRole("link", { name: "Edit Made by hand" }).click();
    await page.getByRole("button", { name: "Remove pair 6" }).click();
    await page.getByRole("button", { name: "Add Pair" }).click();
    await typePair(page, "x-new", "2");
    await page.getByRole("group", { name: "Pair 3" }).getByLabel("Value").fill("api.in.kaleyra.io");
    await save(page);
    await page.getByText("Provider Details Updated Successfully").waitFor();
    expect(sandbox.headerValue(id, "x-old")).toBeUndefined();
    expect(sandbox.headerValue(id, "x-new")).toBe("2");
    expect(sandbox.headerValue(id, "kaleyra-host")).toBe("api.in.kaleyra.io");
  }));

test("a new pair can be typed at once, and after a removed one the pairs stay in view", () =>
  withDashboard(async (page) => {
    await page.getByRole("link", { name: "+ Provider" }).click();
    await typePair(page, "x-first", "1");
    await page.getByRole("button", { name: "Add Pair" }).click();
    await page.locator("#key-1:focus").waitFor();
    await page.keyboard.type("x-second");
    await page.getByRole("button", { name: "Remove pair 1" }).click();
    await page.waitForURL("**/new#header");
    const group = page.getByRole("group", { name: /^Pair/ });
    expect(await group.count()).toBe(1);
    expect(await group.getByLabel("Key").inputValue()).toBe("x-second");
  }));

test("an edit on top of somebody else's is refused", () =>
  withDashboard(async (page, sandbox) => {
    const { id } = sandbox.createProvider({ mobileNumber: "919999999999" });
    await page.getByRole("link", { name: "Edit Made by hand" }).click();
    sandbox.patchProvider(id, { nickname: "Somebody else's" });
    await page.getByLabel("Nickname").fill("Mine");
    await save(page);
    expect(await alert(page).textContent()).toContain("The provider was changed since this page was made.");
    expect(sandbox.providers()).toMatchObject([{ nickname: "Somebody else's" }]);
  }));

test("by keyboard: Enter saves, and does not remove or add a pair", () =>
  withDashboard(async (page, sandbox) => {
    sandbox.createProvider({ mobileNumber: "919999999999" });
    await page.getByRole("link", { name: "Edit Made by hand" }).focus();
    await page.keyboard.press("Enter");
    await page.getByLabel("Nickname").focus();
    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.type("Typed");
    await page.keyboard.press("Enter");
    await page.getByText("Provider Details Updated Successfully").waitFor();
    expect(sandbox.providers()).toMatchObject([{ nickname: "Typed", headers: { length: 5 } }]);
  }));

test("mark as default moves the mark; delete asks first", () =>
  withDashboard(async (page, sandbox) => {
    const options = { nickname: "First", isDefault: true };
    const first = sandbox.createProvider({ mobileNumber: "919999999999", ...options });
    const second = sandbox.createProvider({ mobileNumber: "447700900000", nickname: "Second" });
    await page.reload();
    await page.getByRole("button", { name: "Mark as default Second" }).click();
    await page.getByText("Second is the default now.").waitFor();
    expect(sandbox.providers()).toMatchObject([
      { id: first.id, isDefault: false },
      { id: second.id, isDefault: true },
    ]);
    await page.getByRole("link", { name: "Delete First" }).click();
    await page.getByRole("link", { name: "Cancel" }).click();
    expect(sandbox.providers()).toHaveLength(2);
    await page.getByRole("link", { name: "Delete First" }).click();
    await page.getByRole("button", { name: "Delete", exact: true }).click();
    await page.getByText("First is deleted.").waitFor();
    expect(sandbox.providers()).toMatchObject([{ id: second.id }]);
    sandbox.patchProvider(second.id, { inUse: true });
    await page.getByRole("link", { name: "Delete Second" }).click();
    await page.getByRole("button", { name: "Delete", exact: true }).click();
    await alert(page).getByText("Campaigns or journeys still send with this provider").waitFor();
    expect(sandbox.providers()).toHaveLength(1);
  }));

import type { Page } from "playwright-core";
import type { Sandbox } from "../../../sandbox";
import { expectAccessible, expectNoSideways, PHONE } from "../../support/browser";
import { clientOf } from "../client";
import { withDashboard } from "./support/dashboard";

const MARK = "organization/my-numbers/dev/kaleyra#0123456789ab";

/** Something of everything. */
async function fill(sandbox: Sandbox): Promise<void> {
  const { created } = clientOf(sandbox);
  await created({ externalReference: MARK });
  sandbox.createProvider({ mobileNumber: "447700900000", nickname: "W".repeat(64), isDefault: true });
  await sandbox.campaign({ mobileNumber: "919999999999" });
  sandbox.setIncomingUrl(
    "919999999999",
    "https://example.com/incoming?with=a-long-query-of-its-own-that-must-break",
  );
  sandbox.fault({ kind: "status", status: 503, count: 1, method: "DELETE" });
  sandbox.setKaleyra({ ...sandbox.kaleyra, otherApiKeys: ["another"] });
  await fetch(`${sandbox.url}/v1/whatsapp/providers/${"x".repeat(200)}`);
}

const visit = (page: Page, sandbox: Sandbox, account: number, path: string) =>
  page.goto(`${sandbox.url}/dashboard/${sandbox.accounts[account]?.id}/${path}`);

/** Every page: the account of three that it is about, and its address. */
function pages(sandbox: Sandbox): [account: number, path: string][] {
  const [first, second] = sandbox.providers();
  return [
    [0, "whatsapp"],
    [1, "whatsapp"],
    [2, "whatsapp"],
    [0, "whatsapp/new"],
    [0, `whatsapp/${first?.id}`],
    [0, `whatsapp/${second?.id}/delete`],
    [0, "campaigns"],
    [1, "campaigns"],
    [0, "kaleyra"],
    [0, "requests"],
    [0, "requests?kind=api"],
    [0, "whatsapp/none"],
    [0, "nowhere"],
  ];
}

test.each([
  ["light", { colorScheme: "light" as const }],
  ["dark, on a phone", { colorScheme: "dark" as const, viewport: PHONE }],
])("no page has a known violation of accessibility or scrolls to the side: %s", (_, browser) =>
  withDashboard(
    async (page, sandbox) => {
      await fill(sandbox);
      for (const [account, path] of pages(sandbox)) {
        await visit(page, sandbox, account, path);
        await expectAccessible(page);
        await expectNoSideways(page);
      }
      await visit(page, sandbox, 0, "kaleyra");
      await page.getByRole("button", { name: "Reveal" }).click();
      await expectAccessible(page);
      await visit(page, sandbox, 0, "whatsapp/new");
      await page.getByRole("button", { name: "Save" }).click();
      await page.getByRole("alert").waitFor();
      await expectAccessible(page);
      await expectNoSideways(page);
    },
    { browser },
  ),
);

test("no page shows a secret", () =>
  withDashboard(async (_page, sandbox) => {
    await fill(sandbox);
    const { apiKey, sid } = sandbox.kaleyra;
    for (const [account, path] of pages(sandbox)) {
      const { id } = sandbox.accounts[account] ?? {};
      const text = await (await fetch(`${sandbox.url}/dashboard/${id}/${path}`)).text();
      for (const secret of [apiKey, sid, ...sandbox.accounts.map(({ passcode }) => passcode)])
        expect(text).not.toContain(secret);
    }
  }));

test("who made a provider", () =>
  withDashboard(async (page, sandbox) => {
    await fill(sandbox);
    await page.reload();
    await page.getByText("made by Pulumi: kaleyra in my-numbers/dev").waitFor();
    await page.getByText("made by hand").waitFor();
  }));

test("an account at a time", () =>
  withDashboard(async (page, sandbox) => {
    const [, second] = sandbox.accounts;
    sandbox.createProvider({ mobileNumber: "919999999999", accountId: second?.id });
    await page.getByText("This account has no WhatsApp provider yet.").waitFor();
    await page.getByRole("link", { name: "Campaigns" }).click();
    await page.getByLabel("Account").selectOption(second?.id ?? "");
    await page.getByRole("button", { name: "Switch" }).click();
    await page.waitForURL(`**/${second?.id}/campaigns`);
    await page.getByRole("link", { name: "WhatsApp", exact: true }).click();
    await page.getByRole("rowheader", { name: "Made by hand" }).waitFor();
  }));

test("a campaign and an inbound message by a button", () =>
  withDashboard(async (page, sandbox) => {
    const { createProvider, state } = sandbox;
    createProvider({ mobileNumber: "919999999999" });
    await page.getByRole("link", { name: "Campaigns" }).click();
    await page.getByRole("button", { name: "Send campaign" }).click();
    await page.getByText("The HTTP End Point took all 10 messages.").waitFor();
    await page
      .getByRole("img", { name: "Delivery reports: Sent 10, Delivered 9, Read 8, Failed 1" })
      .waitFor();
    expect(state().lastCampaign).toMatchObject({ recipients: 10, replies: 1 });

    await page.getByRole("button", { name: "Send inbound message" }).click();
    await page.getByText("The message did not arrive: the number has no Incoming URL.").waitFor();
    await page.getByRole("link", { name: "Kaleyra" }).click();
    const url = await page.locator("#incoming-url").textContent();
    await page.getByLabel("Number", { exact: true }).fill("919999999999");
    await page
      .getByLabel("Incoming URL")
      .last()
      .fill(url ?? "");
    await page.getByRole("button", { name: "Set Incoming URL" }).click();
    await page.getByText("leads to CleverTap").waitFor();
    await page.getByRole("link", { name: "Campaigns" }).click();
    await page.getByLabel("Message", { exact: true }).fill("Is anybody there?");
    await page.getByRole("button", { name: "Send inbound message" }).click();
    await page.getByText("The message arrived.").waitFor();
    await page.getByRole("cell", { name: "Is anybody there?" }).waitFor();
    sandbox.setKaleyra({ ...sandbox.kaleyra, apiKey: "rotated" });
    await page.getByLabel("Recipients (1 to 99)").fill("2");
    await page.getByRole("button", { name: "Send campaign" }).click();
    await page.getByText("The HTTP End Point refused 2 of 2 messages: 2000 Invalid Credentials.").waitFor();
  }));

test("a key rotation with overlap, rehearsed on Kaleyra's side", () =>
  withDashboard(async (page, sandbox) => {
    const { apiKey: old } = sandbox.kaleyra;
    await page.getByRole("link", { name: "Kaleyra" }).click();
    await page.getByRole("button", { name: "Add a key" }).click();
    await page.getByText("A new key is valid beside the others.").waitFor();
    await page.getByRole("button", { name: "Reveal" }).click();
    const fresh = await page.locator("#api-key-0").textContent();
    expect(fresh).toMatch(/^A[0-9a-f]{32}$/);
    expect(sandbox.kaleyra).toMatchObject({ apiKey: fresh, otherApiKeys: [old] });
    await page.getByRole("button", { name: "Retire key 2" }).click();
    await page.getByText("The key is no longer valid.").waitFor();
    expect(sandbox.kaleyra).toMatchObject({ apiKey: fresh, otherApiKeys: [] });
    expect(await page.getByRole("button", { name: /Retire/ }).count()).toBe(0);
  }));

test("the request log, and a fault that is armed and hits", () =>
  withDashboard(async (page, sandbox) => {
    const { call } = clientOf(sandbox);
    await page.getByRole("link", { name: "Requests" }).click();
    await page.getByLabel("Method").selectOption("GET");
    await page.getByLabel("Status (optional)").fill("429");
    await page.getByRole("button", { name: "Arm fault" }).click();
    await page.getByText("The fault is armed.").waitFor();
    await page.getByRole("cell", { name: "GET /v1/whatsapp" }).waitFor();
    expect((await call("GET", "/v1/whatsapp/providers", { valid: false })).status).toBe(429);
    const hit = page.getByRole("row", { name: /GET \/v1\/whatsapp\/providers/ });
    await hit.getByText("fault: status").waitFor();
    await page.getByText("No fault is armed.").waitFor();
    await hit.getByText("Show").click();
    await hit.getByText("x-clevertap-passcode: [redacted]").waitFor();
    await page.getByLabel("How often").fill("never");
    await page.getByRole("button", { name: "Arm fault" }).click();
    await page.getByText("/count is wrong").waitFor();
    await page.getByRole("link", { name: "Kaleyra", exact: true }).last().click();
    await page.getByText("No request yet.").waitFor();
    await page.getByRole("button", { name: "Clear the log" }).click();
    expect(sandbox.requests()).toEqual([]);
  }));

test("which numbers are approved", () =>
  withDashboard(
    async (page) => {
      await page.getByRole("link", { name: "Kaleyra" }).click();
      await page
        .getByText(
          "Approved numbers: 14155550100 to 14155550109, 919999999999. Not subscribed: 14155550101.",
          { exact: true },
        )
        .waitFor();
    },
    {
      approvedNumbers: ["14155550100-14155550109", "919999999999"],
      unsubscribedNumbers: ["14155550101"],
      invalidNumbers: [],
    },
  ));

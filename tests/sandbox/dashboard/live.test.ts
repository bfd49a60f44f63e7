import { type Sandbox, startSandbox } from "../../../sandbox";
import { clientOf } from "../client";
import { providerRows, withDashboard } from "./support/dashboard";

test("what a program makes, changes and removes shows without a reload", () =>
  withDashboard(async (page, sandbox) => {
    const { created, good, put, call } = clientOf(sandbox);
    await page.evaluate(() => Object.assign(globalThis, { sameDocument: true }));
    const { id } = await created({ nickname: "From a program" });
    await page.getByRole("rowheader", { name: "From a program" }).waitFor();
    await put(id, 1, good({ nickname: "Changed" }));
    await page.getByRole("rowheader", { name: "Changed" }).waitFor();
    sandbox.patchProvider(id, { nickname: "Past the API" });
    await page.getByRole("rowheader", { name: "Past the API" }).waitFor();
    await call("DELETE", `/v1/whatsapp/providers/${id}`);
    await page.getByText("This account has no WhatsApp provider yet.").waitFor();
    expect(await page.evaluate(() => Reflect.get(globalThis, "sameDocument"))).toBe(true);
  }));

test("typed text and the keyboard's place stay while the page changes", () =>
  withDashboard(async (page, sandbox) => {
    const { id } = sandbox.createProvider({ mobileNumber: "919999999999" });
    const edit = page.getByRole("link", { name: "Edit" });
    await edit.focus();
    sandbox.patchProvider(id, { nickname: "Renamed" });
    await page.getByRole("rowheader", { name: "Renamed" }).waitFor();
    expect(await edit.evaluate((link) => link === document.activeElement)).toBe(true);
    await page.getByRole("link", { name: "Campaigns" }).click();
    await page.getByLabel("Message", { exact: true }).fill("half a sen");
    sandbox.createProvider({ mobileNumber: "447700900000" });
    await sandbox.campaign({ mobileNumber: "919999999999", recipients: 1 });
    await page.getByRole("cell", { name: "Thank you" }).waitFor();
    expect(await page.getByLabel("Message", { exact: true }).inputValue()).toBe("half a sen");
  }));

test("a campaign can be sent as soon as a provider is there", () =>
  withDashboard(async (page, sandbox) => {
    await page.getByRole("link", { name: "Campaigns" }).click();
    await page.getByText("A campaign needs a provider.").waitFor();
    sandbox.createProvider({ mobileNumber: "919999999999" });
    await page.getByRole("button", { name: "Send campaign" }).click();
    await page.getByText("The HTTP End Point took all 10 messages.").waitFor();
  }));

/** By a control call, which open pages follow. */
const armFault = ({ url }: Sandbox) =>
  fetch(`${url}/_sandbox/faults`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ kind: "html", path: "/v1/x" }),
  });

test("a form that stands outside of what changes works after a restart as well", () =>
  withDashboard(async (page, sandbox) => {
    const port = Number(new URL(sandbox.url).port);
    await page.getByRole("link", { name: "Requests" }).click();
    await page.getByText("No fault is armed.").first().waitFor();
    await sandbox.close();
    const again = await startSandbox({ port });
    try {
      await armFault(again);
      await page.getByRole("rowheader", { name: "html" }).waitFor();
      await page.getByRole("button", { name: "Clear faults" }).click();
      await page.getByText("No fault is armed.").first().waitFor();
    } finally {
      await again.close();
    }
  }));

test("the request log and faults follow as well", () =>
  withDashboard(async (page, sandbox) => {
    await page.getByRole("link", { name: "Requests" }).click();
    await armFault(sandbox);
    await page.getByRole("rowheader", { name: "html" }).waitFor();
    await fetch(`${sandbox.url}/v1/y`);
    await page.getByRole("rowheader", { name: "GET /v1/y" }).waitFor();
  }));

test("a page finds a sandbox that was started again at its address", () =>
  withDashboard(async (page, sandbox) => {
    const port = Number(new URL(sandbox.url).port);
    await page.getByText("This account has no WhatsApp provider yet.").waitFor();
    await sandbox.close();
    const again = await startSandbox({ port });
    try {
      again.createProvider({ mobileNumber: "919999999999", nickname: "After the restart" });
      await page.getByRole("rowheader", { name: "After the restart" }).waitFor();
      expect(await providerRows(page)).toHaveLength(1);
      // The forms of the page are those of the sandbox that runs now.
      again.createProvider({ mobileNumber: "447700900000", nickname: "Second", isDefault: true });
      await page.getByRole("button", { name: "Mark as default After the restart" }).click();
      await page.getByText("After the restart is the default now.").waitFor();
    } finally {
      await again.close();
    }
  }));

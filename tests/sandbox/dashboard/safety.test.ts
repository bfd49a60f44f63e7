import { request } from "node:http";
import { withSandbox } from "../client";
import { withDashboard } from "./support/dashboard";

/** Requests that a page elsewhere could make the browser send. */
const FOREIGN: readonly Record<string, string>[] = [
  { origin: "https://example.com" },
  { origin: "http://127.0.0.1:1" },
  { "sec-fetch-site": "cross-site" },
  { host: "sandbox.example.com" },
];

const HOSTILE = `<img src=x onerror=alert(1)>"'&<script>alert(1)</script>`;

test("markup in a nickname, a header name, a mark, a message or a path is text", () =>
  withDashboard(async (page, sandbox) => {
    const { id } = sandbox.createProvider({
      mobileNumber: "919999999999",
      nickname: HOSTILE,
      externalReference: HOSTILE,
      headers: { [HOSTILE]: "1" },
    });
    const { inboundMessageCallbackUrl, payloadVersion } = sandbox.providers()[0] ?? {};
    const body = {
      payloadVersion,
      from: HOSTILE,
      wabaNumber: HOSTILE,
      type: "text",
      text: { body: HOSTILE },
    };
    await fetch(inboundMessageCallbackUrl ?? "", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    sandbox.setIncomingUrl("919999999999", `https://example.com/${HOSTILE}`);
    const base = `${sandbox.url}/dashboard/${sandbox.accounts[0]?.id}`;
    for (const path of [
      "whatsapp",
      `whatsapp/${id}`,
      `whatsapp/${id}/delete`,
      "campaigns",
      "kaleyra",
      "requests",
    ]) {
      await page.goto(`${base}/${path}`);
      // The page's own script is in its head.
      expect(await page.locator("body img, body script").count()).toBe(0);
      if (path === "requests") continue;
      const values = await page
        .locator("main input")
        .evaluateAll((all) => all.map((one) => Reflect.get(one, "value")));
      expect([await page.locator("main").textContent(), ...values].join("\n")).toContain(
        "<img src=x onerror=alert(1)>",
      );
    }
  }));

/** Posts a form past any browser. */
async function send(url: string, fields: Record<string, string>, headers: Record<string, string> = {}) {
  const body = new URLSearchParams(fields).toString();
  return new Promise<number | undefined>((resolve, reject) => {
    const type = { "content-type": "application/x-www-form-urlencoded" };
    const call = request(url, { method: "POST", headers: { ...type, ...headers } }, (answer) =>
      resolve(answer.resume().statusCode),
    );
    call.on("error", reject).end(body);
  });
}

test("nothing changes without the form's token, from another site, or under another host name", () =>
  withSandbox(async (_client, sandbox) => {
    const { id } = sandbox.createProvider({ mobileNumber: "919999999999" });
    const base = `${sandbox.url}/dashboard/${sandbox.accounts[0]?.id}`;
    const page = await (await fetch(`${base}/whatsapp/new`)).text();
    const token = /name="form-token" value="([^"]+)"/.exec(page)?.[1] ?? "";
    const good = { "form-token": token };
    const actions = [
      "whatsapp/new",
      `whatsapp/${id}`,
      `whatsapp/${id}/default`,
      `whatsapp/${id}/delete`,
      "campaigns/send",
      "campaigns/inbound",
      "kaleyra/reveal",
      "kaleyra/add-key",
      "kaleyra/retire",
      "kaleyra/incoming",
      "requests/faults",
      "requests/faults/clear",
      "requests/clear",
    ];
    const before = JSON.stringify(sandbox.state());
    for (const action of actions) {
      const url = `${base}/${action}`;
      expect([action, await send(url, {})]).toEqual([action, 403]);
      expect([action, await send(url, { "form-token": "guessed" })]).toEqual([action, 403]);
      for (const headers of FOREIGN)
        expect([action, headers, await send(url, good, headers)]).toEqual([action, headers, 403]);
    }
    expect(JSON.stringify(sandbox.state())).toBe(before);
    expect(await send(`${base}/whatsapp/${id}/delete`, good)).toBe(303);
    expect(sandbox.providers()).toEqual([]);
  }));

test("an account that may only read offers no change, and takes none", () =>
  withDashboard(async (page, sandbox) => {
    const accountId = sandbox.accounts[2]?.id;
    const { id } = sandbox.createProvider({ mobileNumber: "919999999999", accountId });
    const base = `${sandbox.url}/dashboard/${accountId}/whatsapp`;
    await page.goto(base);
    const main = page.locator("main");
    expect(await main.getByRole("button").count()).toBe(0);
    expect(await page.getByRole("link", { name: "+ Provider" }).count()).toBe(0);
    await page.getByRole("link", { name: "Made by hand" }).click();
    expect(await page.getByLabel("Nickname").isDisabled()).toBe(true);
    expect(await page.getByRole("button", { name: "Save" }).count()).toBe(0);
    const token = await page.locator("input[name=form-token]").first().inputValue();
    const good = { "form-token": token, nickname: "Changed" };
    expect(await send(`${base}/${id}`, { ...good, revision: "1" })).toBe(403);
    expect(await send(`${base}/new`, { ...good, mobileNumber: "447700900000" })).toBe(403);
    await send(`${base}/${id}/default`, good);
    await send(`${base}/${id}/delete`, good);
    expect(sandbox.providers()).toMatchObject([{ nickname: "Made by hand", revision: 1, isDefault: false }]);
  }));

test("the sandbox leaves the global Request and Response of its process alone", async () => {
  const { Request, Response } = globalThis;
  await withSandbox(async (_client, sandbox) => {
    expect((await fetch(sandbox.url)).status).toBe(200);
    expect(globalThis.Request).toBe(Request);
    expect(globalThis.Response).toBe(Response);
  });
});

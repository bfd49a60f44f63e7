import { withSandbox } from "../client";

const NUMBER = "919999999999";

async function send(url: string, method: string, body?: unknown, headers: Record<string, string> = {}) {
  const answer = await fetch(url, {
    method,
    headers: { "content-type": "application/json", ...headers },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

test("Kaleyra's number details know the key, the sid and the number", () =>
  withSandbox(async (_client, { url, kaleyra }) => {
    const details = (sid: string, key: string, number = NUMBER) =>
      send(`${url}/v2/${sid}/whatsapp/${number}/phone_number_details`, "GET", undefined, { "api-key": key });
    const good = await details(kaleyra.sid, kaleyra.apiKey);
    expect(good.status).toBe(200);
    expect(Object.keys(good.body).sort()).toEqual(["code", "data", "error", "message"]);
    expect((await details("HXIN0000000000IN", kaleyra.apiKey)).body.code).toBe("RBC001");
    expect((await details(kaleyra.sid, "wrong")).body.code).toBe("RBC001");
    expect((await details(kaleyra.sid, kaleyra.apiKey, "14155550199")).status).toBe(404);
  }));

test("inbound messages arrive only when the Incoming URL says what incomingUrlQuery says", () =>
  withSandbox(async ({ created }, sandbox) => {
    const { inboundMessageCallbackUrl: inbound } = await created();
    const arrives = async (query: string | undefined) => {
      const base = `${sandbox.url}/kaleyra/numbers/${NUMBER}`;
      if (query !== undefined) {
        const url = `https://example.com/incoming${query}`;
        expect((await send(`${base}/incoming-url`, "PUT", { url })).body).toEqual({ url });
        expect((await send(`${base}/incoming-url`, "GET")).body).toEqual({ url });
      }
      const { body } = await send(`${base}/inbound`, "POST", { from: "14155550101", text: "Hi" });
      return body.delivered;
    };
    const encoded = encodeURIComponent(inbound);
    expect(await arrives(undefined)).toBe(false);
    expect(await arrives("")).toBe(false);
    expect(await arrives(`?inbound_message_callback_url=${encoded}`)).toBe(false);
    expect(await arrives(`?inbound_message_callback_url=${encoded}&payload_version=9`)).toBe(false);
    expect(await arrives(`?inbound_message_callback_url=${encoded}&payload_version=0.1&more=1`)).toBe(false);
    expect(
      await arrives(`?payload_version=0.1&inbound_message_callback_url=${encoded}&payload_version=0.1`),
    ).toBe(false);
    expect(await arrives("?inbound_message_callback_url=https://example.com/&payload_version=0.1")).toBe(
      false,
    );
    expect(sandbox.callbacks()).toEqual([]);
    expect(await arrives(`?inbound_message_callback_url=${encoded}&payload_version=0.1`)).toBe(true);
    expect(await arrives(`?inbound_message_callback_url=${inbound}&payload_version=0.1`)).toBe(true);
    expect(await arrives(`?region=in&inbound_message_callback_url=${inbound}&payload_version=0.1`)).toBe(
      true,
    );
    const received = sandbox.callbacks(sandbox.accounts[0]?.id);
    expect(received).toHaveLength(3);
    expect(received[0]?.body).toMatchObject({
      from: "14155550101",
      wabaNumber: NUMBER,
      text: { body: "Hi" },
    });
  }));

test("the receivers refuse what is not a callback", () =>
  withSandbox(async ({ created }) => {
    const { deliveryReportCallbackUrl: url } = await created();
    const statuses = [{ msgId: "1", status: "sent", timestamp: "1" }];
    expect((await send(url, "POST", { payloadVersion: "0.1", statuses })).status).toBe(200);
    expect((await send(url, "POST", { payloadVersion: "0.2", statuses })).status).toBe(422);
    expect(
      (await send(url, "POST", { payloadVersion: "0.1", statuses: [{ msgId: "1", status: "lost" }] })).status,
    ).toBe(422);
    expect((await send(url.replace(/[^/]+\/delivery/, "none/delivery"), "POST", {})).status).toBe(404);
  }));

test("a campaign goes out through the saved provider and its reports come back", () =>
  withSandbox(async ({ created }, sandbox) => {
    const { id } = await created();
    const result = await sandbox.campaign({ mobileNumber: NUMBER });
    expect(result).toMatchObject({
      providerId: id,
      recipients: 10,
      accepted: 10,
      sent: 10,
      delivered: 9,
      read: 8,
      failed: 1,
      replies: 1,
    });
    const account = sandbox.state().accounts[0];
    expect(account?.callbacks).toEqual({ inbound: 1, sent: 10, delivered: 9, read: 8, failed: 1 });
    expect(sandbox.state().lastCampaign).toEqual(result);
  }));

test("a campaign shows what does not work", () =>
  withSandbox(async ({ created }, sandbox) => {
    const { id } = await created();
    sandbox.setKaleyra({ sid: sandbox.kaleyra.sid, apiKey: "rotated" });
    expect(await sandbox.campaign({ mobileNumber: NUMBER, recipients: 2 })).toMatchObject({
      accepted: 0,
      refused: 2,
      reasons: ["2000 Invalid Credentials"],
    });
    sandbox.patchProvider(id, {
      headers: {
        "api-key": "rotated",
        "delivery-report-callback-url": `${sandbox.url}/callbacks/none/delivery`,
      },
    });
    expect(await sandbox.campaign({ mobileNumber: NUMBER, recipients: 2 })).toMatchObject({
      accepted: 2,
      sent: 0,
    });
    await expect(sandbox.campaign({ mobileNumber: "15017122661" })).rejects.toThrow(
      "No provider has the number",
    );
  }));

test("a rotation with overlap: old and new key are good until the old one is retired", () =>
  withSandbox(async ({ good, post }, sandbox) => {
    const { sid, apiKey: old } = sandbox.kaleyra;
    const fresh = "A00000000000000000000000000000000";
    const statuses = async () => {
      const found: number[] = [];
      for (const key of [old, fresh]) {
        const { status, body } = await post(good({}, { "api-key": key }));
        if (status === 201) sandbox.deleteProvider(body.id);
        found.push(status);
      }
      return found;
    };
    expect(await statuses()).toEqual([201, 422]);
    sandbox.setKaleyra({ sid, apiKey: fresh, otherApiKeys: [old] });
    expect(await statuses()).toEqual([201, 201]);
    sandbox.setKaleyra({ sid, apiKey: fresh });
    expect(await statuses()).toEqual([422, 201]);
  }));

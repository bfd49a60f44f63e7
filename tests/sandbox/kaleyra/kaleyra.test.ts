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

test("Kaleyra's update of a number sets its Incoming URL, and says what is wrong with a call", () =>
  withSandbox(async (_client, sandbox) => {
    const { url, kaleyra } = sandbox;
    const put = (body: unknown, sid = kaleyra.sid, key = kaleyra.apiKey) =>
      send(`${url}/v1/${sid}/whatsapp/number`, "PUT", body, { "api-key": key });
    const incoming_url = "https://example.com/incoming?region=in";
    const good = await put({ wa_number: NUMBER, incoming_url });
    expect([good.status, good.body.error]).toEqual([200, {}]);
    expect(sandbox.incomingUrl(NUMBER)).toBe(incoming_url);
    // What a call leaves out stays as it is, and Kaleyra's own samples have a plus.
    expect((await put({ wa_number: `+${NUMBER}`, about: "Shop" })).status).toBe(200);
    expect(sandbox.incomingUrl(NUMBER)).toBe(incoming_url);
    for (const [body, message] of [
      [{ incoming_url }, "WhatsApp Number is mandatory"],
      [{ wa_number: 919999999999, incoming_url }, "WhatsApp Number must be a string"],
      [{ wa_number: NUMBER }, "At least one field to update is needed"],
      [{ wa_number: NUMBER, incoming_url: "incoming" }, "Incoming URL must be a valid URL"],
    ] as const)
      expect(await put(body)).toMatchObject({ status: 400, body: { code: "E13001", message } });
    expect((await put({ wa_number: "14155550199", incoming_url })).status).toBe(404);
    for (const refused of [await put({}, "HXIN0000000000IN"), await put({}, kaleyra.sid, "wrong")])
      expect(refused).toMatchObject({ status: 401, body: { code: "RBC001" } });
    expect(sandbox.incomingUrl(NUMBER)).toBe(incoming_url);
    // The SID is a part of the path.
    const logged = JSON.stringify(sandbox.requests({ kind: "kaleyra" }));
    for (const secret of [kaleyra.sid, kaleyra.apiKey]) expect(logged).not.toContain(secret);
  }));

test("the details hold the Incoming URL when the sandbox is told so", () =>
  withSandbox(async (_client, sandbox) => {
    const { url, kaleyra } = sandbox;
    const data = async () => {
      const path = `/v2/${kaleyra.sid}/whatsapp/${NUMBER}/phone_number_details`;
      return (await send(url + path, "GET", undefined, { "api-key": kaleyra.apiKey })).body.data;
    };
    sandbox.setIncomingUrl(NUMBER, "https://example.com/in");
    expect(await data()).not.toHaveProperty("incoming_url");
    const told = await fetch(`${url}/_sandbox/kaleyra/details`, {
      method: "PUT",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ incomingUrl: true }),
    });
    expect(told.status).toBe(204);
    expect(await data()).toHaveProperty("incoming_url", "https://example.com/in");
    sandbox.reset();
    sandbox.setIncomingUrl(NUMBER, "https://example.com/in");
    expect(await data()).not.toHaveProperty("incoming_url");
  }));

test("an inbound message goes to the Incoming URL on this machine, whose answer counts", () =>
  withSandbox(async ({ created }, sandbox) => {
    const { inboundMessageCallbackUrl: inbound } = await created();
    const query = `inbound_message_callback_url=${inbound}&payload_version=0.1`;
    const arrives = (url: string) => {
      sandbox.resetRequests();
      sandbox.setIncomingUrl(NUMBER, url);
      return sandbox.receiveInbound(NUMBER, { text: "Hi" });
    };
    expect(await arrives(`${sandbox.incomingBaseUrl}?${query}`)).toEqual({ delivered: true });
    expect(sandbox.requests({ kind: "kaleyra" }).map(({ path }) => path)).toEqual([
      "/kaleyra/whatsapp_incoming",
    ]);
    expect(sandbox.callbacks()).toMatchObject([{ kind: "inbound", body: { text: { body: "Hi" } } }]);
    expect(await arrives(`${sandbox.incomingBaseUrl}?${query}&more=1`)).toEqual({
      delivered: false,
      reason: expect.stringContaining("must end with"),
    });
    expect(await arrives(`${sandbox.url}/kaleyra/nowhere?${query}`)).toEqual({
      delivered: false,
      reason: "the Incoming URL answered 404",
    });
    expect(sandbox.callbacks()).toHaveLength(1);
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

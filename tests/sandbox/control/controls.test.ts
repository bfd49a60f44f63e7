import { withSandbox } from "../client";

test("an edit past the API can't give two providers one number, nor touch what it does not name", () =>
  withSandbox(async ({ created }, sandbox) => {
    const first = await created();
    const second = sandbox.createProvider({ mobileNumber: "15017122661" });
    const refused = () => sandbox.patchProvider(second.id, { mobileNumber: first.mobileNumber });
    expect(refused).toThrow(`The provider ${first.id} has the number ${first.mobileNumber}.`);
    const surprise = { id: "other", revision: 9, account: "TEST-000-002Z", surprise: 1 } as object;
    expect(sandbox.patchProvider(second.id, surprise)).toEqual(second);
    expect(sandbox.patchProvider(second.id, { mobileNumber: "14155551234" })).toMatchObject({
      mobileNumber: "14155551234",
      revision: 2,
    });
    expect(sandbox.providers()).toHaveLength(2);
  }));

test("headers are edited by name, ignoring case, in their place", () =>
  withSandbox(async (_client, sandbox) => {
    const { id } = sandbox.createProvider({ mobileNumber: "15017122661" });
    sandbox.patchProvider(id, { headers: { SID: null, "Api-Key": "rotated", "x-new": "canary" } });
    const keys = sandbox.providers()[0]?.headers.map(({ key, secret = false }) => [key, secret]);
    expect(keys).toEqual([
      ["api-key", true],
      ["kaleyra-host", false],
      ["inbound-message-callback-url", false],
      ["delivery-report-callback-url", false],
      ["x-new", true],
    ]);
    expect(sandbox.headerValue(id, "API-KEY")).toBe("rotated");
  }));

test("reset empties every table, the log and the faults", () =>
  withSandbox(async ({ post, good, call }, sandbox) => {
    const empty = sandbox.state();
    const key = { headers: { "idempotency-key": "same" } };
    const first = await post(good(), key);
    sandbox.setKaleyra({ sid: "HXIN0000000000IN", apiKey: "rotated" });
    sandbox.setIncomingUrl("919999999999", "https://example.com/");
    await sandbox.campaign({ mobileNumber: "919999999999", recipients: 1 });
    sandbox.fault({ kind: "status" });
    sandbox.reset();
    expect(sandbox.state()).toEqual(empty);
    expect(sandbox.callbacks()).toEqual([]);
    expect(sandbox.requests({ kind: "all" })).toEqual([]);
    expect(sandbox.kaleyra.apiKey).not.toBe("rotated");
    expect((await call("GET", "/v1/whatsapp/providers")).status).toBe(200);
    expect(await sandbox.receiveInbound("919999999999")).toEqual({
      delivered: false,
      reason: "the number has no Incoming URL",
    });
    // A kept answer would name a provider that is gone.
    expect((await post(good(), key)).body.id).not.toBe(first.body.id);
  }));

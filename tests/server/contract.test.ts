import { withSandbox } from "../sandbox/client";

const PROVIDERS = "/v1/whatsapp/providers";

describe("reading", () => {
  test("defaults are stable and belong to the account", () =>
    withSandbox(async ({ call }) => {
      const first = await call("GET", "/v1/whatsapp/provider-defaults");
      const again = await call("GET", "/v1/whatsapp/provider-defaults");
      const other = await call("GET", "/v1/whatsapp/provider-defaults", { account: 1 });
      expect(again.body).toEqual(first.body);
      expect(first.body.payloadVersion).toBe("0.1");
      expect(other.body.inboundMessageCallbackUrl).not.toBe(first.body.inboundMessageCallbackUrl);
    }));

  test("the request id comes back", () =>
    withSandbox(async ({ call }) => {
      const id = "5caf5d85-8774-4d4c-9b25-f7179569e834";
      const { headers } = await call("GET", PROVIDERS, { headers: { "x-request-id": id } });
      expect(headers.get("x-request-id")).toBe(id);
    }));

  test("wrong credentials get one text whichever part is wrong", () =>
    withSandbox(async ({ call }) => {
      const details = new Set<string>();
      for (const headers of [
        { "x-clevertap-passcode": "wrong" },
        { "x-clevertap-passcode": undefined },
        { "x-clevertap-account-id": "TEST-999-999Z" },
      ]) {
        const { status, body } = await call("GET", PROVIDERS, { headers });
        expect([status, body.code]).toEqual([401, "unauthenticated"]);
        details.add(body.detail);
      }
      expect(details.size).toBe(1);
    }));

  test("an unknown provider and an unknown address are different 404s", () =>
    withSandbox(async ({ call }) => {
      expect((await call("GET", `${PROVIDERS}/wap_none`)).body.code).toBe("provider-not-found");
      const other = await call("GET", "/v1/whatsapp/nothing", { valid: false });
      expect([other.status, other.body.code]).toEqual([404, "not-found"]);
    }));

  test("pages follow each other to the end, within the server's own limit", () =>
    withSandbox(
      async ({ call, created }) => {
        for (const n of [100, 101, 102, 103, 104]) await created({ mobileNumber: `14155550${n}` });
        const numbers: string[] = [];
        let query = "?pageSize=50";
        let pages = 0;
        for (;;) {
          const { body } = await call("GET", PROVIDERS + query);
          pages += 1;
          expect(body.items.length).toBeLessThanOrEqual(2);
          numbers.push(...body.items.map((item: { mobileNumber: string }) => item.mobileNumber));
          if (!body.nextPageToken) break;
          query = `?pageSize=50&pageToken=${body.nextPageToken}`;
        }
        expect(pages).toBe(3);
        expect(new Set(numbers).size).toBe(5);
        const one = await call("GET", `${PROVIDERS}?mobileNumber=14155550103`);
        expect(one.body.items.map((item: { mobileNumber: string }) => item.mobileNumber)).toEqual([
          "14155550103",
        ]);
      },
      { pageSize: 2 },
    ));

  test.each(["pageSize=0", "pageSize=101", "pageSize=x", "pageToken=nonsense"])("%s is refused", (query) =>
    withSandbox(async ({ call }) => {
      const { status, body } = await call("GET", `${PROVIDERS}?${query}`);
      expect([status, body.code]).toEqual([422, "invalid-field"]);
    }),
  );
});

describe("creating", () => {
  test("stores, shows no secret, fills in the callback headers and the defaults", () =>
    withSandbox(async ({ post, good, call }, sandbox) => {
      const { status, headers, body } = await post(good({ externalReference: "project/stack/name" }));
      expect(status).toBe(201);
      expect(headers.get("etag")).toBe('"1"');
      expect(headers.get("location")).toBe(`${PROVIDERS}/${body.id}`);
      expect(JSON.stringify(body)).not.toContain(sandbox.kaleyra.apiKey);
      expect(JSON.stringify(body)).not.toContain(sandbox.kaleyra.sid);
      expect(body.headers).toContainEqual({
        key: "inbound-message-callback-url",
        value: body.inboundMessageCallbackUrl,
      });
      expect(body.headers).toContainEqual({
        key: "delivery-report-callback-url",
        value: body.deliveryReportCallbackUrl,
      });
      expect(body).toMatchObject({
        isDefault: false,
        autoReplyUntracked: false,
        maxConcurrentRequests: 100,
        revision: 1,
      });
      const read = await call("GET", `${PROVIDERS}/${body.id}`);
      expect(read.body).toEqual(body);
      expect(read.headers.get("etag")).toBe('"1"');
    }));

  test("the number of another provider is refused with its holder; another account may have it", () =>
    withSandbox(async ({ post, good, created }) => {
      const holder = await created({ externalReference: "mark" });
      const { status, body } = await post(good());
      expect([status, body.code]).toEqual([409, "number-in-use"]);
      expect(body.conflict).toEqual({ id: holder.id, nickname: "Kaleyra", externalReference: "mark" });
      expect((await post(good(), { account: 1 })).status).toBe(201);
    }));

  test("a new default demotes the earlier one, whose revision goes up", () =>
    withSandbox(async ({ call, created }) => {
      const first = await created({ markAsDefault: true });
      const second = await created({ mobileNumber: "15017122661", markAsDefault: true });
      await created({ mobileNumber: "14155551234", markAsDefault: false });
      const demoted = (await call("GET", `${PROVIDERS}/${first.id}`)).body;
      expect([first.isDefault, second.isDefault, demoted.isDefault, demoted.revision]).toEqual([
        true,
        true,
        false,
        2,
      ]);
    }));

  test("validateOnly stores nothing and needs no key", () =>
    withSandbox(async ({ dryRun, good }, sandbox) => {
      expect((await dryRun(good())).body).toEqual({ valid: true });
      expect(sandbox.providers()).toEqual([]);
      expect((await dryRun(good({ nickname: "" }))).status).toBe(422);
    }));

  test("all wrong fields are named at once, without a header's value", () =>
    withSandbox(async ({ post, good }, sandbox) => {
      const bad = {
        provider: "other",
        nickname: " ",
        mobileNumber: "+919999999999",
        httpEndpoint: "http://example.com/x",
        maxConcurrentRequests: 29,
        externalReference: "x".repeat(256),
        markAsDefault: "yes",
        surprise: 1,
      };
      const { status, body } = await post(good(bad, { "x-extra": "line\nbreak" }));
      expect([status, body.code]).toEqual([422, "invalid-field"]);
      expect(body.errors.map((error: { pointer: string }) => error.pointer).sort()).toEqual([
        "/externalReference",
        "/headers/3/value",
        "/httpEndpoint",
        "/markAsDefault",
        "/maxConcurrentRequests",
        "/mobileNumber",
        "/nickname",
        "/provider",
        "/surprise",
      ]);
      expect(JSON.stringify(body)).not.toContain("break");
      expect(sandbox.requests({ kind: "kaleyra" })).toEqual([]);
    }));

  test("a secret needs a value, and names are unique ignoring case", () =>
    withSandbox(async ({ post, good }) => {
      const missing = await post(good({}, { sid: undefined }));
      expect(missing.body.errors[0]).toMatchObject({ pointer: "/headers/1/value", key: "sid" });
      const twice = await post(good({}, { SID: "x" }));
      expect(twice.body.errors[0]).toMatchObject({ pointer: "/headers/3/key", key: "SID" });
    }));

  test("what is no JSON, too large or another type", () =>
    withSandbox(async ({ call }) => {
      const headers = { "idempotency-key": "k" };
      const send = async (raw: string, more: Record<string, string> = {}) => {
        const { status, body } = await call("POST", PROVIDERS, { raw, headers: { ...headers, ...more } });
        return [status, body.code];
      };
      expect(await send('{"a":')).toEqual([400, "invalid-json"]);
      expect(await send("[]")).toEqual([422, "invalid-field"]);
      expect(await send(`"${"x".repeat(300_000)}"`)).toEqual([413, "payload-too-large"]);
      expect(await send("{}", { "content-type": "text/plain" })).toEqual([415, "unsupported-media-type"]);
    }));

  test("an account that may only read gets 403", () =>
    withSandbox(async ({ post, good, call }) => {
      expect((await post(good(), { account: 2 })).body.code).toBe("forbidden");
      expect((await call("GET", PROVIDERS, { account: 2 })).status).toBe(200);
    }));
});

describe("Idempotency-Key", () => {
  const key = { headers: { "idempotency-key": "same" } };

  test("is required", () =>
    withSandbox(async ({ call, good }) => {
      const { status, body } = await call("POST", PROVIDERS, { body: good() });
      expect([status, body.code]).toEqual([400, "missing-idempotency-key"]);
    }));

  test("replays the answer, even of a provider that is gone, and an error below 500", () =>
    withSandbox(async ({ post, good, call }, sandbox) => {
      const first = await post(good(), key);
      const again = await post(good(), key);
      expect([again.status, again.body]).toEqual([201, first.body]);
      expect(again.headers.get("etag")).toBe('"1"');
      await call("DELETE", `${PROVIDERS}/${first.body.id}`);
      expect((await post(good(), key)).body).toEqual(first.body);
      expect(sandbox.providers()).toEqual([]);
      const bad = { headers: { "idempotency-key": "bad" } };
      const refused = await post(good({ nickname: "" }), bad);
      expect((await post(good({ nickname: "" }), bad)).body).toEqual(refused.body);
    }));

  test("belongs to one body and one account", () =>
    withSandbox(async ({ post, good }) => {
      await post(good(), key);
      const other = await post(good({ nickname: "Other" }), key);
      expect([other.status, other.body.code]).toEqual([422, "idempotency-key-reused"]);
      expect((await post(good({ nickname: "Other" }), { ...key, account: 1 })).status).toBe(201);
    }));

  test("is busy while the first request runs", () =>
    withSandbox(async ({ post, good }, sandbox) => {
      sandbox.fault({ kind: "latency", path: "/kaleyra", delayMs: 1_500, count: 1 });
      const first = post(good(), key);
      while (sandbox.requests({ kind: "kaleyra" }).length === 0)
        await new Promise((done) => setTimeout(done, 5));
      const second = await post(good(), key);
      expect([second.status, second.body.code]).toEqual([409, "request-in-progress"]);
      expect((await first).status).toBe(201);
      expect((await post(good(), key)).status).toBe(201);
    }));

  test("is forgotten after its time, and never replays a 5xx", () =>
    withSandbox(
      async ({ post, good }, sandbox) => {
        sandbox.fault({ kind: "hang", path: "/kaleyra", count: 1 });
        expect((await post(good(), key)).body.code).toBe("verification-timeout");
        expect((await post(good(), key)).status).toBe(201);
        await new Promise((done) => setTimeout(done, 5));
        expect((await post(good(), key)).body.code).toBe("number-in-use");
      },
      { verificationLimitMs: 1_000, idempotencyMs: 0 },
    ));
});

describe("changing", () => {
  test("replaces: what is left out goes back to its default, a secret without value stays", () =>
    withSandbox(async ({ put, good, created }, sandbox) => {
      const before = await created({
        autoReplyUntracked: true,
        maxConcurrentRequests: 30,
        externalReference: "mark",
      });
      const { status, headers, body } = await put(
        before.id,
        1,
        good({ nickname: "New" }, { "api-key": undefined }),
      );
      expect(status).toBe(200);
      expect(headers.get("etag")).toBe('"2"');
      expect(body).toMatchObject({
        nickname: "New",
        revision: 2,
        autoReplyUntracked: false,
        maxConcurrentRequests: 100,
      });
      expect(body).not.toHaveProperty("externalReference");
      expect(sandbox.headerValue(before.id, "api-key")).toBe(sandbox.kaleyra.apiKey);
    }));

  test("a header left out is removed", () =>
    withSandbox(async ({ post, put, good }, sandbox) => {
      const { body } = await post(good({}, { "x-extra": "value" }));
      expect(sandbox.headerValue(body.id, "X-Extra")).toBe("value");
      await put(body.id, 1, good());
      expect(sandbox.headerValue(body.id, "x-extra")).toBeUndefined();
    }));

  test("wants If-Match with the revision of now", () =>
    withSandbox(async ({ put, good, created }) => {
      const { id } = await created();
      expect((await put(id, undefined, good())).body.code).toBe("precondition-required");
      expect((await put(id, 2, good())).body.code).toBe("revision-mismatch");
      expect((await put("wap_none", 1, good())).body.code).toBe("provider-not-found");
    }));

  test("the number can't change", () =>
    withSandbox(async ({ put, good, created }) => {
      const { id } = await created();
      const { status, body } = await put(id, 1, good({ mobileNumber: "15017122661" }));
      expect([status, body.errors[0].pointer]).toEqual([422, "/mobileNumber"]);
    }));

  test("validateOnly verifies with the stored secrets and changes nothing", () =>
    withSandbox(async ({ put, good, created }, sandbox) => {
      const { id } = await created();
      const body = good({ nickname: "New" }, { "api-key": undefined, sid: undefined });
      expect((await put(id, undefined, body, "?validateOnly=true")).body).toEqual({ valid: true });
      expect((await put(id, 1, body, "?validateOnly=true")).body).toEqual({ valid: true });
      expect((await put(id, 2, body, "?validateOnly=true")).body.code).toBe("revision-mismatch");
      sandbox.setKaleyra({ sid: "HXIN0000000000IN", apiKey: "rotated" });
      expect((await put(id, 1, body, "?validateOnly=true")).body.code).toBe("verification-failed");
      expect(sandbox.providers()[0]).toMatchObject({ revision: 1, nickname: "Kaleyra" });
    }));

  test("a change made while the endpoint was asked is not overwritten", () =>
    withSandbox(async ({ put, good, created }, sandbox) => {
      const { id } = await created();
      sandbox.resetRequests();
      sandbox.fault({ kind: "latency", path: "/kaleyra", delayMs: 300, count: 1 });
      const late = put(id, 1, good({ nickname: "Late" }));
      while (sandbox.requests({ kind: "kaleyra" }).length === 0)
        await new Promise((done) => setTimeout(done, 5));
      sandbox.patchProvider(id, { nickname: "Early" });
      expect((await late).body.code).toBe("revision-mismatch");
      expect(sandbox.providers()[0]?.nickname).toBe("Early");
    }));
});

describe("deleting", () => {
  test("honours If-Match, and is 404 the second time", () =>
    withSandbox(async ({ call, created }) => {
      const { id } = await created();
      const remove = (tag?: string) => call("DELETE", `${PROVIDERS}/${id}`, { headers: { "if-match": tag } });
      expect((await remove('"9"')).body.code).toBe("revision-mismatch");
      const gone = await remove('"1"');
      expect([gone.status, gone.body]).toEqual([204, undefined]);
      expect((await remove()).body.code).toBe("provider-not-found");
    }));

  test("is refused while the provider is in use", () =>
    withSandbox(async ({ call, created }, sandbox) => {
      const { id, revision } = await created();
      expect(sandbox.patchProvider(id, { inUse: true }).revision).toBe(revision);
      const { status, body } = await call("DELETE", `${PROVIDERS}/${id}`);
      expect([status, body.code]).toEqual([409, "provider-in-use"]);
      sandbox.patchProvider(id, { inUse: false });
      expect((await call("DELETE", `${PROVIDERS}/${id}`)).status).toBe(204);
    }));
});

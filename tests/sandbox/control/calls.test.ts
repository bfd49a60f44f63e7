import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { startSandbox } from "../../../sandbox";
import { validateRequest } from "../../support/openapi";
import { clientOf, withSandbox } from "../client";

async function control(
  url: string,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
) {
  const answer = await fetch(`${url}/_sandbox${path}`, {
    method,
    headers: { "content-type": "application/json", ...headers },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await answer.text();
  return { status: answer.status, body: text === "" ? undefined : JSON.parse(text) };
}

test("the control calls do what the methods do", () =>
  withSandbox(async ({ post, good }, sandbox) => {
    const { url } = sandbox;
    const made = await control(url, "POST", "/providers", {
      mobileNumber: "15017122661",
      nickname: "By hand",
    });
    expect(made.body).toMatchObject({ nickname: "By hand", revision: 1 });
    expect(made.body).not.toHaveProperty("externalReference");
    const path = `/providers/${made.body.id}`;
    const patched = await control(url, "PATCH", path, { isDefault: true, headers: { "api-key": "other" } });
    expect(patched.body).toMatchObject({ isDefault: true, revision: 2 });
    expect(sandbox.headerValue(made.body.id, "api-key")).toBe("other");
    expect((await control(url, "GET", "/state")).body).toEqual(sandbox.state());
    expect(
      (await control(url, "POST", "/campaign", { mobileNumber: "15017122661", recipients: 1 })).body.refused,
    ).toBe(1);
    expect((await control(url, "DELETE", path)).status).toBe(204);
    expect((await control(url, "DELETE", path)).status).toBe(404);
    await control(url, "PUT", "/kaleyra", { sid: "HXIN0000000000IN", apiKey: "new" });
    expect((await post(good({}, { "api-key": "new", sid: "HXIN0000000000IN" }))).status).toBe(201);
    expect((await control(url, "POST", "/faults", { kind: "status", count: 1 })).status).toBe(201);
    expect((await control(url, "POST", "/faults", { kind: "unheard-of" })).status).toBe(422);
    await control(url, "DELETE", "/faults");
    expect((await control(url, "GET", "/faults")).body.faults).toEqual([]);
    expect((await control(url, "GET", "/requests?method=POST")).body.count).toBe(1);
    await control(url, "DELETE", "/requests");
    expect(sandbox.requests()).toEqual([]);
    await control(url, "POST", "/reset");
    expect(sandbox.providers()).toEqual([]);
  }));

/** Malformed calls, and what the answer says of each. */
const MALFORMED: [call: string, body: unknown, detail: string][] = [
  ["POST /_sandbox/faults", { kind: "unheard-of" }, "/kind is wrong"],
  ["POST /_sandbox/faults", { kind: "status", count: "1", skip: -1 }, "/count is wrong"],
  ["POST /_sandbox/faults", { kind: "status", count: 0 }, "/count is wrong"],
  ["POST /_sandbox/faults", { kind: "status", path: "(" }, "/path is wrong: must be a regular expression"],
  ["POST /_sandbox/faults", { kind: "status", status: 1000 }, "/status is wrong"],
  ["POST /_sandbox/faults", { kind: "status", code: "unheard-of" }, "/code is wrong"],
  ["POST /_sandbox/faults", { kind: "status", headers: { "a b": "c" } }, "/headers/a b is wrong"],
  ["POST /_sandbox/faults", { kind: "status", headers: { a: "b\nc" } }, "/headers/a is wrong"],
  ["POST /_sandbox/faults", { kind: "status", retryAfter: "\n" }, "/retryAfter is wrong"],
  ["POST /_sandbox/faults", { kind: "latency", delay: 1 }, "/delay is not a known field"],
  ["POST /_sandbox/providers", {}, "/mobileNumber is wrong"],
  ["POST /_sandbox/providers", { mobileNumber: 919999999999 }, "/mobileNumber is wrong"],
  ["POST /_sandbox/providers", { mobileNumber: "919999999999", isDefault: "yes" }, "/isDefault is wrong"],
  ["POST /_sandbox/providers", { mobileNumber: "919999999999", headers: [] }, "/headers is wrong"],
  ["POST /_sandbox/providers", { mobileNumber: "919999999999", accountId: "none" }, "no such account"],
  ["PATCH /_sandbox/providers/ID", { nickname: 5 }, "/nickname is wrong"],
  ["PATCH /_sandbox/providers/ID", { nickName: "Other" }, "/nickName is not a known field"],
  ["PATCH /_sandbox/providers/ID", { headers: { sid: 5 } }, "/headers/sid is wrong"],
  ["PATCH /_sandbox/providers/ID", { id: "wap_2" }, "/id is not a known field"],
  ["PATCH /_sandbox/providers/%zz", { nickname: "Other" }, "no provider %zz"],
  ["DELETE /_sandbox/providers/%zz", undefined, "no provider %zz"],
  ["PUT /_sandbox/kaleyra", { sid: "HXIN1234567890IN" }, "/apiKey is wrong"],
  ["PUT /_sandbox/kaleyra", { sid: 1, apiKey: [] }, "/sid is wrong"],
  ["POST /_sandbox/campaign", { mobileNumber: null }, "/mobileNumber is wrong"],
  ["POST /_sandbox/campaign", { mobileNumber: "919999999999", recipients: [1] }, "/recipients is wrong"],
  ["POST /_sandbox/campaign", { mobileNumber: "919999999999", recipients: 0 }, "/recipients is wrong"],
  ["POST /_sandbox/campaign", { mobileNumber: "919999999999", number: "1" }, "/number is not a known field"],
  ["GET /_sandbox/requests?kind=other", undefined, "/kind is wrong"],
  ["GET /_sandbox/requests?since=1", undefined, "/since is not a known field"],
  ["GET /_sandbox/callbacks?number=1", undefined, "/number is not a known field"],
  ["GET /_sandbox/constructor", undefined, "Known: GET /state"],
  [
    "PUT /kaleyra/numbers/919999999999/incoming-url",
    { url: "incoming" },
    "/url is wrong: must be an absolute URL",
  ],
  ["PUT /kaleyra/numbers/919999999999/incoming-url", {}, "/url is wrong"],
  ["PUT /_sandbox/kaleyra/details", { incomingUrl: "yes" }, "/incomingUrl is wrong"],
  ["POST /kaleyra/whatsapp_incoming", { from: "14155550101" }, "/wabaNumber is wrong"],
  ["POST /kaleyra/numbers/919999999999/inbound", { from: 5 }, "/from is wrong"],
  ["POST /kaleyra/numbers/919999999999/inbound", { body: "Hello" }, "/body is not a known field"],
];

/** Calls that take a body. */
const WITH_BODY = [...new Set(MALFORMED.filter(([, body]) => body !== undefined).map(([call]) => call))];

test("malformed control calls are refused with what is wrong", () =>
  withSandbox(async (_client, sandbox) => {
    const { id } = sandbox.createProvider({ mobileNumber: "14155550100" });
    const send = async (call: string, body: string | undefined, type = "application/json") => {
      const [method = "", path = ""] = call.split(" ");
      const answer = await fetch(`${sandbox.url}${path.replace("ID", id)}`, {
        method,
        headers: { "content-type": type },
        body,
      });
      return { status: answer.status, ...((await answer.json()) as { detail: string }) };
    };
    for (const [call, body, detail] of MALFORMED) {
      const answer = await send(call, body === undefined ? undefined : JSON.stringify(body));
      expect([call, body, answer]).toEqual([
        call,
        body,
        expect.objectContaining({ detail: expect.stringContaining(detail) }),
      ]);
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.status).toBeLessThan(500);
    }
    for (const call of WITH_BODY) {
      for (const body of ["null", "[]", '"text"', "5", "{"])
        expect([call, body, (await send(call, body)).status]).toEqual([call, body, body === "{" ? 400 : 422]);
      expect((await send(call, "{}", "text/plain")).status).toBe(415);
    }
    expect(sandbox.providers()).toMatchObject([{ id, revision: 1 }]);
  }));

test("no body at all makes the sandbox fail", () =>
  withSandbox(async (_client, sandbox) => {
    const { id } = sandbox.createProvider({ mobileNumber: "14155550100" });
    const failed = jest.spyOn(console, "error").mockImplementation(() => {});
    const names = ["kind", "status", "path", "headers", "mobileNumber", "recipients", "sid", "apiKey", "url"];
    const record = fc.dictionary(fc.constantFrom(...names, "isDefault", "inUse", "nickname"), fc.jsonValue());
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...WITH_BODY),
        fc.oneof(record, fc.jsonValue()),
        async (call, body) => {
          const [method = "", path = ""] = call.split(" ");
          // A fault that it makes would hit the calls of this test.
          sandbox.clearFaults();
          const headers = { "content-type": "application/json" };
          const target = `${sandbox.url}${path.replace("ID", id)}`;
          const answer = await fetch(target, { method, headers, body: JSON.stringify(body) });
          expect(answer.status).toBeLessThan(500);
        },
      ),
    );
    expect(failed.mock.calls).toEqual([]);
    failed.mockRestore();
  }));

test("what an edit by hand left unusable fails the campaign, not the sandbox", () =>
  withSandbox(async (_client, { url, ...sandbox }) => {
    const { id } = sandbox.createProvider({ mobileNumber: "14155550100", httpEndpoint: "not a URL" });
    const campaign = { mobileNumber: "14155550100", recipients: 1 };
    for (const _ of [1, 2]) {
      const { status, body } = await control(url, "POST", "/campaign", campaign);
      expect([status, body.refused]).toEqual([200, 1]);
      await control(url, "PATCH", `/providers/${id}`, {
        httpEndpoint: `${url}/x`,
        headers: { "x-a": "b\nc" },
      });
    }
    expect((await fetch(`${url}/v2/%zz/whatsapp/14155550100/phone_number_details`)).status).toBe(401);
  }));

test("the log, the state and the page show no secret", () =>
  withSandbox(async ({ post, good, call }, sandbox) => {
    const nickname = "<script>alert(1)</script>";
    const { body } = await post(
      good({ nickname, externalReference: "mark&1" }, { "x-extra": "canary-value" }),
    );
    await call("GET", `/v1/whatsapp/providers/${body.id}`);
    await sandbox.campaign({ mobileNumber: "919999999999", recipients: 1 });
    const page = await (await fetch(sandbox.url)).text();
    const shown = [page, JSON.stringify(sandbox.state()), JSON.stringify(sandbox.requests({ kind: "all" }))];
    const secrets = [
      sandbox.kaleyra.apiKey,
      sandbox.kaleyra.sid,
      "canary-value",
      sandbox.accounts[0]?.passcode ?? "",
    ];
    for (const text of shown) for (const secret of secrets) expect(text).not.toContain(secret);
    expect(page).toContain("&lt;script&gt;");
    expect(page).not.toContain("<script>");
    expect(page).toContain("made by Pulumi (mark&amp;1)");
  }));

test("web pages and other host names are refused", () =>
  withSandbox(async (_client, { url }) => {
    expect((await control(url, "POST", "/reset", undefined, { origin: "https://example.com" })).status).toBe(
      403,
    );
  }));

test("requests in the log can be checked against openapi.yaml", () =>
  withSandbox(async ({ call, good }, sandbox) => {
    const headers = { "idempotency-key": "k", "x-request-id": "5caf5d85-8774-4d4c-9b25-f7179569e834" };
    await call("POST", "/v1/whatsapp/providers", { body: good(), headers });
    const [entry] = sandbox.requests();
    if (!entry) throw new Error("nothing was logged");
    const check = (over: Partial<typeof entry> = {}) => {
      const { method, path, query, headers, body } = { ...entry, ...over };
      validateRequest(method, path, query, headers, body);
    };
    check();
    expect(() => check({ body: { ...good(), surprise: 1 } })).toThrow("additional properties");
    expect(() => check({ query: { dry: "true" } })).toThrow("query dry is not known");
    expect(() => check({ headers: { ...entry.headers, "idempotency-key": "" } })).toThrow("idempotency-key");
  }));

test("data and credentials outlive a restart", async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "wa-sandbox-"));
  try {
    const first = await startSandbox({ dataDir, verificationLimitMs: 20_000 });
    const { created } = clientOf(first);
    const { id } = await created();
    first.setKaleyra({ sid: first.kaleyra.sid, apiKey: "rotated" });
    const port = Number(new URL(first.url).port);
    await first.close();
    const second = await startSandbox({ dataDir, port });
    expect(second.url).toBe(first.url);
    expect(second.providers().map((item) => item.id)).toEqual([id]);
    expect(second.kaleyra.apiKey).toBe("rotated");
    await expect(startSandbox({ port })).rejects.toMatchObject({ code: "EADDRINUSE" });
    await second.close();
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
});

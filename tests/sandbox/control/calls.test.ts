import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
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

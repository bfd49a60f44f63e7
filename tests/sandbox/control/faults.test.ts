import type { FaultSpec, Sandbox } from "../../../sandbox";
import { withSandbox } from "../client";

const PROVIDERS = "/v1/whatsapp/providers";

function get(sandbox: Sandbox, path = PROVIDERS): Promise<Response> {
  const [account] = sandbox.accounts;
  const headers = {
    "x-clevertap-account-id": account?.id ?? "",
    "x-clevertap-passcode": account?.passcode ?? "",
  };
  return fetch(sandbox.url + path, { headers, redirect: "manual", signal: AbortSignal.timeout(20_000) });
}

test("a dropped create is stored or not, as asked", () =>
  withSandbox(async ({ post, good }, sandbox) => {
    sandbox.fault({ kind: "drop-before", method: "POST", count: 1 });
    await expect(post(good())).rejects.toThrow();
    expect(sandbox.providers()).toHaveLength(0);
    sandbox.fault({ kind: "drop-after", method: "POST", count: 1 });
    await expect(post(good(), { headers: { "idempotency-key": "mine" } })).rejects.toThrow();
    expect(sandbox.providers()).toHaveLength(1);
    const again = await post(good(), { headers: { "idempotency-key": "mine" } });
    expect([again.status, again.body.id]).toEqual([201, sandbox.providers()[0]?.id]);
    expect(sandbox.requests({ method: "POST" }).map((entry) => [entry.status, entry.fault])).toEqual([
      [0, "drop-before"],
      [0, "drop-after"],
      [201, undefined],
    ]);
  }));

const SPOILT: [FaultSpec, number, RegExp][] = [
  [{ kind: "html" }, 200, /^<!doctype html>/],
  [{ kind: "html", status: 502 }, 502, /Bad gateway/],
  [{ kind: "empty" }, 200, /^$/],
  [{ kind: "invalid-json" }, 200, /\]$/],
  [{ kind: "wrong-type" }, 200, /items/],
  [{ kind: "redirect" }, 302, /^$/],
  [{ kind: "status", status: 429 }, 429, /too-many-requests/],
  [{ kind: "status", status: 404 }, 404, /"not-found"/],
  [{ kind: "status", status: 409, code: "request-in-progress" }, 409, /request-in-progress/],
  [{ kind: "status", status: 400, body: { status: "fail", error: "Bad", code: 1 } }, 400, /"fail"/],
  [{ kind: "latency", delayMs: 1 }, 200, /items/],
];

test.each(SPOILT)("%j", (spec, status, body) =>
  withSandbox(async (_client, sandbox) => {
    sandbox.fault({ ...spec, count: 1 });
    const answer = await get(sandbox);
    expect(answer.status).toBe(status);
    expect(await answer.text()).toMatch(body);
    expect((await get(sandbox)).status).toBe(200);
  }),
);

test("Retry-After in both forms, and as any text", () =>
  withSandbox(async (_client, sandbox) => {
    sandbox.fault({ kind: "status", status: 429, retryAfter: 7, count: 1 });
    sandbox.fault({ kind: "status", status: 503, retryAfterDate: 60, count: 1 });
    sandbox.fault({ kind: "status", status: 503, retryAfter: "soon", count: 1 });
    const values = [];
    for (let n = 0; n < 3; n += 1) values.push((await get(sandbox)).headers.get("retry-after"));
    expect(values[0]).toBe("7");
    expect(values[1]).toMatch(/^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$/);
    expect(values[2]).toBe("soon");
  }));

test("a truncated and a huge body", () =>
  withSandbox(async (_client, sandbox) => {
    sandbox.fault({ kind: "truncated", count: 1 });
    await expect(get(sandbox).then((answer) => answer.text())).rejects.toThrow();
    sandbox.fault({ kind: "huge", bytes: 3 * 1024 * 1024, count: 1 });
    expect((await (await get(sandbox)).text()).length).toBe(3 * 1024 * 1024);
  }));

test("by method, path, skip and count, until cleared", () =>
  withSandbox(async (_client, sandbox) => {
    const statuses = async (paths: string[]) => {
      const found = [];
      for (const path of paths) found.push((await get(sandbox, path)).status);
      return found;
    };
    sandbox.fault({ kind: "status", method: "POST" });
    sandbox.fault({ kind: "status", path: "^/v1/whatsapp/providers$", skip: 1, count: 1 });
    const defaults = "/v1/whatsapp/provider-defaults";
    expect(await statuses([PROVIDERS, defaults, PROVIDERS, PROVIDERS])).toEqual([200, 200, 503, 200]);
    sandbox.fault({ kind: "status" });
    expect(await statuses([defaults, PROVIDERS])).toEqual([503, 503]);
    sandbox.clearFaults();
    expect(await statuses([defaults, PROVIDERS])).toEqual([200, 200]);
  }));

test("close ends a hanging request at once", async () => {
  await withSandbox(async (_client, sandbox) => {
    sandbox.fault({ kind: "hang" });
    const hanging = get(sandbox).catch(() => "ended");
    while (sandbox.requests().length === 0) await new Promise((done) => setTimeout(done, 5));
    await sandbox.close();
    expect(await hanging).toBe("ended");
  });
});

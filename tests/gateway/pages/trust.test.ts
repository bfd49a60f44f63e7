import { readdirSync, readFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { confirmTask, refuseTask, takeTask } from "../../../gateway/model/work";
import { withPage } from "../../support/browser";
import { ACCOUNT, ADMIN, ARUN, MEERA, VIEWER } from "../support";
import { loggedIn, logInAs, PASSWORD, visitorOf, withPages } from "./support";

/** Each line attacks one promise of the pages. */

describe("log-in", () => {
  test("nothing but the form and its files without it", () =>
    withPages(async ({ post, good, url, sandbox }) => {
      await post(good());
      const stranger = visitorOf(url);
      for (const path of [
        "/",
        "/tasks",
        "/tasks/1",
        "/providers",
        "/accounts",
        "/log",
        "/log.csv",
        "/log.jsonl",
        "/events",
      ]) {
        const { status, headers, text } = await stranger.get(path);
        expect([path, status, headers.get("location")]).toEqual([
          path,
          303,
          `/login?next=${encodeURIComponent(path)}`,
        ]);
        expect(text).not.toContain("Kaleyra");
      }
      for (const action of ["take", "reveal", "save", "refuse", "release"])
        expect((await stranger.post(`/tasks/1/${action}`, {}, { from: "/login" })).status).toBe(403);
      expect(sandbox.kaleyra.apiKey).not.toBe("");
    }));

  test("the same answer for a wrong name and a wrong password", () =>
    withPages(async ({ url }) => {
      const answers = [];
      for (const name of ["meera", "nobody-at-all"]) {
        const { status, text } = await visitorOf(url).post(
          "/login",
          { name, password: "wrong" },
          { from: "/login" },
        );
        answers.push([status, text.replaceAll(name, "NAME").replace(/value="[\da-f]{64}"/, "")]);
      }
      expect(answers[0]).toEqual(answers[1]);
      expect(answers[0]?.[0]).toBe(401);
    }));

  test("guessing ends after five attempts, whoever guesses, and the log has it without the password", () =>
    withPages(async ({ url, gateway }) => {
      const guess = (password: string) =>
        visitorOf(url).post("/login", { name: MEERA.name, password }, { from: "/login" });
      for (let attempt = 0; attempt < 5; attempt += 1) expect((await guess("guess-canary")).status).toBe(401);
      const right = await guess(PASSWORD);
      expect(right.status).toBe(429);
      expect(Number(right.headers.get("retry-after"))).toBeGreaterThan(0);
      const log = gateway.database.all("SELECT document FROM log");
      expect(log).toContainEqual(expect.objectContaining({ actor: "meera", action: "log-in failed" }));
      expect(JSON.stringify(log)).not.toContain("guess-canary");
      // Another person is not locked out by it.
      await loggedIn(url, ARUN);
    }));

  test("a session id that somebody planted is worth nothing", () =>
    withPages(async ({ url }) => {
      const visitor = visitorOf(url);
      const planted = "planted-by-somebody-else";
      visitor.cookies.set("gateway-session", planted);
      await visitor.post("/login", { name: MEERA.name, password: PASSWORD }, { from: "/login" });
      expect(visitor.cookies.get("gateway-session")).toMatch(/^[\w-]{43}$/);
      const other = visitorOf(url);
      other.cookies.set("gateway-session", planted);
      expect((await other.get("/tasks")).status).toBe(303);
    }));

  test("a new log-in and a log-out end the session before", () =>
    withPages(async ({ url }) => {
      const visitor = await loggedIn(url, MEERA);
      const first = visitor.cookies.get("gateway-session") ?? "";
      await visitor.post("/login", { name: MEERA.name, password: PASSWORD }, { from: "/login" });
      const second = visitor.cookies.get("gateway-session") ?? "";
      const thief = visitorOf(url);
      thief.cookies.set("gateway-session", first);
      expect((await thief.get("/tasks")).status).toBe(303);
      expect((await visitor.post("/logout", {}, { from: "/tasks" })).status).toBe(303);
      thief.cookies.set("gateway-session", second);
      expect((await thief.get("/tasks")).status).toBe(303);
    }));

  test("the cookie is out of reach for scripts and other sites, and for plain http where the gateway has https", () =>
    withPages(
      async ({ url }) => {
        const visitor = visitorOf(url);
        const { headers } = await visitor.post(
          "/login",
          { name: MEERA.name, password: PASSWORD },
          { from: "/login" },
        );
        const [line] = headers.getSetCookie();
        expect(line).toMatch(/; HttpOnly/);
        expect(line).toMatch(/; SameSite=Strict/);
        expect(line).toMatch(/; Secure/);
        expect(line).toMatch(/; Path=\//);
      },
      { behindProxy: true },
    ));

  test("it leads to no other place", () =>
    withPages(async ({ url }) => {
      const places = [
        "https://example.com/",
        "//example.com",
        "/\\example.com",
        "/tasks/\\..\\x",
        "javascript:alert(1)",
        "/logout",
      ];
      for (const next of places) {
        const fields = { name: MEERA.name, password: PASSWORD, next };
        const { headers } = await visitorOf(url).post("/login", fields, { from: "/login" });
        expect([next, headers.get("location")]).toEqual([next, "/tasks"]);
      }
    }));

  test("a link on another site's page leads to the task, since the browser keeps the cookie back", () =>
    withPages(async ({ url, post, good }) => {
      await post(good());
      const fromElsewhere = await visitorOf(url).get("/tasks/1", { "sec-fetch-site": "cross-site" });
      expect(fromElsewhere.status).toBe(200);
      expect(fromElsewhere.text).toContain('content="0;url=/tasks/1"');
      expect(fromElsewhere.text).not.toContain("Kaleyra");
      const away = await visitorOf(url).get("//example.com/tasks", { "sec-fetch-site": "cross-site" });
      expect(away.text).toContain('content="0;url=/tasks"');
      expect(away.text).not.toContain("example.com");
    }));
});

describe("forms", () => {
  const ACTIONS = ["take", "release", "save", "refuse", "matches", "differs", "reveal"];

  test("none goes through without its session's token, or from the page of another site", () =>
    withPages(async ({ url, post, good, gateway }) => {
      await post(good());
      const victim = await loggedIn(url, MEERA);
      const { text } = await (await loggedIn(url, ARUN)).get("/tasks");
      const token = /name="form-token" value="([^"]+)"/.exec(text)?.[1] ?? "";
      const before = gateway.database.all("SELECT document FROM task");
      const paths = [
        ...ACTIONS.map((action) => `/tasks/1/${action}`),
        `/accounts/${ACCOUNT.id}`,
        "/logout",
        "/providers/look",
      ];
      const attacks = [
        {},
        { token: "" },
        { token },
        { from: "/tasks", headers: { "sec-fetch-site": "cross-site" } },
      ];
      for (const path of paths)
        for (const attack of attacks)
          expect([path, attack, (await victim.post(path, {}, attack)).status]).toEqual([path, attack, 403]);
      expect(gateway.database.all("SELECT document FROM task")).toEqual(before);
    }));

  test("the log-in has a token of its own", () =>
    withPages(async ({ url }) => {
      const fields = { name: MEERA.name, password: PASSWORD };
      expect((await visitorOf(url).post("/login", fields)).status).toBe(403);
      const other = visitorOf(url);
      await other.get("/login");
      const { text } = await visitorOf(url).get("/login");
      const token = /name="form-token" value="([^"]+)"/.exec(text)?.[1] ?? "";
      expect((await other.post("/login", fields, { token })).status).toBe(403);
    }));

  test("another Host gets nothing", () =>
    withPages(async ({ url }) => {
      const status = await new Promise<number | undefined>((resolve, reject) => {
        request(`${url}/login`, { headers: { host: "rebound.example.com" } }, (answer) =>
          resolve(answer.resume().statusCode),
        )
          .on("error", reject)
          .end();
      });
      expect(status).toBe(403);
    }));
});

describe("roles, on the server", () => {
  test("a viewer reads, and does nothing else", () =>
    withPages(async ({ url, post, good, gateway }) => {
      await post(good());
      takeTask(gateway, 1, MEERA);
      const viewer = await loggedIn(url, VIEWER);
      const page = await viewer.get("/tasks/1");
      expect(page.status).toBe(200);
      for (const words of ["Reveal", "Mark as saved", "CleverTap refused it", "Release"])
        expect(page.text).not.toContain(`${words}</button>`);
      const tries = [
        ["/tasks/1/take", {}],
        ["/tasks/1/reveal", { field: "header:api-key" }],
        ["/tasks/1/save", {}],
        ["/tasks/1/refuse", { said: "no" }],
        ["/tasks/1/release", {}],
        ["/tasks/1/matches", {}],
        ["/tasks/1/differs", { nickname: "Other" }],
        ["/providers/look", { id: "wap_1" }],
        [`/accounts/${ACCOUNT.id}`, { payloadVersion: "9" }],
      ] as const;
      for (const [path, fields] of tries)
        expect([
          path,
          (await viewer.post(path, { revision: "1", ...fields }, { from: "/tasks" })).status,
        ]).toEqual([path, 403]);
      expect(gateway.database.one("SELECT document FROM task")).toMatchObject({
        state: "taken",
        takenBy: "meera",
      });
    }));

  test("only who took a task says what came of it; an admin gives it back", () =>
    withPages(async ({ url, post, good, gateway }) => {
      await post(good());
      takeTask(gateway, 1, MEERA);
      const [arun, admin] = [await loggedIn(url, ARUN), await loggedIn(url, ADMIN)];
      const seen = { revision: "1" };
      expect((await arun.post("/tasks/1/save", seen, { from: "/tasks" })).status).toBe(409);
      expect((await arun.post("/tasks/1/release", seen, { from: "/tasks" })).status).toBe(403);
      expect((await admin.post("/tasks/1/release", seen, { from: "/tasks" })).status).toBe(303);
      expect(gateway.database.one("SELECT document FROM task")).toMatchObject({ state: "open" });
    }));

  test("the pages and the contract's calls share no credential", () =>
    withPages(async ({ url }) => {
      const meera = await loggedIn(url, MEERA);
      expect((await meera.get("/v1/whatsapp/providers")).status).toBe(401);
      const passcode = { "x-clevertap-account-id": ACCOUNT.id, "x-clevertap-passcode": ACCOUNT.passcode };
      expect((await visitorOf(url).get("/tasks", passcode)).status).toBe(303);
      const logIn = { name: ACCOUNT.id, password: ACCOUNT.passcode };
      expect((await visitorOf(url).post("/login", logIn, { from: "/login" })).status).toBe(401);
    }));

  test("what does not exist is not there", () =>
    withPages(async ({ url, post, good }) => {
      await post(good());
      const meera = await loggedIn(url, MEERA);
      for (const path of [
        "/tasks/2",
        "/tasks/0",
        "/tasks/x",
        "/tasks/1e0",
        "/accounts/TEST-000-999Z",
        "/nowhere",
      ])
        expect([path, (await meera.get(path)).status]).toEqual([path, 404]);
    }));
});

describe("secrets", () => {
  test("before Reveal in no page; after it on the task's page of this session, for five minutes; the log has it", () => {
    let now = new Date("2026-11-24T12:00:00Z");
    return withPages(
      async ({ url, post, good, gateway, sandbox }) => {
        const { apiKey, sid } = sandbox.kaleyra;
        await post(good());
        const meera = await loggedIn(url, MEERA);
        for (const path of [
          "/tasks",
          "/tasks/1",
          "/providers",
          `/accounts/${ACCOUNT.id}`,
          "/log",
          "/log.jsonl",
        ]) {
          const { text } = await meera.get(path);
          expect(text).not.toContain(apiKey);
          expect(text).not.toContain(sid);
        }
        const revealed = await meera.post(
          "/tasks/1/reveal",
          { field: "header:api-key" },
          { from: "/tasks/1" },
        );
        expect(revealed.status).toBe(303);
        expect(revealed.headers.get("location")).not.toContain(apiKey);
        const page = (await meera.get("/tasks/1")).text;
        expect(page).toContain(apiKey);
        expect(page).not.toContain(sid);
        // A second session of the same person, and another task, show nothing.
        expect((await (await loggedIn(url, MEERA)).get("/tasks/1")).text).not.toContain(apiKey);
        const lines = gateway.database.all("SELECT document FROM log");
        expect(lines).toContainEqual(
          expect.objectContaining({ actor: "meera", action: "reveal", task: "1" }),
        );
        expect(JSON.stringify(lines)).not.toContain(apiKey);
        now = new Date("2026-11-24T12:05:01Z");
        expect((await meera.get("/tasks/1")).text).not.toContain(apiKey);
      },
      { now: () => now },
    );
  });

  test("a header that is open or not there can't be revealed", () =>
    withPages(async ({ url, post, good }) => {
      await post(good());
      const meera = await loggedIn(url, MEERA);
      for (const field of ["header:kaleyra-host", "header:nothing", "nickname", ""])
        expect((await meera.post("/tasks/1/reveal", { field }, { from: "/tasks/1" })).status).toBe(404);
    }));

  test("after the task no page and no byte of the data folder has them, nor what was typed with them", () =>
    withPages(async ({ url, post, good, get, gateway, sandbox, folder }) => {
      const { apiKey, sid } = sandbox.kaleyra;
      const { body } = await post(good());
      const meera = await loggedIn(url, MEERA);
      await meera.post("/tasks/1/take", {}, { from: "/tasks/1" });
      await meera.post("/tasks/1/reveal", { field: "header:api-key" }, { from: "/tasks/1" });
      const said = `Invalid key ${apiKey}, sid=${sid}.`;
      await meera.post("/tasks/1/refuse", { said }, { from: "/tasks/1" });
      const { statusReason } = (await get(body.id)).body;
      expect(statusReason).toBe("Invalid key [redacted], sid=[redacted].");
      expect((await meera.get("/tasks/1")).text).toContain("Invalid key [redacted]");
      await post(good({ nickname: "Again", mobileNumber: "14155550100" }));
      takeTask(gateway, 2, MEERA);
      await meera.post(
        "/tasks/2/save",
        { "number-details": apiKey, note: `${sid} ok` },
        { from: "/tasks/2" },
      );
      for (const path of ["/tasks/1", "/tasks/2", "/providers", "/log"])
        for (const secret of [apiKey, sid]) expect((await meera.get(path)).text).not.toContain(secret);
      for (const file of readdirSync(folder)) {
        const bytes = readFileSync(join(folder, file));
        for (const secret of [apiKey, sid]) expect([file, bytes.includes(secret)]).toEqual([file, false]);
      }
    }));
});

test("markup in a nickname, a header name, a note and a reason is text", () =>
  withPages(async ({ url, post, put, good, gateway }) => {
    const hostile = `<img src=x onerror="alert(1)">'"&`;
    const extra = { "x-'&`*": "<script>alert(1)</script>" };
    const first = await post(
      good({ nickname: hostile, externalReference: `acme/<b>/prod/${hostile}#0123456789ab` }, extra),
    );
    takeTask(gateway, 1, MEERA);
    confirmTask(gateway, 1, MEERA, { note: hostile, numberDetails: hostile });
    await put(first.body.id, 1, good({ nickname: `${hostile}2` }, extra));
    takeTask(gateway, 2, MEERA);
    refuseTask(gateway, 2, MEERA, `<script>alert(2)</script>${hostile}`);
    await post(good({ nickname: hostile, mobileNumber: "14155550100" }, extra));
    await withPage(async (page) => {
      await logInAs(page, url, MEERA);
      for (const path of [
        "/tasks",
        "/tasks?state=refused",
        "/tasks/1",
        "/tasks/2",
        "/tasks/3",
        "/providers",
        "/log",
      ]) {
        await page.goto(url + path);
        expect([path, await page.locator("main img, main script, main b").count()]).toEqual([path, 0]);
      }
      await page.goto(`${url}/tasks/3`);
      expect(await page.locator('[data-value-of="nickname"]').textContent()).toBe(hostile);
      const query = encodeURIComponent('"><script>alert(3)</script>');
      for (const path of [
        `/tasks?account=${query}&state=${query}`,
        `/log?actor=${query}`,
        `/providers?number=${query}`,
        `/login?next=${query}`,
      ]) {
        await page.goto(url + path);
        expect(await page.locator("main script").count()).toBe(0);
      }
    });
  }));

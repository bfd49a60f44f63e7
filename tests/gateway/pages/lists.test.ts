import { chainFault } from "../../../contract/gateway-log";
import type { Attestation, Declared, KeptTask } from "../../../gateway/model/documents";
import { putAttestation, putProvider, putTask } from "../../../gateway/model/tables";
import { ACCOUNT, MEERA, OTHER, type Scene } from "../support";
import { loggedIn, type Visitor, withPages } from "./support";

const AT = "2026-11-24T12:00:00Z";

function values(i: number) {
  const mobileNumber = String(447700900000 + i);
  return {
    nickname: `Kaleyra ${i}`,
    mobileNumber,
    httpEndpoint: "https://example.com/",
    headers: [],
    isDefault: false,
  };
}

/** Providers of one account, all attested; the first of them with an open task. */
function fillWith({ gateway }: Pick<Scene, "gateway">, providers: number, tasks: number): void {
  gateway.database.atOnce(() => {
    for (let i = 1; i <= providers; i += 1) {
      const form = values(i);
      const place = { account: ACCOUNT.id, number: form.mobileNumber };
      const declared: Declared = {
        seq: gateway.database.next("provider"),
        id: `wap_${i}`,
        account: ACCOUNT.id,
        values: form,
        revision: 1,
        going: false,
        refused: false,
        createdAt: AT,
        updatedAt: AT,
      };
      putProvider(gateway, declared);
      const attestation: Attestation = { values: form, by: "meera", at: AT, task: 1 };
      putAttestation(gateway, place, attestation);
      if (i > tasks) continue;
      const task: KeptTask = {
        ...place,
        n: gateway.database.next("task"),
        kind: "edit",
        state: "open",
        provider: declared.id,
        revision: 1,
        target: form,
        base: form,
        openedAt: AT,
      };
      putTask(gateway, task);
    }
  });
}

const linksTo = (text: string, kind: string) =>
  text.match(new RegExp(`href="/${kind}/\\d+"`, "g"))?.length ?? 0;

/** Every item of a list, page after page. */
async function walk(visitor: Visitor, path: string, item: RegExp): Promise<string[]> {
  const found: string[] = [];
  for (let next: string | undefined = path; next !== undefined; ) {
    const { text } = await visitor.get(next);
    found.push(...[...text.matchAll(item)].map(([, one = ""]) => one));
    next = /href="([^"]+)">\s*Next page/.exec(text)?.[1]?.replaceAll("&amp;", "&");
  }
  return found;
}

test("10,000 providers and 1,000 open tasks: pages of 50, and as many statements as for ten", () =>
  withPages(async (scene) => {
    const { gateway, url } = scene;
    const meera = await loggedIn(url, MEERA);
    const count = async (path: string) => {
      const before = gateway.database.executed;
      expect((await meera.get(path)).status).toBe(200);
      return gateway.database.executed - before;
    };
    const paths = [
      "/tasks",
      "/tasks?state=open&kind=edit",
      "/providers",
      `/providers?account=${ACCOUNT.id}`,
      "/log",
      "/tasks/1",
    ];
    fillWith(scene, 10, 10);
    const few: number[] = [];
    for (const path of paths) few.push(await count(path));
    gateway.database.run("DELETE FROM provider");
    gateway.database.run("DELETE FROM task");
    fillWith(scene, 10_000, 1_000);
    const first = Number(gateway.database.row("SELECT min(n) AS n FROM task")?.n);
    for (const [i, path] of paths.entries()) {
      const now = path === "/tasks/1" ? `/tasks/${first}` : path;
      expect([path, await count(now)]).toEqual([path, few[i]]);
    }
    expect(linksTo((await meera.get("/tasks")).text, "tasks")).toBe(50);
    expect((await meera.get("/tasks")).text).toContain("1000 open, 0 taken");
    const tasks = await walk(meera, "/tasks", />\s*Task (\d+)\s*<\/a>/g);
    expect(new Set(tasks).size).toBe(1_000);
    expect(tasks).toHaveLength(1_000);
    expect(tasks.map(Number)).toEqual([...tasks.map(Number)].sort((a, b) => a - b));
  }));

test("filters of tasks, providers and the log", () =>
  withPages(async ({ url, post, good, gateway }) => {
    await post(good());
    await post(good({ nickname: "Elsewhere", mobileNumber: "14155550100" }), { account: OTHER });
    const meera = await loggedIn(url, MEERA);
    const tasks = async (query: string) => (await meera.get(`/tasks${query}`)).text.match(/Task \d+/g) ?? [];
    expect(await tasks("")).toEqual(["Task 1", "Task 2"]);
    expect(await tasks(`?account=${OTHER.id}`)).toEqual(["Task 2"]);
    expect(await tasks("?kind=delete")).toEqual([]);
    expect(await tasks("?state=taken")).toEqual([]);
    // What no list knows filters nothing.
    expect(await tasks("?state=nonsense&after=x")).toEqual(["Task 1", "Task 2"]);
    await meera.post("/tasks/2/take", {}, { from: "/tasks/2" });
    await meera.post("/tasks/2/save", {}, { from: "/tasks/2" });
    expect(await tasks("?state=confirmed")).toEqual(["Task 2"]);
    const providers = (await meera.get("/providers?number=14155550100")).text;
    expect(providers).toContain("Elsewhere");
    expect(providers).not.toContain("919999999999");
    const log = (await meera.get("/log?actor=meera&action=save&task=2")).text;
    expect(log.match(/<tr>/g)).toHaveLength(2);
    expect(gateway.database.all("SELECT document FROM log").length).toBeGreaterThan(5);
  }));

test("the log as JSON lines and as CSV: whole, to be verified, and the export is in it", () =>
  withPages(async ({ url, post, good }) => {
    await post(good());
    const meera = await loggedIn(url, MEERA);
    const json = await meera.get("/log.jsonl");
    expect(json.headers.get("content-disposition")).toContain("attachment");
    const lines = json.text
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(chainFault(lines)).toBeUndefined();
    expect(lines.at(-1)).toMatchObject({ actor: "meera", action: "export" });
    const csv = (await meera.get("/log.csv")).text.trimEnd().split("\r\n");
    expect(csv[0]).toBe("seq,at,actor,action,task,provider,prev,hash");
    expect(csv).toHaveLength(lines.length + 2);
    expect(csv.at(-1)).toMatch(/^\d+,[^,]+,meera,export,,,[\da-f]{64},[\da-f]{64}$/);
  }));

test("providers: declared against attested, by whom and when, and when the next look is due", () => {
  const now = new Date("2026-11-24T12:00:00Z");
  return withPages(
    async ({ url, post, put, good }) => {
      const { body } = await post(good());
      const meera = await loggedIn(url, MEERA);
      expect((await meera.get("/providers")).text).toMatch(/never/);
      await meera.post("/tasks/1/take", {}, { from: "/tasks/1" });
      await meera.post("/tasks/1/save", {}, { from: "/tasks/1" });
      const { text } = await meera.get("/providers");
      expect(text).toContain("equal");
      expect(text).toContain("24 Nov 2026, 12:00");
      expect(text).toContain("by meera");
      expect(text).toContain("4 Dec 2026, 12:00");
      await meera.post("/providers/look", { id: body.id }, { from: "/providers" });
      expect((await meera.get("/tasks?kind=look")).text).toContain("Task 2");
      await put(body.id, 1, good({ nickname: "Newer", maxConcurrentRequests: 200 }));
      expect((await meera.get("/providers")).text).toContain(
        "different: Nickname, Maximum concurrent requests",
      );
    },
    { now: () => now, attestEveryDays: 10 },
  );
});

test("the defaults of an account: pasted once, checked, and then programs go on", () =>
  withPages(
    async ({ url, call, gateway }) => {
      const defaults = () => call("GET", "/v1/whatsapp/provider-defaults");
      const problem = await defaults();
      expect([problem.status, problem.body.code]).toEqual([503, "defaults-not-set"]);
      const path = `/accounts/${ACCOUNT.id}`;
      expect(problem.body.detail).toContain(url + path);
      const meera = await loggedIn(url, MEERA);
      const good = {
        inboundMessageCallbackUrl: "https://example.com/in",
        deliveryReportCallbackUrl: " https://example.com/out ",
        payloadVersion: "0.1",
        dashboardUrl: "https://example.com/dashboard",
      };
      for (const wrong of ["javascript:alert(1)", "example.com/in", ""]) {
        const answer = await meera.post(path, { ...good, inboundMessageCallbackUrl: wrong }, { from: path });
        expect([wrong, answer.status]).toEqual([wrong, 422]);
        // What was typed is still there.
        expect(answer.text).toContain('value="https://example.com/dashboard"');
      }
      expect(
        (await meera.post(path, { ...good, dashboardUrl: "javascript:alert(1)" }, { from: path })).status,
      ).toBe(422);
      expect((await meera.post(path, good, { from: path })).status).toBe(303);
      expect((await defaults()).body).toEqual({
        inboundMessageCallbackUrl: "https://example.com/in",
        deliveryReportCallbackUrl: "https://example.com/out",
        payloadVersion: "0.1",
      });
      expect((await meera.get(path)).text).toContain("Copied by meera");
      expect(gateway.database.all("SELECT document FROM log")).toContainEqual(
        expect.objectContaining({ actor: "meera", action: "account defaults" }),
      );
    },
    { defaults: false },
  ));

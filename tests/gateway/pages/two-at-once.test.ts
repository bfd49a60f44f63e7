import type { LogLine } from "../../../contract/gateway-log";
import { takeTask } from "../../../gateway/model/work";
import { ARUN, MEERA, type Scene } from "../support";
import { loggedIn, pageForm, withPages } from "./support";

/** Two people, two windows, two clicks. */

const actions = ({ gateway }: Pick<Scene, "gateway">) =>
  gateway.database.all<LogLine>("SELECT document FROM log ORDER BY seq").map(({ action }) => action);
const times = (scene: Pick<Scene, "gateway">, action: string) =>
  actions(scene).filter((one) => one === action).length;

test("two take a task at once: one has it, the other reads who", () =>
  withPages(async (scene) => {
    await scene.post(scene.good());
    const people = [await loggedIn(scene.url, MEERA), await loggedIn(scene.url, ARUN)];
    const answers = await Promise.all(
      people.map((person) => person.post("/tasks/1/take", {}, { from: "/tasks/1" })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 409]);
    const late = answers.find(({ status }) => status === 409)?.text;
    expect(late).toMatch(/Task 1 is taken by (meera|arun)\./);
    expect(times(scene, "take")).toBe(1);
    const reload = await people[0]?.get("/tasks/1/take");
    expect([reload?.status, reload?.headers.get("location")]).toEqual([302, "/tasks/1"]);
  }));

test("a form that is sent twice counts once", () =>
  withPages(async (scene) => {
    await scene.post(scene.good());
    takeTask(scene.gateway, 1, MEERA);
    const meera = await loggedIn(scene.url, MEERA);
    const sent = [1, 2].map(() => meera.post("/tasks/1/save", {}, { from: "/tasks/1" }));
    const answers = await Promise.all(sent);
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 409]);
    expect(times(scene, "save")).toBe(1);
    const refused = await meera.post("/tasks/1/refuse", { said: "Changed my mind" }, { from: "/tasks/1" });
    expect(refused.status).toBe(409);
    expect(refused.text).toContain("Task 1 is confirmed by meera already.");
    expect(times(scene, "refuse")).toBe(0);
  }));

test("a page that is out of date confirms nothing: the task was superseded", () =>
  withPages(async (scene) => {
    const { post, remove, good, gateway, url } = scene;
    const { body } = await post(good());
    const meera = await loggedIn(url, MEERA);
    const old = pageForm((await meera.get("/tasks/1")).text);
    await remove(body.id);
    for (const action of ["take", "save"]) {
      const answer = await meera.post(`/tasks/1/${action}`, old);
      expect([action, answer.status]).toEqual([action, 409]);
      expect(answer.text).toContain("Task 1 is superseded already.");
    }
    expect((await scene.get(body.id)).status).toBe(404);
    expect(gateway.database.all("SELECT document FROM attested")).toEqual([]);
  }));

test("a page that never showed what the task asks for now decides nothing", () =>
  withPages(async ({ post, put, good, url, gateway }) => {
    const { body } = await post(good());
    const meera = await loggedIn(url, MEERA);
    const old = pageForm((await meera.get("/tasks/1")).text);
    await put(body.id, 1, good({ nickname: "Newer" }));
    const stale = await meera.post("/tasks/1/take", old);
    expect([stale.status, stale.text]).toEqual([409, expect.stringContaining("asks for something else")]);
    expect(stale.text).toContain("Newer");
    // Taken in another window meanwhile, it is still not what the first one showed.
    await meera.post("/tasks/1/take", {}, { from: "/tasks/1" });
    expect((await meera.post("/tasks/1/save", old)).status).toBe(409);
    expect(times({ gateway }, "save")).toBe(0);
    expect((await meera.post("/tasks/1/save", {}, { from: "/tasks/1" })).status).toBe(303);
  }));

test("another value of a secret has to be revealed again", () =>
  withPages(async ({ post, put, good, url, sandbox, gateway }) => {
    const { apiKey, sid } = sandbox.kaleyra;
    const other = "A0123456789abcdef0123456789abcde0";
    sandbox.setKaleyra({ sid, apiKey, otherApiKeys: [other] });
    const { body } = await post(good());
    const meera = await loggedIn(url, MEERA);
    await meera.post("/tasks/1/reveal", { field: "header:api-key" }, { from: "/tasks/1" });
    expect((await meera.get("/tasks/1")).text).toContain(apiKey);
    await put(body.id, 1, good({}, { "api-key": other }));
    const { text } = await meera.get("/tasks/1");
    expect(text).not.toContain(other);
    expect(text).not.toContain(apiKey);
    expect(times({ gateway }, "reveal")).toBe(1);
  }));

test("a newer change waits behind a taken task: both pages say so, and neither is lost", () =>
  withPages(async ({ post, put, get, good, url }) => {
    const { body } = await post(good());
    const meera = await loggedIn(url, MEERA);
    await meera.post("/tasks/1/take", {}, { from: "/tasks/1" });
    await put(body.id, 1, good({ nickname: "Newer" }));
    expect((await meera.get("/tasks/1")).text).toMatch(
      /something newer since: <a[^>]*>Task 2<\/a> waits behind/,
    );
    expect((await meera.get("/tasks/2")).text).toMatch(
      /waits behind <a[^>]*>Task 1<\/a>, which meera has taken/,
    );
    expect((await meera.get("/tasks")).text).toMatch(/waits behind <a href="\/tasks\/1">1<\/a>/);
    const early = await meera.post("/tasks/2/take", { revision: "2" }, { from: "/tasks/2" });
    expect([early.status, early.text]).toEqual([409, expect.stringContaining("waits behind task 1")]);
    await meera.post("/tasks/1/save", {}, { from: "/tasks/1" });
    expect((await get(body.id)).body).toMatchObject({ status: "pending", task: { id: "2", kind: "edit" } });
    await meera.post("/tasks/2/take", {}, { from: "/tasks/2" });
    await meera.post("/tasks/2/save", {}, { from: "/tasks/2" });
    expect((await get(body.id)).body).toMatchObject({ status: "active", nickname: "Newer" });
  }));

test("a task that is given back while something newer waits ends", () =>
  withPages(async ({ post, put, good, url }) => {
    const { body } = await post(good());
    const meera = await loggedIn(url, MEERA);
    await meera.post("/tasks/1/take", {}, { from: "/tasks/1" });
    await put(body.id, 1, good({ nickname: "Newer" }));
    await meera.post("/tasks/1/release", {}, { from: "/tasks/1" });
    expect((await meera.get("/tasks/1")).text).toContain("asks for something else now");
    const { text } = await meera.get("/tasks");
    expect(text).toContain('href="/tasks/2"');
    expect(text).not.toContain('href="/tasks/1"');
  }));

import { type Client, withSandbox } from "../client";

/** The sandbox as a server that people work: the words of the API, and what the people do. */

const PROVIDERS = "/v1/whatsapp/providers";
const MANUAL = { manual: true };
const read = async ({ call }: Client, id: string) => (await call("GET", `${PROVIDERS}/${id}`)).body;
const probes = (sandbox: { requests(filter: { kind: "kaleyra" }): unknown[] }) =>
  sandbox.requests({ kind: "kaleyra" }).length;

test("what is created waits, and stays at its revision when it is confirmed", () =>
  withSandbox(async (client, sandbox) => {
    const { status, body } = await client.post(client.good());
    const task = { id: "1", url: `${sandbox.url}/tasks/1`, kind: "add", state: "open" };
    expect([status, body]).toMatchObject([201, { status: "pending", revision: 1, task }]);
    sandbox.confirmTask("1");
    const confirmed = await read(client, body.id);
    expect(confirmed).toMatchObject({ status: "active", revision: 1 });
    expect(confirmed).not.toHaveProperty("task");
    expect(sandbox.tasks()).toMatchObject([{ id: "1", state: "confirmed", nickname: "Kaleyra" }]);
    expect(() => sandbox.confirmTask("1")).toThrow("Task 1 is confirmed, not open.");
    expect(() => sandbox.confirmTask("7")).toThrow("There is no task 7.");
  }, MANUAL));

test("an equal PUT is the same revision and task; another mark moves the revision and nothing else; neither is verified", () =>
  withSandbox(async (client, sandbox) => {
    const { id } = await client.created();
    const asked = probes(sandbox);
    expect((await client.put(id, 1, client.good())).body).toMatchObject({ revision: 1, task: { id: "1" } });
    const marked = (await client.put(id, 1, client.good({ externalReference: "mark" }))).body;
    expect(marked).toMatchObject({ revision: 2, status: "pending", task: { id: "1" } });
    expect(probes(sandbox)).toBe(asked);
    const edited = await client.put(id, 2, client.good({ nickname: "Other", externalReference: "mark" }));
    // It was never there, so it is still to be added.
    expect(edited.body).toMatchObject({ revision: 3, task: { id: "1", kind: "add" } });
    expect(probes(sandbox)).toBe(asked + 1);
  }, MANUAL));

test("an edit waits; back to what the dashboard has, there is nothing to do", () =>
  withSandbox(async (client, sandbox) => {
    const { id } = await client.created();
    sandbox.confirmTask("1");
    const edited = await client.put(
      id,
      1,
      client.good({}, { "api-key": sandbox.kaleyra.apiKey, "x-a": "b" }),
    );
    expect(edited.body).toMatchObject({ status: "pending", revision: 2, task: { id: "2", kind: "edit" } });
    const back = (await client.put(id, 2, client.good())).body;
    expect(back).toMatchObject({ status: "active", revision: 3 });
    expect(sandbox.tasks().map(({ state }) => state)).toEqual(["confirmed", "superseded"]);
  }, MANUAL));

test("refused with its reason, and opened again by an equal PUT", () =>
  withSandbox(async (client, sandbox) => {
    const { id } = await client.created();
    sandbox.refuseTask("1", `Not allowed with ${sandbox.kaleyra.apiKey}`);
    const refused = await read(client, id);
    expect(refused).toMatchObject({ status: "refused", revision: 1, task: { id: "1", state: "refused" } });
    expect(refused.statusReason).toBe("Not allowed with [redacted]");
    const again = (await client.put(id, 1, client.good())).body;
    expect(again).toMatchObject({ status: "pending", revision: 1, task: { id: "1", state: "open" } });
    expect(again).not.toHaveProperty("statusReason");
  }, MANUAL));

test("a delete waits, again and again; a PUT withdraws it; confirmed it is gone", () =>
  withSandbox(async (client, sandbox) => {
    const { id } = await client.created();
    sandbox.confirmTask("1");
    const remove = () => client.call("DELETE", `${PROVIDERS}/${id}`, { headers: { "if-match": '"1"' } });
    for (let time = 0; time < 2; time++) {
      const { status, body } = await remove();
      expect([status, body]).toMatchObject([202, { status: "deleting", revision: 1, task: { id: "2" } }]);
    }
    expect((await client.put(id, 1, client.good())).body).toMatchObject({ status: "active", revision: 1 });
    await remove();
    sandbox.refuseTask("3", "In use");
    expect(await read(client, id)).toMatchObject({ status: "active", statusReason: "In use" });
    await remove();
    expect((await client.call("GET", PROVIDERS)).body.items).toMatchObject([{ status: "deleting" }]);
    sandbox.confirmTask("3");
    expect((await client.call("GET", `${PROVIDERS}/${id}`)).status).toBe(404);
  }, MANUAL));

test("nobody deletes what was never there, refused or not", () =>
  withSandbox(async (client, sandbox) => {
    for (const isRefused of [false, true]) {
      const { id } = await client.created();
      if (isRefused) sandbox.refuseTask("2", "no");
      expect((await client.call("DELETE", `${PROVIDERS}/${id}`)).status).toBe(204);
    }
    expect(sandbox.tasks().filter(({ state }) => state === "open")).toEqual([]);
  }, MANUAL));

test("a number whose provider is to go is free: the create becomes an edit of what is there", () =>
  withSandbox(async (client, sandbox) => {
    const { id } = await client.created();
    sandbox.confirmTask("1");
    await client.call("DELETE", `${PROVIDERS}/${id}`);
    const other = client.good({ nickname: "Other" });
    expect((await client.dryRun(other)).body).toEqual({ valid: true });
    const { status, body } = await client.post(other);
    expect([status, body]).toMatchObject([201, { status: "pending", revision: 1, task: { kind: "edit" } }]);
    expect(body.id).not.toBe(id);
    expect((await client.call("GET", `${PROVIDERS}/${id}`)).status).toBe(404);
  }, MANUAL));

test("a campaign goes out with what was confirmed", () =>
  withSandbox(async (client, sandbox) => {
    const { id } = await client.created();
    const campaign = () => sandbox.campaign({ mobileNumber: "919999999999", recipients: 1 });
    await expect(campaign()).rejects.toThrow("The provider waits until somebody confirms task 1.");
    sandbox.confirmTask("1");
    await client.put(id, 1, client.good({ httpEndpoint: `${sandbox.httpEndpoint}?next` }));
    expect(await campaign()).toMatchObject({ accepted: 1 });
    expect(sandbox.requests({ kind: "kaleyra" }).at(-1)?.query).toEqual({});
  }, MANUAL));

test("by hand at the dashboard nothing waits", () =>
  withSandbox(async (client, sandbox) => {
    const { id } = sandbox.createProvider({ mobileNumber: "919999999999" });
    expect(await read(client, id)).toMatchObject({ status: "active" });
    await client.put(id, 1, client.good({ nickname: "Declared" }));
    sandbox.patchProvider(id, { nickname: "Declared", headers: { "x-new": "canary" } });
    sandbox.deleteProvider(id);
    expect(sandbox.tasks()).toMatchObject([{ kind: "edit", state: "superseded" }]);
  }, MANUAL));

test("the switch: what was saved before is there, what is saved after waits", () =>
  withSandbox(async (client) => {
    const { id } = await client.created();
    expect(await read(client, id)).toMatchObject({ status: "active" });
    const control = (method: string, path: string, body?: object) =>
      client.call(method, `/_sandbox${path}`, { body, valid: false });
    await control("PUT", "/manual", { manual: true });
    expect((await control("GET", "/state")).body.manual).toBe(true);
    const edited = await client.put(id, 1, client.good({ nickname: "Other" }));
    expect(edited.body).toMatchObject({ status: "pending", task: { kind: "edit" } });
    expect((await control("GET", "/tasks")).body).toMatchObject({ count: 1, items: [{ id: "1" }] });
    expect((await control("POST", "/tasks/1/refuse", { reason: "no" })).status).toBe(204);
    expect((await control("POST", "/tasks/1/confirm")).status).toBe(422);
    await control("PUT", "/manual", { manual: false });
    const plain = await client.put(id, 2, client.good({ nickname: "Third" }));
    expect(plain.body).toMatchObject({ status: "active", revision: 3 });
  }));

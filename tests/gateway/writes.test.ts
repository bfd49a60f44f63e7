import { verifyLog } from "../../gateway/log";
import { listTasks, providerView, taskView } from "../../gateway/model/views";
import {
  askForLook,
  confirmTask,
  differLook,
  matchLook,
  missLook,
  openDueLooks,
  refuseTask,
  releaseTask,
  revealSecret,
  takeTask,
} from "../../gateway/model/work";
import { ADMIN, ARUN, MEERA, NEW_KEY, OTHER, type Scene, VIEWER, withGateway } from "./support";

/** What the API does beyond the plain case of the contract, line by line. */

/** Takes a task and marks it as saved. */
function save({ gateway }: Scene, n: number): void {
  takeTask(gateway, n, MEERA);
  confirmTask(gateway, n, MEERA);
}

/** A provider that was added and confirmed by task 1. */
async function active(scene: Scene, over: Record<string, unknown> = {}) {
  const { body } = await scene.post(scene.good(over));
  save(scene, Number(body.task.id));
  return (await scene.get(body.id)).body;
}

const kinds = ({ gateway }: Scene) =>
  listTasks(gateway, { most: 100 }).map(({ n, kind, state }) => `${n} ${kind} ${state}`);

describe("before anybody has entered the defaults", () => {
  test("503 with the page where to enter them, for the defaults, a create and its dry run; reading works", () =>
    withGateway(
      async ({ call, post, dryRun, good, list, url, probes }) => {
        for (const reply of [
          await call("GET", "/v1/whatsapp/provider-defaults"),
          await post(good()),
          await dryRun(good()),
        ]) {
          expect([reply.status, reply.body.code]).toEqual([503, "defaults-not-set"]);
          expect(reply.body.detail).toContain(`${url}/accounts/TEST-000-001Z`);
        }
        expect((await list()).body).toEqual({ items: [] });
        expect(probes()).toBe(0);
      },
      { defaults: false },
    ));
});

describe("what can be checked is checked before a person gets a task", () => {
  test.each([
    ["a field", { nickname: "" }, "invalid-field"],
    ["the number at Kaleyra", { mobileNumber: "9407178156" }, "verification-failed"],
  ])("%s, at the dry run and at the write", (_, over, code) =>
    withGateway(async (scene) => {
      expect((await scene.dryRun(scene.good(over))).body.code).toBe(code);
      expect((await scene.post(scene.good(over))).body.code).toBe(code);
      expect(kinds(scene)).toEqual([]);
    }),
  );

  test("the credentials, at an edit and at its dry run", () =>
    withGateway(async (scene) => {
      const { id } = await active(scene);
      const body = scene.good({}, { "api-key": "A22222222222222222222222222222222" });
      expect((await scene.dryPut(id, body)).body.code).toBe("verification-failed");
      expect((await scene.put(id, 1, body)).body.code).toBe("verification-failed");
      expect(kinds(scene)).toEqual([]);
      expect((await scene.get(id)).body).toMatchObject({ revision: 1, status: "active" });
    }));

  test("the number's holder", () =>
    withGateway(async (scene) => {
      const { id } = await active(scene, { externalReference: "mark" });
      for (const reply of [await scene.post(scene.good()), await scene.dryRun(scene.good())])
        expect([reply.status, reply.body.conflict]).toEqual([
          409,
          { id, nickname: "Kaleyra", externalReference: "mark" },
        ]);
      expect((await scene.post(scene.good(), { account: OTHER })).status).toBe(201);
    }));

  test("a dry run leaves nothing behind, no number of a task either", () =>
    withGateway(async (scene) => {
      expect((await scene.dryRun(scene.good())).body).toEqual({ valid: true });
      expect((await scene.list()).body.items).toEqual([]);
      expect((await scene.post(scene.good())).body.task.id).toBe("1");
    }));
});

describe("a change", () => {
  test("over an open add stays an add, and the task asks for the newer values", () =>
    withGateway(async (scene) => {
      const { body } = await scene.post(scene.good());
      const changed = (await scene.put(body.id, 1, scene.good({ nickname: "Kaleyra India" }))).body;
      expect(changed).toMatchObject({ status: "pending", revision: 2, task: body.task });
      expect(taskView(scene.gateway, 1).task).toMatchObject({
        kind: "add",
        revision: 2,
        target: { nickname: "Kaleyra India" },
      });
      expect(kinds(scene)).toEqual(["1 add open"]);
      save(scene, 1);
      expect((await scene.get(body.id)).body).toMatchObject({ status: "active", nickname: "Kaleyra India" });
    }));

  test("of what is attested is an edit, and one that goes back to it closes the task", () =>
    withGateway(async (scene) => {
      const { id } = await active(scene);
      const edit = (await scene.put(id, 1, scene.good({ nickname: "Other" }))).body;
      expect(edit.task).toMatchObject({ id: "2", kind: "edit" });
      const back = (await scene.put(id, 2, scene.good())).body;
      expect(back).toMatchObject({ status: "active", revision: 3 });
      expect(kinds(scene)).toEqual([]);
      expect(taskView(scene.gateway, 2).task.state).toBe("superseded");
    }));

  test("behind a taken task waits, and both say so; confirming the older one leaves pending", () =>
    withGateway(async (scene) => {
      const { id } = await active(scene);
      await scene.put(id, 1, scene.good({ nickname: "Second" }));
      takeTask(scene.gateway, 2, MEERA);
      const third = (await scene.put(id, 2, scene.good({ nickname: "Third" }))).body;
      expect(third.task).toMatchObject({ id: "3", kind: "edit", state: "open" });
      expect(taskView(scene.gateway, 2)).toMatchObject({
        task: { target: { nickname: "Second" } },
        other: { n: 3 },
      });
      expect(taskView(scene.gateway, 3)).toMatchObject({ other: { n: 2, takenBy: "meera" } });
      expect(() => takeTask(scene.gateway, 3, ARUN)).toThrow("waits behind task 2, which meera has taken");
      confirmTask(scene.gateway, 2, MEERA);
      expect((await scene.get(id)).body).toMatchObject({ status: "pending", revision: 3, task: { id: "3" } });
      save(scene, 3);
      expect((await scene.get(id)).body).toMatchObject({ status: "active", revision: 3 });
    }));

  test("back to what is attested, behind a taken edit: the edit has to be put right, its key included", () =>
    withGateway(async (scene) => {
      const { id } = await active(scene);
      await scene.put(id, 1, scene.good({}, { "api-key": NEW_KEY }));
      takeTask(scene.gateway, 2, MEERA);
      expect((await scene.put(id, 2, scene.good())).body).toMatchObject({
        status: "pending",
        task: { id: "3", kind: "edit" },
      });
      confirmTask(scene.gateway, 2, MEERA);
      expect(revealSecret(scene.gateway, 3, "api-key", MEERA)).toBe(scene.sandbox.kaleyra.apiKey);
      save(scene, 3);
      expect((await scene.get(id)).body.status).toBe("active");
    }));

  test("that is equal to what is declared and waiting changes nothing, and asks the endpoint nothing", () =>
    withGateway(async (scene) => {
      const { body } = await scene.post(scene.good());
      const before = scene.probes();
      const lines = verifyLog(scene.gateway).lines;
      expect((await scene.put(body.id, 1, scene.good())).body).toEqual(body);
      save(scene, 1);
      expect((await scene.put(body.id, 1, scene.good())).body).toMatchObject({
        status: "active",
        revision: 1,
      });
      expect(scene.probes()).toBe(before);
      expect(verifyLog(scene.gateway).lines).toBe(lines + 2);
      expect(kinds(scene)).toEqual([]);
    }));

  test("of the mark alone is stored, moves the revision, sends no message, makes no task; left out, the mark is cleared", () =>
    withGateway(async (scene) => {
      const { id } = await active(scene, { externalReference: "one" });
      const before = scene.probes();
      const marked = (await scene.put(id, 1, scene.good({ externalReference: "two" }))).body;
      expect(marked).toMatchObject({ status: "active", revision: 2, externalReference: "two" });
      const bare = (await scene.put(id, 2, scene.good({}, { "api-key": undefined, sid: undefined }))).body;
      expect(bare).toMatchObject({ status: "active", revision: 3 });
      expect(bare).not.toHaveProperty("externalReference");
      expect([scene.probes(), kinds(scene)]).toEqual([before, []]);
    }));

  test("with a stale revision is refused; without one too, but not a dry run", () =>
    withGateway(async (scene) => {
      const { id } = await active(scene);
      expect((await scene.put(id, 7, scene.good({ nickname: "Other" }))).body.code).toBe("revision-mismatch");
      const bare = { headers: { "if-match": undefined } };
      expect((await scene.put(id, 1, scene.good({ nickname: "Other" }), bare)).body.code).toBe(
        "precondition-required",
      );
      expect((await scene.dryPut(id, scene.good({ nickname: "Other" }))).body).toEqual({ valid: true });
      expect((await scene.put(id, 1, scene.good({ mobileNumber: "15017122661" }))).body.errors[0].code).toBe(
        "immutable",
      );
    }));
});

describe("a refusal", () => {
  test("comes back with its reason, and the same values open the task again", () =>
    withGateway(async (scene) => {
      const { body } = await scene.post(scene.good());
      takeTask(scene.gateway, 1, MEERA);
      refuseTask(scene.gateway, 1, MEERA, "The number is not approved.");
      const task = { id: "1", kind: "add", state: "refused" };
      const refused = (await scene.get(body.id)).body;
      expect(refused).toMatchObject({
        status: "refused",
        statusReason: "The number is not approved.",
        revision: 1,
        task,
      });
      const before = scene.probes();
      const again = (await scene.put(body.id, 1, scene.good())).body;
      expect(again).toMatchObject({ status: "pending", revision: 1, task: { ...task, state: "open" } });
      expect(again).not.toHaveProperty("statusReason");
      expect(scene.probes()).toBe(before + 1);
      save(scene, 1);
      expect((await scene.get(body.id)).body.status).toBe("active");
    }));

  test("other values after it are another task", () =>
    withGateway(async (scene) => {
      const { id } = await active(scene);
      await scene.put(id, 1, scene.good({ nickname: "Bad" }));
      takeTask(scene.gateway, 2, MEERA);
      refuseTask(scene.gateway, 2, MEERA, "No.");
      expect((await scene.put(id, 2, scene.good({ nickname: "Good" }))).body.task).toMatchObject({
        id: "3",
        kind: "edit",
      });
      expect(taskView(scene.gateway, 2).task).toMatchObject({ state: "refused", reason: "No." });
    }));

  test("stays when only the mark changes, and ends with what is attested", () =>
    withGateway(async (scene) => {
      const { id } = await active(scene);
      await scene.put(id, 1, scene.good({ nickname: "Bad" }));
      takeTask(scene.gateway, 2, MEERA);
      refuseTask(scene.gateway, 2, MEERA, "No.");
      const marked = (await scene.put(id, 2, scene.good({ nickname: "Bad", externalReference: "mark" })))
        .body;
      expect(marked).toMatchObject({ status: "refused", statusReason: "No.", revision: 3 });
      const back = (await scene.put(id, 3, scene.good({ externalReference: "mark" }))).body;
      expect(back).toMatchObject({ status: "active", revision: 4 });
      expect(back).not.toHaveProperty("statusReason");
    }));

  test("of an older revision does not touch what is declared since", () =>
    withGateway(async (scene) => {
      const { body } = await scene.post(scene.good());
      takeTask(scene.gateway, 1, MEERA);
      await scene.put(body.id, 1, scene.good({ nickname: "Second" }));
      refuseTask(scene.gateway, 1, MEERA, "No.");
      const read = (await scene.get(body.id)).body;
      expect(read).toMatchObject({ status: "pending", task: { id: "2", kind: "add" } });
      expect(read).not.toHaveProperty("statusReason");
    }));

  test("needs words", () =>
    withGateway(async (scene) => {
      await scene.post(scene.good());
      takeTask(scene.gateway, 1, MEERA);
      expect(() => refuseTask(scene.gateway, 1, MEERA, "  ")).toThrow("Say what CleverTap said.");
      expect(kinds(scene)).toEqual(["1 add taken"]);
    }));
});

describe("a delete", () => {
  test("is accepted, read and listed until a person confirms, then gone; again: accepted again", () =>
    withGateway(async (scene) => {
      const { id } = await active(scene);
      const first = await scene.remove(id);
      expect([first.status, first.headers.get("etag")]).toEqual([202, '"1"']);
      expect(first.body).toMatchObject({
        status: "deleting",
        revision: 1,
        task: { id: "2", kind: "delete", state: "open" },
      });
      expect((await scene.remove(id)).body).toEqual(first.body);
      expect((await scene.list()).body.items).toEqual([first.body]);
      save(scene, 2);
      expect([(await scene.get(id)).status, (await scene.remove(id)).status]).toEqual([404, 404]);
      expect((await scene.list()).body.items).toEqual([]);
    }));

  test("with a stale revision is refused", () =>
    withGateway(async (scene) => {
      const { id } = await active(scene);
      expect((await scene.remove(id, { headers: { "if-match": '"9"' } })).body.code).toBe(
        "revision-mismatch",
      );
      expect((await scene.remove(id, { headers: { "if-match": '"1"' } })).status).toBe(202);
    }));

  test.each(["open", "refused"])("of an add that is %s needs nobody: 204", (state) =>
    withGateway(async (scene) => {
      const { body } = await scene.post(scene.good());
      if (state === "refused") {
        takeTask(scene.gateway, 1, MEERA);
        refuseTask(scene.gateway, 1, MEERA, "No.");
      }
      expect((await scene.remove(body.id)).status).toBe(204);
      expect([(await scene.get(body.id)).status, kinds(scene)]).toEqual([404, []]);
    }),
  );

  test("of an add that is taken waits: it may be there in a moment", () =>
    withGateway(async (scene) => {
      const { body } = await scene.post(scene.good());
      takeTask(scene.gateway, 1, MEERA);
      expect((await scene.remove(body.id)).body).toMatchObject({
        status: "deleting",
        task: { id: "2", kind: "delete" },
      });
      confirmTask(scene.gateway, 1, MEERA);
      save(scene, 2);
      expect((await scene.get(body.id)).status).toBe(404);
    }));

  test("of an add that is taken and released needs nobody any more", () =>
    withGateway(async (scene) => {
      const { body } = await scene.post(scene.good());
      takeTask(scene.gateway, 1, MEERA);
      await scene.remove(body.id);
      releaseTask(scene.gateway, 1, MEERA);
      expect([(await scene.get(body.id)).status, kinds(scene)]).toEqual([404, []]);
    }));

  test("that is refused goes back to active, with the reason; asked again, it is the same task", () =>
    withGateway(async (scene) => {
      const { id } = await active(scene);
      await scene.remove(id);
      takeTask(scene.gateway, 2, MEERA);
      refuseTask(scene.gateway, 2, MEERA, "A journey uses it.");
      const task = { id: "2", kind: "delete", state: "refused" };
      expect((await scene.get(id)).body).toMatchObject({
        status: "active",
        statusReason: "A journey uses it.",
        revision: 1,
        task,
      });
      expect((await scene.remove(id)).body).toMatchObject({
        status: "deleting",
        task: { ...task, state: "open" },
      });
    }));

  test("that is refused while a change was never done: what is there is what is shown", () =>
    withGateway(async (scene) => {
      const { id } = await active(scene);
      await scene.put(id, 1, scene.good({ nickname: "Never done" }));
      await scene.remove(id);
      takeTask(scene.gateway, 3, MEERA);
      refuseTask(scene.gateway, 3, MEERA, "No.");
      expect((await scene.get(id)).body).toMatchObject({
        status: "active",
        nickname: "Kaleyra",
        revision: 3,
      });
      expect(kinds(scene)).toEqual([]);
    }));

  test("is withdrawn by a PUT, with the values as they were or with others", () =>
    withGateway(async (scene) => {
      const { id } = await active(scene);
      await scene.remove(id);
      const back = (await scene.put(id, 1, scene.good())).body;
      expect(back).toMatchObject({ status: "active", revision: 1 });
      expect(kinds(scene)).toEqual([]);
      await scene.remove(id);
      const other = (await scene.put(id, 1, scene.good({ nickname: "Other" }))).body;
      expect(other).toMatchObject({ status: "pending", revision: 2, task: { kind: "edit" } });
    }));

  test("that is taken is not changed: what withdraws it is an add behind it", () =>
    withGateway(async (scene) => {
      const { id } = await active(scene);
      await scene.remove(id);
      takeTask(scene.gateway, 2, MEERA);
      expect((await scene.put(id, 1, scene.good())).body).toMatchObject({
        status: "pending",
        task: { id: "3", kind: "add" },
      });
      confirmTask(scene.gateway, 2, MEERA);
      save(scene, 3);
      expect((await scene.get(id)).body).toMatchObject({ status: "active", revision: 1 });
    }));
});

describe("a create for a number whose provider is asked to go", () => {
  test("gets a new id, and the open delete becomes an edit of what is there", () =>
    withGateway(async (scene) => {
      const { id } = await active(scene);
      await scene.remove(id);
      const body = scene.good({ nickname: "Anew", externalReference: "other mark" });
      expect((await scene.dryRun(body)).body).toEqual({ valid: true });
      const created = await scene.post(body);
      expect(created.status).toBe(201);
      expect(created.body).toMatchObject({ status: "pending", revision: 1, task: { id: "3", kind: "edit" } });
      expect(created.body.id).not.toBe(id);
      expect((await scene.get(id)).status).toBe(404);
      expect((await scene.list()).body.items).toHaveLength(1);
      // Only what changes is asked for, and no credential, since they are the same.
      const changed = taskView(scene.gateway, 3).fields.filter(({ isChanged }) => isChanged);
      expect(changed).toMatchObject([{ name: "nickname", value: "Anew", before: "Kaleyra" }]);
      save(scene, 3);
      expect((await scene.get(created.body.id)).body.status).toBe("active");
    }));

  test("with the very same values needs nobody", () =>
    withGateway(async (scene) => {
      const { id } = await active(scene);
      await scene.remove(id);
      const created = (await scene.post(scene.good())).body;
      expect(created).toMatchObject({ status: "active", revision: 1 });
      expect(kinds(scene)).toEqual([]);
    }));

  test("where the delete is taken, the add waits behind it, and the old one stays readable until then", () =>
    withGateway(async (scene) => {
      const old = await active(scene, { externalReference: "mark" });
      await scene.remove(old.id);
      takeTask(scene.gateway, 2, MEERA);
      const created = (await scene.post(scene.good({ externalReference: "newer" }))).body;
      expect(created).toMatchObject({ status: "pending", task: { id: "3", kind: "add", state: "open" } });
      expect((await scene.get(old.id)).body).toMatchObject({
        status: "deleting",
        externalReference: "mark",
        task: { id: "2" },
      });
      expect((await scene.put(old.id, 1, scene.good())).body).toMatchObject({
        code: "number-in-use",
        conflict: { id: created.id },
      });
      confirmTask(scene.gateway, 2, MEERA);
      expect((await scene.get(old.id)).status).toBe(404);
      save(scene, 3);
      expect((await scene.get(created.id)).body.status).toBe("active");
    }));

  test.each(["released", "refused"])("where the taken delete is %s, what is there is edited", (how) =>
    withGateway(async (scene) => {
      const old = await active(scene);
      await scene.remove(old.id);
      takeTask(scene.gateway, 2, MEERA);
      const created = (await scene.post(scene.good({ nickname: "Newer" }))).body;
      if (how === "released") releaseTask(scene.gateway, 2, MEERA);
      else refuseTask(scene.gateway, 2, MEERA, "No.");
      expect((await scene.get(old.id)).status).toBe(404);
      expect((await scene.get(created.id)).body).toMatchObject({
        status: "pending",
        task: { id: "3", kind: "edit" },
      });
      expect(kinds(scene)).toEqual(["3 edit open"]);
    }),
  );

  test("that is deleted again while the old one is being deleted: 204, and the delete goes on", () =>
    withGateway(async (scene) => {
      const old = await active(scene);
      await scene.remove(old.id);
      takeTask(scene.gateway, 2, MEERA);
      const created = (await scene.post(scene.good())).body;
      expect((await scene.remove(created.id)).status).toBe(204);
      expect(kinds(scene)).toEqual(["2 delete taken"]);
      confirmTask(scene.gateway, 2, MEERA);
      expect((await scene.list()).body.items).toEqual([]);
    }));
});

describe("a header without its value", () => {
  test("keeps what is stored: the task says to leave it unchanged, and no message is sent", () =>
    withGateway(async (scene) => {
      const { id } = await active(scene);
      const before = scene.probes();
      const bare = scene.good({ nickname: "Other" }, { "api-key": undefined, sid: undefined });
      const edit = (await scene.put(id, 1, bare)).body;
      expect(edit).toMatchObject({ status: "pending", task: { kind: "edit" } });
      expect(scene.probes()).toBe(before);
      const key = taskView(scene.gateway, 2).fields.find(({ name }) => name === "header:api-key");
      expect(key).toMatchObject({ isSecret: true, isKept: false, isChanged: false });
      expect(() => revealSecret(scene.gateway, 2, "api-key", MEERA)).toThrow("leave it unchanged");
    }));

  test("whose value is still held by a task is verified and asked for as before", () =>
    withGateway(async (scene) => {
      const { body } = await scene.post(scene.good());
      const before = scene.probes();
      await scene.put(
        body.id,
        1,
        scene.good({ nickname: "Other" }, { "api-key": undefined, sid: undefined }),
      );
      expect(scene.probes()).toBe(before + 1);
      expect(revealSecret(scene.gateway, 1, "api-key", MEERA)).toBe(scene.sandbox.kaleyra.apiKey);
    }));

  test("is refused in a create, and where an add is opened again, with its name", () =>
    withGateway(async (scene) => {
      const bare = scene.good({}, { "api-key": undefined });
      const created = await scene.post(bare);
      expect([created.status, created.body.code, created.body.errors[0].key]).toEqual([
        422,
        "invalid-field",
        "api-key",
      ]);
      const { body } = await scene.post(scene.good());
      takeTask(scene.gateway, 1, MEERA);
      refuseTask(scene.gateway, 1, MEERA, "No.");
      const again = await scene.put(body.id, 1, bare);
      expect([again.status, again.body.errors]).toEqual([
        422,
        [expect.objectContaining({ key: "api-key", pointer: "/headers/0/value" })],
      ]);
      expect((await scene.get(body.id)).body.status).toBe("refused");
    }));

  test("is refused where a refused rotation is sent again: nobody has the new key any more", () =>
    withGateway(async (scene) => {
      const { id } = await active(scene);
      await scene.put(id, 1, scene.good({}, { "api-key": NEW_KEY }));
      takeTask(scene.gateway, 2, MEERA);
      refuseTask(scene.gateway, 2, MEERA, "No.");
      expect((await scene.put(id, 2, scene.good({}, { "api-key": undefined }))).body.errors[0].key).toBe(
        "api-key",
      );
    }));
});

describe("the default", () => {
  const second = { mobileNumber: "15017122661", nickname: "Second" };

  test("moves when the request is accepted, and the earlier one's revision with it; nobody is asked to take it off", () =>
    withGateway(async (scene) => {
      const first = await active(scene, { markAsDefault: true });
      expect(first).toMatchObject({ isDefault: true, revision: 1 });
      const other = (await scene.post(scene.good({ ...second, markAsDefault: true }))).body;
      expect(other).toMatchObject({ isDefault: true, status: "pending" });
      expect((await scene.get(first.id)).body).toMatchObject({
        isDefault: false,
        revision: 2,
        status: "active",
      });
      expect(kinds(scene)).toEqual(["2 add open"]);
    }));

  test("that comes back is an edit, since the dashboard gave it away", () =>
    withGateway(async (scene) => {
      const first = await active(scene, { markAsDefault: true });
      await scene.post(scene.good({ ...second, markAsDefault: true }));
      save(scene, 2);
      const back = (await scene.put(first.id, 2, scene.good({ markAsDefault: true }))).body;
      expect(back).toMatchObject({ isDefault: true, status: "pending", task: { kind: "edit" } });
      expect(taskView(scene.gateway, Number(back.task.id)).fields[0]).toMatchObject({
        name: "isDefault",
        value: true,
        before: false,
      });
    }));
});

describe("a look", () => {
  test("that matches moves the attestation and nothing else", () =>
    withGateway(async (scene) => {
      const { id } = await active(scene);
      const { n } = askForLook(scene.gateway, id, MEERA);
      expect((await scene.get(id)).body.status).toBe("active");
      takeTask(scene.gateway, n, ARUN);
      matchLook(scene.gateway, n, ARUN);
      expect(providerView(scene.gateway, id)).toMatchObject({ attested: { by: "arun", task: n } });
      expect((await scene.get(id)).body.revision).toBe(1);
    }));

  test("that finds something else moves the revision by one, and is drift; the program's PUT is an edit back", () =>
    withGateway(async (scene) => {
      const { id } = await active(scene);
      const { n } = askForLook(scene.gateway, id, MEERA);
      takeTask(scene.gateway, n, MEERA);
      differLook(scene.gateway, n, MEERA, {
        nickname: "By hand",
        "header:x-team": "left",
        "header:sid": "HXIN9999999999IN",
      });
      const read = (await scene.get(id)).body;
      expect(read).toMatchObject({ nickname: "By hand", revision: 2, status: "active" });
      expect(read.headers).toContainEqual({ key: "x-team", value: "left" });
      expect(taskView(scene.gateway, n).task.found).toEqual(["nickname", "header:sid", "header:x-team"]);
      const edit = (await scene.put(id, 2, scene.good())).body;
      expect(edit).toMatchObject({ status: "pending", task: { kind: "edit" } });
      const { fields } = taskView(scene.gateway, Number(edit.task.id));
      expect(fields.filter(({ isChanged }) => isChanged).map(({ name }) => name)).toEqual([
        "nickname",
        "header:sid",
        "header:x-team",
      ]);
      expect(fields.find(({ name }) => name === "header:x-team")).toMatchObject({
        isRemoved: true,
        before: "left",
      });
      expect(revealSecret(scene.gateway, Number(edit.task.id), "sid", MEERA)).toBe(scene.sandbox.kaleyra.sid);
    }));

  test("that finds nothing removes the provider for the program too", () =>
    withGateway(async (scene) => {
      const { id } = await active(scene);
      const { n } = askForLook(scene.gateway, id, MEERA);
      takeTask(scene.gateway, n, MEERA);
      missLook(scene.gateway, n, MEERA);
      expect((await scene.get(id)).status).toBe(404);
      expect((await scene.post(scene.good())).body.task.kind).toBe("add");
    }));

  test("gives way to a change; one that is taken does not, and what it finds is no drift of what is declared since", () =>
    withGateway(async (scene) => {
      const { id } = await active(scene);
      askForLook(scene.gateway, id, MEERA);
      await scene.put(id, 1, scene.good({ nickname: "Second" }));
      expect(kinds(scene)).toEqual(["3 edit open"]);
      save(scene, 3);
      const { n } = askForLook(scene.gateway, id, MEERA);
      takeTask(scene.gateway, n, MEERA);
      await scene.put(id, 2, scene.good({ nickname: "Third" }));
      expect(kinds(scene)).toEqual(["4 look taken", "5 edit open"]);
      differLook(scene.gateway, n, MEERA, { nickname: "By hand" });
      expect((await scene.get(id)).body).toMatchObject({ nickname: "Third", revision: 3, task: { id: "5" } });
      expect(taskView(scene.gateway, 5).fields[0]).toMatchObject({
        name: "nickname",
        value: "Third",
        before: "By hand",
      });
    }));

  test("that is taken and finds nothing: what is declared since is an add with its key, or the key has to come again", () =>
    withGateway(async (scene) => {
      const { id } = await active(scene);
      const missed = async (revision: number, nickname: string, key: string | undefined) => {
        const { n } = askForLook(scene.gateway, id, MEERA);
        takeTask(scene.gateway, n, MEERA);
        await scene.put(id, revision, scene.good({ nickname }, { "api-key": key }));
        missLook(scene.gateway, n, MEERA);
        return (await scene.get(id)).body;
      };
      const added = await missed(1, "Second", scene.sandbox.kaleyra.apiKey);
      expect(added).toMatchObject({ status: "pending", task: { kind: "add" } });
      expect(revealSecret(scene.gateway, Number(added.task.id), "api-key", MEERA)).toBe(
        scene.sandbox.kaleyra.apiKey,
      );
      save(scene, Number(added.task.id));
      const told = await missed(2, "Third", undefined);
      expect(told).toMatchObject({ status: "refused", nickname: "Third", revision: 3 });
      expect(told.statusReason).toContain("no value of api-key any more: send it again");
      expect(kinds(scene)).toEqual([]);
      const again = await scene.put(id, 3, scene.good({ nickname: "Third" }));
      expect(again.body).toMatchObject({ status: "pending", task: { kind: "add" } });
    }));

  test.each<[string, Record<string, string>, string]>([
    ["what is attested", { nickname: "Kaleyra" }, "say that it matches"],
    ["no field", { nothing: "x" }, "no field"],
    ["the number", { mobileNumber: "15017122661" }, "no field"],
    ["what no provider can have", { maxConcurrentRequests: "5" }, "from 30 to 1000"],
  ])("takes no %s", (_, seen, words) =>
    withGateway(async (scene) => {
      const { id } = await active(scene);
      const { n } = askForLook(scene.gateway, id, MEERA);
      takeTask(scene.gateway, n, MEERA);
      expect(() => differLook(scene.gateway, n, MEERA, seen)).toThrow(words);
      expect(kinds(scene)).toEqual([`${n} look taken`]);
    }),
  );

  test("is asked for when its time has come, once", () => {
    let days = 0;
    return withGateway(
      async (scene) => {
        const { id } = await active(scene);
        await scene.post(scene.good({ mobileNumber: "15017122661" }));
        days = 29;
        expect(openDueLooks(scene.gateway, 30)).toBe(0);
        days = 31;
        expect(openDueLooks(scene.gateway, 30)).toBe(1);
        expect(openDueLooks(scene.gateway, 30)).toBe(0);
        expect(kinds(scene)).toEqual(["2 add open", "3 look open"]);
        expect(providerView(scene.gateway, id)?.look?.n).toBe(3);
      },
      { now: () => new Date(Date.UTC(2026, 0, 1) + days * 86_400_000) },
    );
  });
});

describe("who may", () => {
  test("work on tasks: operators, not viewers; confirm: who took it; release: also an admin", () =>
    withGateway(async (scene) => {
      await scene.post(scene.good());
      expect(() => takeTask(scene.gateway, 1, VIEWER)).toThrow("role operator");
      expect(() => revealSecret(scene.gateway, 1, "api-key", VIEWER)).toThrow("role operator");
      expect(() => confirmTask(scene.gateway, 1, MEERA)).toThrow("take it first");
      takeTask(scene.gateway, 1, MEERA);
      expect(() => takeTask(scene.gateway, 1, ARUN)).toThrow("taken by meera");
      expect(() => confirmTask(scene.gateway, 1, ARUN)).toThrow("taken by meera");
      expect(() => refuseTask(scene.gateway, 1, ARUN, "No.")).toThrow("taken by meera");
      expect(() => releaseTask(scene.gateway, 1, ARUN)).toThrow("role admin");
      releaseTask(scene.gateway, 1, ADMIN);
      expect(kinds(scene)).toEqual(["1 add open"]);
    }));

  test("end a task: nobody twice", () =>
    withGateway(async (scene) => {
      await scene.post(scene.good());
      save(scene, 1);
      for (const again of [confirmTask, releaseTask, takeTask])
        expect(() => again(scene.gateway, 1, MEERA)).toThrow("confirmed by meera already");
      expect(() => refuseTask(scene.gateway, 1, MEERA, "No.")).toThrow("confirmed by meera already");
    }));
});

test("another account's provider is not found, and its number is free", () =>
  withGateway(async (scene) => {
    const { id } = await active(scene);
    const other = { account: OTHER };
    for (const reply of [
      await scene.get(id, other),
      await scene.remove(id, other),
      await scene.put(id, 1, scene.good(), other),
    ])
      expect([reply.status, reply.body.code]).toEqual([404, "provider-not-found"]);
    expect((await scene.list("", other)).body.items).toEqual([]);
  }));

test("the same create twice is one provider and one task, also after the gateway was started again", () =>
  withGateway(async (scene) => {
    const headers = { "idempotency-key": "one" };
    const first = await scene.post(scene.good(), { headers });
    const again = await scene.post(scene.good(), { headers });
    expect(again.body).toEqual(first.body);
    expect(kinds(scene)).toEqual(["1 add open"]);
    const other = await scene.post(scene.good({ nickname: "Other" }), { headers });
    expect(other.body.code).toBe("idempotency-key-reused");
  }));

test("pages of a listing take the same number of statements, however long they are", () =>
  withGateway(async (scene) => {
    for (let n = 100; n < 112; n++) await scene.post(scene.good({ mobileNumber: `14155550${n}` }));
    const counted = async (query: string) => {
      const before = scene.gateway.database.executed;
      const { body } = await scene.list(query);
      return [body.items.length, scene.gateway.database.executed - before, body.nextPageToken];
    };
    const [two, statements, next] = await counted("?pageSize=2");
    const [ten, more] = await counted(`?pageSize=10&pageToken=${next}`);
    expect([two, ten]).toEqual([2, 10]);
    expect(more).toBe(statements);
  }));

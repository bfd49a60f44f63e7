import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { addAccount, COMMAND } from "../../gateway/accounts";
import { verifyLog } from "../../gateway/log";
import { keptSecret } from "../../gateway/model/secrets";
import { exportLog, listTasks, taskView } from "../../gateway/model/views";
import {
  askForLook,
  confirmTask,
  differLook,
  refuseTask,
  revealSecret,
  takeTask,
} from "../../gateway/model/work";
import { addOperator } from "../../gateway/operators";
import { ADMIN, MEERA, type Scene, withGateway } from "./support";

/** Credentials are in no file in clear, and in none at all when no task needs them. */

const CANARY = "canary-header-value";

/** Every byte that the gateway has written: database, journal, key. */
function everything(folder: string): Buffer {
  const files = readdirSync(folder).filter((name) => name !== "key");
  return Buffer.concat(files.map((name) => readFileSync(join(folder, name))));
}

function expectNoSecret({ folder, sandbox }: Scene): void {
  const bytes = everything(folder);
  expect(bytes.length).toBeGreaterThan(0);
  const { apiKey, sid } = sandbox.kaleyra;
  for (const secret of [apiKey, sid, CANARY])
    for (const form of [secret, Buffer.from(secret).toString("base64"), encodeURIComponent(secret)])
      expect(bytes.includes(form)).toBe(false);
}

const boxes = ({ gateway }: Scene) =>
  gateway.database.rows("SELECT box FROM sealed").map(({ box }) => Buffer.from(box as Uint8Array));

function withCanary(scene: Scene, over: Record<string, unknown> = {}) {
  const body = scene.good(over);
  return { ...body, headers: [...body.headers, { key: "x-team", value: CANARY, secret: true }] };
}

test("in clear nowhere, and gone with the last byte of their ciphertext when the task is done", () =>
  withGateway(async (scene) => {
    const { body } = await scene.post(withCanary(scene));
    expectNoSecret(scene);
    const kept = boxes(scene);
    expect(kept).toHaveLength(3);
    const isThere = () => kept.map((box) => everything(scene.folder).includes(box.subarray(28)));
    expect(isThere()).toEqual([true, true, true]);
    takeTask(scene.gateway, 1, MEERA);
    expect(revealSecret(scene.gateway, 1, "X-Team", MEERA)).toBe(CANARY);
    expectNoSecret(scene);
    confirmTask(scene.gateway, 1, MEERA);
    expect(boxes(scene)).toEqual([]);
    expect(isThere()).toEqual([false, false, false]);
    expectNoSecret(scene);
    // What is left recognises the same values all the same.
    const again = await scene.put(body.id, 1, withCanary(scene));
    expect(again.body).toMatchObject({ status: "active", revision: 1 });
    expect(boxes(scene)).toEqual([]);
  }));

test.each<[string, (scene: Scene, id: string) => Promise<unknown>]>([
  [
    "is refused",
    async ({ gateway }) => {
      takeTask(gateway, 1, MEERA);
      refuseTask(gateway, 1, MEERA, "No.");
    },
  ],
  ["is not needed any more", ({ remove }, id) => remove(id)],
])("gone when the task %s", (_, end) =>
  withGateway(async (scene) => {
    const { body } = await scene.post(withCanary(scene));
    const kept = boxes(scene);
    await end(scene, body.id);
    expect(boxes(scene)).toEqual([]);
    for (const box of kept) expect(everything(scene.folder).includes(box.subarray(28))).toBe(false);
  }),
);

test("an edit keeps only the values that it changes", () =>
  withGateway(async (scene) => {
    const { body } = await scene.post(withCanary(scene));
    takeTask(scene.gateway, 1, MEERA);
    confirmTask(scene.gateway, 1, MEERA);
    const changed = scene.good();
    const headers = [...changed.headers, { key: "x-team", value: `${CANARY}-2`, secret: true }];
    await scene.put(body.id, 1, { ...changed, headers });
    const rows = scene.gateway.database.rows("SELECT header FROM sealed");
    expect(rows).toEqual([{ header: "x-team" }]);
    expect(revealSecret(scene.gateway, 2, "x-team", MEERA)).toBe(`${CANARY}-2`);
  }));

test("a box opens only in its own place", () =>
  withGateway(async ({ post, good, gateway }) => {
    await post(good());
    const other = { account: "TEST-000-001Z", number: "14155550100" };
    gateway.database.run("UPDATE sealed SET number = ?", other.number);
    const [row] = gateway.database.rows("SELECT header, digest FROM sealed");
    expect(() => keptSecret(gateway, other, String(row?.header), String(row?.digest))).toThrow();
  }));

describe("what a person types is stored without secrets of the task", () => {
  test("a refusal: as it is, encoded, in a sentence; also of a value that only a digest is left of", () =>
    withGateway(async (scene) => {
      const { apiKey, sid } = scene.sandbox.kaleyra;
      const { body } = await scene.post(withCanary(scene));
      takeTask(scene.gateway, 1, MEERA);
      confirmTask(scene.gateway, 1, MEERA);
      await scene.put(body.id, 1, withCanary(scene, { nickname: "Other" }));
      takeTask(scene.gateway, 2, MEERA);
      refuseTask(
        scene.gateway,
        2,
        MEERA,
        `Key "${apiKey}" of sid=${sid}. Team ${CANARY}! But (${apiKey}) is short.`,
      );
      const { statusReason } = (await scene.get(body.id)).body;
      expect(statusReason).toBe(
        'Key "[redacted]" of sid=[redacted]. Team [redacted]! But ([redacted]) is short.',
      );
      expectNoSecret(scene);
    }));

  test("a refusal of an add: also in the middle of a word", () =>
    withGateway(async (scene) => {
      const { apiKey } = scene.sandbox.kaleyra;
      const { body } = await scene.post(scene.good());
      takeTask(scene.gateway, 1, MEERA);
      const coded = Buffer.from(apiKey).toString("base64");
      refuseTask(scene.gateway, 1, MEERA, `https://example.com/?k=x${apiKey}y and ${coded}`);
      const { statusReason } = (await scene.get(body.id)).body;
      expect(statusReason).toBe("https://example.com/?k=x[redacted]y and [redacted]");
    }));

  test("Kaleyra's number details and the note, kept as evidence", () =>
    withGateway(async (scene) => {
      await scene.post(withCanary(scene));
      takeTask(scene.gateway, 1, MEERA);
      const evidence = {
        numberDetails: `verified, key ${scene.sandbox.kaleyra.apiKey}`,
        note: `team ${CANARY}`,
      };
      confirmTask(scene.gateway, 1, MEERA, evidence);
      expect(taskView(scene.gateway, 1).task.evidence).toEqual({
        numberDetails: "verified, key [redacted]",
        note: "team [redacted]",
      });
      expectNoSecret(scene);
    }));

  test("a field of a look: it is not taken", () =>
    withGateway(async (scene) => {
      const { body } = await scene.post(scene.good());
      takeTask(scene.gateway, 1, MEERA);
      confirmTask(scene.gateway, 1, MEERA);
      const { n } = askForLook(scene.gateway, body.id, MEERA);
      takeTask(scene.gateway, n, MEERA);
      const seen = { nickname: scene.sandbox.kaleyra.apiKey };
      expect(() => differLook(scene.gateway, n, MEERA, seen)).toThrow("holds a secret");
      expectNoSecret(scene);
    }));
});

test("no secret in the log, in a task or in an answer", () =>
  withGateway(async (scene) => {
    const { body } = await scene.post(withCanary(scene));
    takeTask(scene.gateway, 1, MEERA);
    revealSecret(scene.gateway, 1, "api-key", MEERA);
    const refused = await scene.post({ ...withCanary(scene, { mobileNumber: "9407178156" }) });
    const said = [
      exportLog(scene.gateway, ADMIN),
      listTasks(scene.gateway, { most: 9 }),
      taskView(scene.gateway, 1),
      [body, (await scene.list()).body, refused.body],
    ];
    const { apiKey, sid } = scene.sandbox.kaleyra;
    for (const secret of [apiKey, sid, CANARY]) expect(JSON.stringify(said)).not.toContain(secret);
    const reveal = exportLog(scene.gateway, ADMIN).find(({ action }) => action === "reveal");
    expect(reveal).toMatchObject({ actor: "meera", task: "1", provider: body.id });
    expect(verifyLog(scene.gateway).fault).toBeUndefined();
  }));

test("passcodes and passwords are kept as scrypt hashes with a salt of their own", () =>
  withGateway(async (scene) => {
    for (const id of ["ONE", "TWO"])
      addAccount(scene.gateway, id, "the same passcode".replaceAll(" ", "-"), COMMAND);
    addOperator(scene.gateway, "meera", "operator", "the same passcode", COMMAND);
    const kept = scene.gateway.database.all<{ passcode: string }>(
      "SELECT document FROM account WHERE id IN ('ONE', 'TWO')",
    );
    expect(kept[0]?.passcode).toMatch(/^scrypt:32768:8:1:/);
    expect(kept[0]?.passcode).not.toBe(kept[1]?.passcode);
    for (const text of ["the-same-passcode", "the same passcode"])
      expect(everything(scene.folder).includes(text)).toBe(false);
  }));

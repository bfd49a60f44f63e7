import { createHash } from "node:crypto";
import { chmodSync, copyFileSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openGateway } from "../../gateway/gateway";
import { log, verifyLog } from "../../gateway/log";
import { providerView } from "../../gateway/model/views";
import { confirmTask, takeTask } from "../../gateway/model/work";
import { databaseFile, openDatabase } from "../../gateway/storage/database";
import { MIGRATIONS } from "../../gateway/storage/migrations";
import { MEERA, withFolder, withGateway } from "./support";

const KEY = "ab".repeat(32);

describe("versions", () => {
  test("the first step is what it was when data of version 1 were made", () => {
    const digest = createHash("sha256")
      .update(MIGRATIONS[0] ?? "")
      .digest("hex");
    expect(digest).toBe("0dafc5665eb1327db77d486862bbfad48c653f2fb6fd4273d47369b9f2ae37b5");
  });

  test("data of version 1 come along, step by step and once; an interrupted step has not happened", () =>
    withGateway(async ({ post, good, gateway, folder, remove }) => {
      const { body } = await post(good());
      gateway.database.backup(join(folder, "copy.db"));
      const old = join(folder, "old");
      mkdirSync(old);
      copyFileSync(join(folder, "copy.db"), databaseFile(old));
      const next = [...MIGRATIONS, "CREATE TABLE extra (name TEXT); INSERT INTO extra VALUES ('once');"];
      expect(() => openDatabase(old, [...next, "CREATE TABLE more (name TEXT); SELECT broken;"])).toThrow();
      for (const _ of [1, 2]) {
        const database = openDatabase(old, next);
        expect(database.rows("SELECT name FROM extra")).toEqual([{ name: "once" }]);
        expect(database.one("SELECT document FROM provider")).toMatchObject({ id: body.id });
        expect(() => database.row("SELECT * FROM more")).toThrow("no such table");
        database.close();
      }
      expect(() => openDatabase(old)).toThrow(
        "The data are of version 2, and this package knows versions up to 1",
      );
      expect((await remove(body.id)).status).toBe(204);
    }));
});

describe("a backup", () => {
  test("while the gateway runs, and changes go on; it starts again from it, with the same key", () =>
    withGateway(
      async ({ post, good, gateway, folder, get }) => {
        const { body } = await post(good());
        const file = join(folder, "backup.db");
        gateway.database.backup(file);
        expect(statSync(file).mode & 0o777).toBe(0o600);
        takeTask(gateway, 1, MEERA);
        confirmTask(gateway, 1, MEERA);
        expect((await get(body.id)).body.status).toBe("active");
        expect(() => gateway.database.backup(file)).toThrow("exists");

        const restored = join(folder, "restored");
        mkdirSync(restored);
        copyFileSync(file, databaseFile(restored));
        expect(() => openGateway({ dataDir: restored })).toThrow("encrypted with a key that is not here");
        const again = openGateway({ dataDir: restored, key: KEY });
        expect(providerView(again, body.id)).toMatchObject({
          status: "pending",
          task: { n: 1, state: "open" },
        });
        expect(verifyLog(again).fault).toBeUndefined();
        takeTask(again, 1, MEERA);
        confirmTask(again, 1, MEERA);
        again.close();
      },
      { key: KEY },
    ));
});

describe("the key", () => {
  test("is made once, in a file that only its owner reads", () =>
    withFolder((folder) => {
      openGateway({ dataDir: folder }).close();
      const file = join(folder, "key");
      const made = readFileSync(file, "utf8");
      expect(statSync(file).mode & 0o777).toBe(0o600);
      expect(statSync(databaseFile(folder)).mode & 0o777).toBe(0o600);
      openGateway({ dataDir: folder }).close();
      expect(readFileSync(file, "utf8")).toBe(made);
      chmodSync(file, 0o644);
      expect(() => openGateway({ dataDir: folder })).toThrow("can be read by others");
      chmodSync(file, 0o600);
      writeFileSync(file, "short");
      expect(() => openGateway({ dataDir: folder })).toThrow("does not hold a key");
      writeFileSync(file, KEY);
      expect(() => openGateway({ dataDir: folder })).toThrow("not the key that the data are encrypted with");
      rmSync(file);
      expect(() => openGateway({ dataDir: folder })).toThrow("bring back");
    }));

  test("may come from outside: then no file is made", () =>
    withFolder((folder) => {
      openGateway({ dataDir: folder, key: KEY }).close();
      openGateway({ dataDir: folder, key: Buffer.from(KEY, "hex").toString("base64") }).close();
      expect(() => statSync(join(folder, "key"))).toThrow("ENOENT");
      expect(() => openGateway({ dataDir: folder, key: "cd".repeat(32) })).toThrow("not the key");
      expect(() => openGateway({ dataDir: folder, key: "short" })).toThrow("must be 32 bytes");
    }));
});

test("two processes on one folder: the second waits for the first, and nothing is lost", () =>
  withFolder((folder) => {
    const [one, two] = [openGateway({ dataDir: folder }), openGateway({ dataDir: folder })];
    for (let n = 0; n < 5; n++)
      for (const gateway of [one, two]) log(gateway, { actor: "meera", action: "export" });
    expect(verifyLog(one)).toEqual(verifyLog(two));
    expect(verifyLog(one)).toMatchObject({ lines: 10 });
    expect(verifyLog(one).fault).toBeUndefined();
    one.close();
    two.close();
  }));

import { DatabaseSync } from "node:sqlite";
import { chainFault, FIRST_PREV, hashOfLine, type LogLine } from "../../contract/gateway-log";
import { openGateway } from "../../gateway/gateway";
import { log, verifyLog } from "../../gateway/log";
import { exportLog, listLog } from "../../gateway/model/views";
import { databaseFile } from "../../gateway/storage/database";
import { ADMIN, withFolder } from "./support";

/** A log of five lines, and what a stranger with the file and without the key does to it. */
function tampered(change: (database: DatabaseSync, lines: LogLine[]) => void) {
  return withFolder((folder) => {
    const gateway = openGateway({ dataDir: folder });
    for (const action of ["log-in", "take", "reveal", "save", "log-out"])
      log(gateway, { actor: "meera", action, ...(action !== "log-in" && { task: "1" }) });
    expect(verifyLog(gateway)).toEqual({ lines: 5, head: expect.stringMatching(/^[\da-f]{64}$/) });
    const lines = exportLog(gateway, ADMIN);
    gateway.close();
    const database = new DatabaseSync(databaseFile(folder));
    database.exec("DROP TRIGGER log_is_never_changed; DROP TRIGGER log_is_never_cut");
    change(database, lines);
    database.close();
    const again = openGateway({ dataDir: folder });
    try {
      return verifyLog(again).fault;
    } finally {
      again.close();
    }
  });
}

function put(database: DatabaseSync, line: LogLine): void {
  database.prepare("UPDATE log SET document = ? WHERE seq = ?").run(JSON.stringify(line), line.seq);
}

test.each<[string, (database: DatabaseSync, lines: LogLine[]) => void, string]>([
  ["nothing", () => {}, ""],
  [
    "a changed line",
    (database, lines) => put(database, { ...(lines[2] as LogLine), actor: "arun" }),
    "line 3",
  ],
  ["a removed line", (database) => database.exec("DELETE FROM log WHERE seq = 2"), "line 2"],
  ["the first line removed", (database) => database.exec("DELETE FROM log WHERE seq = 1"), "line 1"],
  [
    "two lines swapped",
    (database, lines) => {
      put(database, { ...(lines[1] as LogLine), seq: 3 });
      put(database, { ...(lines[2] as LogLine), seq: 2 });
    },
    "line 2",
  ],
  ["a cut off end", (database) => database.exec("DELETE FROM log WHERE seq > 4"), "after line 4"],
  ["an emptied log", (database) => database.exec("DELETE FROM log"), "after line 0"],
  [
    "all lines written anew with hashes of their own",
    (database, lines) => {
      let prev = FIRST_PREV;
      for (const { hash, ...text } of lines) {
        const line = { ...text, actor: "arun", prev };
        prev = hashOfLine(line);
        put(database, { ...line, hash: prev });
      }
    },
    "after line 6",
  ],
  [
    "a line that is no JSON",
    (database) => database.exec("UPDATE log SET document = 'x' WHERE seq = 3"),
    "line 3",
  ],
])("verify-log: %s", async (_, change, where) => {
  const fault = await tampered(change);
  if (where === "") expect(fault).toBeUndefined();
  else expect(fault).toMatch(new RegExp(`^${where}: `));
});

test("the database refuses to change or remove a line", () =>
  withFolder((folder) => {
    const gateway = openGateway({ dataDir: folder });
    log(gateway, { actor: "meera", action: "log-in" });
    expect(() => gateway.database.run("UPDATE log SET document = '{}'")).toThrow("append-only");
    expect(() => gateway.database.run("DELETE FROM log")).toThrow("append-only");
    gateway.close();
  }));

test("a line has the members of the contract, its keys as others hash them, and the export verifies by itself", () =>
  withFolder((folder) => {
    const gateway = openGateway({ dataDir: folder, now: () => new Date("2026-07-01T09:00:00Z") });
    log(gateway, { actor: "meera", action: "take", task: "1", provider: "wap_1" });
    const lines = exportLog(gateway, ADMIN);
    expect(lines).toEqual([
      {
        seq: 1,
        at: "2026-07-01T09:00:00.000Z",
        actor: "meera",
        action: "take",
        task: "1",
        provider: "wap_1",
        prev: FIRST_PREV,
        hash: hashOfLine({ ...lines[0] }),
      },
      expect.objectContaining({ actor: "asha", action: "export" }),
    ]);
    expect(chainFault(lines.map((line) => ({ ...line })))).toBeUndefined();
    expect(listLog(gateway, { actor: "meera", most: 9 }).map(({ seq }) => seq)).toEqual([1]);
    gateway.close();
  }));

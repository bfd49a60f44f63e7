import { COMMAND, setDefaults } from "../../gateway/accounts";
import { type Gateway, openGateway } from "../../gateway/gateway";
import { listLog } from "../../gateway/model/views";
import { addOperator } from "../../gateway/operators";
import { type LogIn, logIn, logOut, sessionOf } from "../../gateway/trust/sessions";
import { DEFAULTS, MEERA, OTHER, VIEWER, withFolder, withGateway } from "./support";

const PASSWORD = "correct horse battery";
const MINUTE = 60_000;

interface Scene {
  readonly gateway: Gateway;
  /** Lets time pass. */
  later(ms: number): void;
  enter(password?: string, more?: { name?: string; address?: string; earlier?: string }): LogIn;
}

function withOperator(body: (scene: Scene) => void): Promise<void> {
  return withFolder((folder) => {
    let time = Date.UTC(2026, 0, 1);
    const gateway = openGateway({ dataDir: folder, now: () => new Date(time) });
    addOperator(gateway, "meera", "operator", PASSWORD, COMMAND);
    try {
      body({
        gateway,
        later: (ms) => {
          time += ms;
        },
        enter: (password = PASSWORD, more = {}) =>
          logIn(gateway, { name: "meera", address: "192.0.2.1", ...more, password }),
      });
    } finally {
      gateway.close();
    }
  });
}

function sessionIdOf(outcome: LogIn): string {
  if (outcome.outcome !== "logged in") throw new Error(outcome.outcome);
  return outcome.sessionId;
}

test("logging in, until the time is over or the person logs out", () =>
  withOperator(({ gateway, later, enter }) => {
    const id = sessionIdOf(enter());
    expect(sessionOf(gateway, id)?.actor).toEqual(MEERA);
    later(12 * 60 * MINUTE - 1);
    expect(sessionOf(gateway, id)).toBeDefined();
    later(1);
    expect(sessionOf(gateway, id)).toBeUndefined();
    const next = sessionIdOf(enter());
    logOut(gateway, next);
    expect(sessionOf(gateway, next)).toBeUndefined();
    expect(listLog(gateway, { most: 9 }).map(({ action }) => action)).toEqual([
      "log-out",
      "log-in",
      "log-in",
      "operator add",
    ]);
  }));

test("a log-in gets a new id, and the one that the browser had ends", () =>
  withOperator(({ gateway, enter }) => {
    const planted = sessionIdOf(enter());
    const fresh = sessionIdOf(enter(PASSWORD, { earlier: planted }));
    expect(fresh).not.toBe(planted);
    expect(sessionOf(gateway, planted)).toBeUndefined();
    expect(sessionOf(gateway, fresh)).toBeDefined();
    expect(sessionOf(gateway, "made up")).toBeUndefined();
  }));

test("the database does not tell a session's id", () =>
  withOperator(({ gateway, enter }) => {
    const id = sessionIdOf(enter());
    const kept = JSON.stringify(gateway.database.rows("SELECT * FROM session"));
    expect(kept).not.toContain(id);
    const [row] = gateway.database.rows("SELECT id FROM session");
    expect(sessionOf(gateway, String(row?.id))).toBeUndefined();
  }));

test("another role counts at once, and another password ends the sessions", () =>
  withOperator(({ gateway, enter }) => {
    const id = sessionIdOf(enter());
    const before = gateway.database.one<object>("SELECT document FROM operator");
    const sql = "UPDATE operator SET document = ?";
    gateway.database.run(sql, JSON.stringify({ ...before, role: "viewer" }));
    expect(sessionOf(gateway, id)?.actor.role).toBe("viewer");
    addOperator(gateway, "meera", "admin", "another password", COMMAND);
    expect(sessionOf(gateway, id)).toBeUndefined();
  }));

describe("guessing", () => {
  test("one name: after five wrong passwords the right one waits for a quarter of an hour", () =>
    withOperator(({ gateway, later, enter }) => {
      for (let n = 0; n < 5; n++)
        expect(enter(`wrong ${n}`, { address: `192.0.2.${n}` }).outcome).toBe("wrong");
      expect(enter(PASSWORD, { address: "192.0.2.99" })).toEqual({ outcome: "too many", waitSeconds: 900 });
      later(14 * MINUTE);
      expect(enter()).toEqual({ outcome: "too many", waitSeconds: 60 });
      later(MINUTE);
      expect(enter().outcome).toBe("logged in");
      const failed = listLog(gateway, { action: "log-in failed", most: 9 });
      expect(failed.map(({ actor }) => actor)).toEqual(Array(5).fill("meera"));
    }));

  test("one address: after twenty wrong ones all names wait there, and not elsewhere", () =>
    withOperator(({ gateway, enter }) => {
      for (let n = 0; n < 20; n++) enter("wrong", { name: `person ${n}` });
      expect(enter().outcome).toBe("too many");
      expect(enter(PASSWORD, { address: "192.0.2.2" }).outcome).toBe("logged in");
      // A password in the field of the name is not written down.
      expect(listLog(gateway, { action: "log-in failed", most: 1 })[0]?.actor).toBe("nobody");
    }));

  test("a right password forgives the wrong ones before it", () =>
    withOperator(({ enter }) => {
      for (let round = 0; round < 2; round++) {
        for (let n = 0; n < 4; n++) enter("wrong");
        expect(enter().outcome).toBe("logged in");
      }
    }));

  test("a passcode of the API: 429 with the time to wait, for this account only", () =>
    withGateway(async ({ list }) => {
      const wrong = { headers: { "x-clevertap-passcode": "wrong" } };
      for (let n = 0; n < 20; n++) expect((await list("", wrong)).status).toBe(401);
      const blocked = await list("", wrong);
      expect([blocked.status, blocked.body.code]).toEqual([429, "too-many-requests"]);
      expect(Number(blocked.headers.get("retry-after"))).toBeGreaterThan(800);
      expect((await list("", { account: OTHER })).status).toBe(200);
    }));
});

test("accounts and operators: who may, and what is taken", () =>
  withOperator(({ gateway }) => {
    expect(() => addOperator(gateway, "new", "viewer", PASSWORD, MEERA)).toThrow("role admin");
    expect(() => setDefaults(gateway, "NONE", DEFAULTS, VIEWER)).toThrow("role operator");
    expect(() => setDefaults(gateway, "NONE", DEFAULTS, MEERA)).toThrow("There is no account NONE");
    const wrong = { ...DEFAULTS, inboundMessageCallbackUrl: "javascript:alert(1)" };
    expect(() => setDefaults(gateway, "NONE", wrong, MEERA)).toThrow("must be an http or https URL");
    expect(() => addOperator(gateway, "pulumi", "admin", PASSWORD, COMMAND)).toThrow("gateway's own");
    expect(() => addOperator(gateway, "<b>", "admin", PASSWORD, COMMAND)).toThrow("A name has");
    expect(() => addOperator(gateway, "arun", "admin", "short", COMMAND)).toThrow("at least 8");
  }));

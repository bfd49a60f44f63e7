import { descendants, end } from "../reliability/killing";
import { settled, withGatewayStack } from "./support/gateway-stack";
import { kaleyra, only, UP } from "./support/one-provider";

/**
 * From the program to the dashboard and back: the real engine, the gateway, a person in a real browser, and a campaign.
 * `tests/long/gateway.test.ts` has the rest of a provider's life.
 */

const NUMBER = "919999999999";

test("add, an edit with another key, delete", () =>
  withGatewayStack({ door: "dynamic", program: kaleyra() }, async (scene) => {
    const { stack, sandbox, gateway, person } = scene;
    expect(await stack.up()).toContain(`pending: task 1, ${gateway.url}/tasks/1`);
    expect(sandbox.providers()).toEqual([]);
    await person.do(1);
    expect(only(sandbox)).toMatchObject({ nickname: "Kaleyra", mobileNumber: NUMBER });
    await settled(scene, NUMBER);

    // The old key is valid until the new one is in the dashboard.
    const rotated = { ...sandbox.kaleyra, apiKey: "A0123456789abcdef0123456789abcde0" };
    sandbox.setKaleyra({ ...rotated, otherApiKeys: [sandbox.kaleyra.apiKey] });
    stack.program(kaleyra({ nickname: "Kaleyra India" }));
    expect(await stack.up()).toContain("pending: task 2");
    await person.do(2);
    expect(only(sandbox)).toMatchObject({ nickname: "Kaleyra India" });
    expect(sandbox.headerValue(only(sandbox).id, "api-key")).toBe(rotated.apiKey);
    sandbox.setKaleyra(rotated);
    expect(await sandbox.campaign({ mobileNumber: NUMBER })).toMatchObject({ delivered: 9 });

    expect(await stack.destroy()).toContain("its delete waits for a person: task 3");
    await person.do(3);
    expect(sandbox.providers()).toEqual([]);
    expect(gateway.gateway.database.rows("SELECT * FROM sealed")).toEqual([]);
  }));

test("an `up` that is killed while it waits asks nobody twice", () =>
  withGatewayStack({ door: "plugin", program: kaleyra(), config: { waitFor: "600" } }, async (scene) => {
    const { stack, gateway, person } = scene;
    const child = stack.start(UP);
    const ended = new Promise((done) => child.on("exit", done));
    await person.desk.goto(`${gateway.url}/tasks`);
    // The list follows by itself.
    await person.desk.getByRole("link", { name: "Task 1" }).waitFor({ timeout: 60_000 });
    const family = descendants(child.pid as number);
    child.kill("SIGKILL");
    await ended;
    for (const { pid } of family) end(pid, "SIGKILL");
    await stack.pulumi("cancel", "--yes");
    await person.do(1);
    await stack.up();
    expect((await stack.resource()).outputs).toMatchObject({ status: "active" });
    expect(gateway.gateway.database.rows("SELECT n FROM task")).toEqual([{ n: 1 }]);
  }));

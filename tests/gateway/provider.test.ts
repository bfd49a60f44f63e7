import { confirmTask, refuseTask, takeTask } from "../../gateway/model/work";
import { Driver } from "../reliability/driver";
import { goodArguments } from "../support/arguments";
import { ACCOUNT, MEERA, type Scene, withGateway } from "./support";

/** The provider's lifecycle against the gateway itself: nothing drifts, nobody is asked twice, and a refusal comes back. */

function stack({ url, sandbox, gateway }: Scene) {
  const driver = new Driver({ endpoint: url, accountId: ACCOUNT.id, passcode: ACCOUNT.passcode });
  const stateOf = () => driver.resources[0]?.state;
  return {
    driver,
    stateOf,
    program: (over: object = {}) => ({ a: goodArguments(sandbox, over) }),
    task: (n: number) => `task ${n}, ${url}/tasks/${n}`,
    confirm(n: number): void {
      takeTask(gateway, n, MEERA);
      confirmTask(gateway, n, MEERA);
    },
    refuse(n: number, said: string): void {
      takeTask(gateway, n, MEERA);
      refuseTask(gateway, n, MEERA, said);
    },
  };
}
const none = { steps: 0, lines: [] };

test("create, wait, confirm, edit, delete: no drift, one task each, and the number is free at once", () =>
  withGateway(async (scene) => {
    const { driver, stateOf, program, task, confirm } = stack(scene);
    expect(await driver.up(program())).toEqual({ steps: 1, lines: [`a: pending: ${task(1)}`] });
    await driver.refresh();
    expect(await driver.up(program())).toEqual(none);
    confirm(1);
    await driver.refresh();
    expect(stateOf()).toMatchObject({ status: "active", revision: 1 });
    expect(stateOf()).not.toHaveProperty("taskUrl");
    expect(await driver.up(program())).toEqual(none);

    const edited = program({ nickname: "Other", headers: { "x-team": "canary" } });
    expect((await driver.up(edited)).lines).toEqual([`a: pending: ${task(2)}`]);
    await driver.refresh();
    expect(await driver.up(edited)).toEqual(none);
    confirm(2);
    await driver.refresh();
    expect(await driver.up(edited)).toEqual(none);

    const { id } = driver.resources[0] as { id: string };
    expect((await driver.destroy()).lines).toEqual([
      `provider ${id}: its delete waits for a person: ${task(3)}`,
    ]);
    expect(await driver.preview(program())).toEqual(none);
    expect((await driver.up(program())).error).toBeUndefined();
    expect(stateOf()).toMatchObject({ status: "pending" });
    expect((await scene.get(id)).status).toBe(404);
    expect((await scene.list()).body.items).toHaveLength(1);
  }));

test("refused: the reason at the next preview, and `up` opens the same task again", () =>
  withGateway(async (scene) => {
    const { driver, stateOf, program, task, refuse, confirm } = stack(scene);
    await driver.up(program());
    refuse(1, "The number is not approved");
    const line = `warning: a: refused: The number is not approved (${task(1)}). \`pulumi up\` sends it again`;
    expect(await driver.preview(program())).toEqual({ steps: 0, lines: [line] });
    await driver.refresh();
    expect(await driver.up(program())).toEqual({ steps: 1, lines: [line, `a: pending: ${task(1)}`] });
    confirm(1);
    await driver.refresh();
    expect(stateOf()).toMatchObject({ status: "active", revision: 1 });
  }));

test("killed, then refused, then declared again: it is asked for again", () =>
  withGateway(async (scene) => {
    const { driver, stateOf, program, refuse } = stack(scene);
    await driver.up(program());
    driver.resources = [];
    await driver.up(program());
    expect(stateOf()).toMatchObject({ status: "pending", taskUrl: `${scene.url}/tasks/1` });
    refuse(1, "no");
    driver.resources = [];
    await driver.up(program());
    await driver.up(program());
    expect(stateOf()).toMatchObject({ status: "pending", taskUrl: `${scene.url}/tasks/1` });
  }));

test("a change while somebody is at it waits behind; a destroy of what was never there asks nobody", () =>
  withGateway(async (scene) => {
    const { driver, stateOf, program } = stack(scene);
    await driver.up(program());
    takeTask(scene.gateway, 1, MEERA);
    const edited = program({ nickname: "Other" });
    expect((await driver.up(edited)).error).toBeUndefined();
    confirmTask(scene.gateway, 1, MEERA);
    await driver.refresh();
    expect(stateOf()).toMatchObject({ status: "pending", nickname: "Other" });
    expect(await driver.up(edited)).toEqual(none);
    driver.options = { ...driver.options, settings: { waitFor: 7 } };
    expect((await driver.up(program({ nickname: "Third" }))).error?.code).toBe("still-pending");

    const other = stack(scene);
    const number = other.program({ mobileNumber: "15017122661" });
    await other.driver.up(number);
    expect(await other.driver.destroy()).toEqual({ steps: 1, lines: [] });
  }));

test("a delete that somebody withdraws, and one that CleverTap refused", () =>
  withGateway(async (scene) => {
    const { driver, stateOf, program, confirm, refuse } = stack(scene);
    await driver.up(program());
    confirm(1);
    await driver.refresh();
    const before = driver.resources;
    await driver.destroy();
    driver.resources = before;
    await driver.refresh();
    expect(stateOf()).toMatchObject({ status: "deleting" });
    expect((await driver.up(program())).steps).toBe(1);
    expect(stateOf()).toMatchObject({ status: "active", revision: 1 });
    await driver.destroy();
    refuse(3, "Campaigns use it");
    driver.resources = before;
    await driver.refresh();
    expect(stateOf()).toMatchObject({ status: "active", statusReason: "Campaigns use it" });
    expect(await driver.up(program())).toEqual(none);
  }));

test("without the callback URLs: where to enter them", () =>
  withGateway(
    async (scene) => {
      const { driver, program } = stack(scene);
      const { error } = await driver.preview(program());
      expect(error?.code).toBe("defaults-not-set");
      expect(error?.message).toContain(`${scene.url}/accounts/${ACCOUNT.id}`);
    },
    { defaults: false },
  ));

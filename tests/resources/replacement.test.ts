import { type Sandbox, startSandbox } from "../../sandbox";
import { Driver } from "../reliability/driver";
import { goodArguments } from "../support/arguments";

/** What proves that a create replaces its own object: that this process was handed its state, by a read or a diff. */

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await startSandbox();
});
afterEach(() => sandbox.close());

test("a forced replacement of what was written since its create is refused; a read or a diff before it is proof", async () => {
  const [account] = sandbox.accounts as [{ id: string; passcode: string }];
  const driver = new Driver({
    endpoint: sandbox.endpoint,
    accountId: account.id,
    passcode: account.passcode,
  });
  await driver.up({ a: goodArguments(sandbox) });
  for (const way of ["force with refresh", "on changes"] as const) {
    const program = { a: goodArguments(sandbox, { nickname: way }) };
    await driver.up(program);
    const [live] = sandbox.providers();
    expect((await driver.up(program, "a")).error?.code).toBe("number-in-use");
    expect(sandbox.providers()).toEqual([live]);
    expect(await driver.up(program, "a", way)).not.toHaveProperty("error");
    expect(sandbox.providers()).toMatchObject([{ id: live?.id }]);
    expect(driver.resources).toMatchObject([{ id: live?.id }]);
  }
});

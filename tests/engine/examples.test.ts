import { existsSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Sandbox } from "../../sandbox";
import { type Stack, settle, withStack } from "./support/stack";

const EXAMPLES = resolve(__dirname, "../../examples");
// The others are in languages with tests of their own.
const folders = readdirSync(EXAMPLES, { withFileTypes: true }).filter((f) =>
  existsSync(join(EXAMPLES, f.name, "index.ts")),
);

/** What stands in the account before the example runs. */
const BEFORE: Record<string, (stack: Stack, sandbox: Sandbox) => unknown> = {
  "adopt-existing": (_, sandbox) =>
    sandbox.createProvider({ nickname: "By hand", mobileNumber: "919999999999" }),
  "look-up": (_, sandbox) => sandbox.createProvider({ nickname: "By hand", mobileNumber: "919999999999" }),
  "two-accounts": async (stack, sandbox) => {
    const { id, passcode } = sandbox.accounts[1] as { id: string; passcode: string };
    await stack.configure({ "accounts.emea.accountId": id, "accounts.emea.passcode": { secret: passcode } });
  },
};
/** What is true after `up`, with no step by hand. */
const THEN: Record<string, (sandbox: Sandbox) => unknown> = {
  "incoming-url": async (sandbox) => {
    expect(await sandbox.receiveInbound("919999999999", { text: "Hello" })).toEqual({ delivered: true });
    expect(sandbox.callbacks()).toMatchObject([{ kind: "inbound", body: { text: { body: "Hello" } } }]);
  },
};
/** Providers that an example leaves, since it never owned them. */
const LEFT: Record<string, number> = { "look-up": 1 };

test.each(folders.map((f) => f.name))("example %s runs", async (name) => {
  const accounts = [
    { id: "TEST-000-001Z", passcode: "canary-passcode-one" },
    { id: "TEST-000-002Z", passcode: "canary-passcode-two" },
  ];
  // Their types are checked once, by the test command, not at each run of each of them.
  const environment = { PULUMI_NODEJS_TRANSPILE_ONLY: "true" };
  const folder = join(EXAMPLES, name);
  await withStack({ folder, environment, sandbox: { accounts } }, async (stack, sandbox) => {
    await BEFORE[name]?.(stack, sandbox);
    const { httpEndpoint, kaleyraHost, incomingBaseUrl, kaleyra } = sandbox;
    const open = Object.entries({ httpEndpoint, kaleyraHost, incomingBaseUrl }).flatMap(([key, value]) => [
      "--plaintext",
      `${key}=${value}`,
    ]);
    await stack.ok(
      "config",
      "set-all",
      ...open,
      "--secret",
      `apiKey=${kaleyra.apiKey}`,
      "--secret",
      `sid=${kaleyra.sid}`,
    );
    await stack.up();
    await THEN[name]?.(sandbox);
    await settle(stack, name === "many-numbers");
    await stack.destroy();
    expect(sandbox.providers().length).toBe(LEFT[name] ?? 0);
  });
});

import { readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Sandbox } from "../../sandbox";
import { type Stack, settle, withStack } from "./support/stack";

const EXAMPLES = resolve(__dirname, "../../examples");
const folders = readdirSync(EXAMPLES, { withFileTypes: true }).filter(
  (f) => f.isDirectory() && f.name !== "yaml",
);

/** What stands in the account before the example runs. */
const BEFORE: Record<string, (stack: Stack, sandbox: Sandbox) => unknown> = {
  "adopt-existing": (_, sandbox) =>
    sandbox.createProvider({ nickname: "By hand", mobileNumber: "919999999999" }),
  "look-up": (_, sandbox) => sandbox.createProvider({ nickname: "By hand", mobileNumber: "919999999999" }),
  "two-accounts": async (stack, sandbox) => {
    await stack.config("accounts.emea.accountId", sandbox.accounts[1]?.id as string);
    await stack.config("accounts.emea.passcode", { secret: sandbox.accounts[1]?.passcode as string });
  },
};
/** Providers that an example leaves, since it never owned them. */
const LEFT: Record<string, number> = { "look-up": 1 };

test.each(folders.map((f) => f.name))("example %s runs", async (name) => {
  const accounts = [
    { id: "TEST-000-001Z", passcode: "canary-passcode-one" },
    { id: "TEST-000-002Z", passcode: "canary-passcode-two" },
  ];
  await withStack({ folder: join(EXAMPLES, name), sandbox: { accounts } }, async (stack, sandbox) => {
    await BEFORE[name]?.(stack, sandbox);
    await stack.ok("config", "set", "httpEndpoint", sandbox.httpEndpoint);
    await stack.ok("config", "set", "kaleyraHost", sandbox.kaleyraHost);
    await stack.ok("config", "set", "--secret", "apiKey", sandbox.kaleyra.apiKey);
    await stack.ok("config", "set", "--secret", "sid", sandbox.kaleyra.sid);
    await stack.preview();
    await stack.up();
    await settle(stack, name === "many-numbers");
    await stack.destroy();
    expect(sandbox.providers().length).toBe(LEFT[name] ?? 0);
  });
});

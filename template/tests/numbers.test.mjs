/** The program on the sandbox: every number is made as the program says, and a second `up` changes nothing. Needs the Pulumi CLI. */
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import automation from "@pulumi/pulumi/automation/index.js";
import { startSandbox } from "pulumi-clevertap-whatsapp/sandbox";

test("the numbers are made as the program says", { timeout: 300_000 }, async () => {
  const sandbox = await startSandbox();
  const state = await mkdtemp(join(tmpdir(), "numbers-"));
  const [account] = sandbox.accounts;
  const stack = await automation.LocalWorkspace.createStack(
    { stackName: "test", workDir: fileURLToPath(new URL("..", import.meta.url)) },
    // A state of its own: the test neither sees nor needs yours.
    { envVars: { PULUMI_BACKEND_URL: `file://${state}`, PULUMI_CONFIG_PASSPHRASE: "test" } },
  );
  try {
    await stack.setAllConfig({
      "clevertap:endpoint": { value: sandbox.endpoint },
      "clevertap:accountId": { value: account.id },
      "clevertap:passcode": { value: account.passcode, secret: true },
      httpEndpoint: { value: sandbox.httpEndpoint },
      kaleyraHost: { value: sandbox.kaleyraHost },
      apiKey: { value: sandbox.kaleyra.apiKey, secret: true },
      sid: { value: sandbox.kaleyra.sid, secret: true },
    });
    await stack.up();
    const made = sandbox.providers();
    assert.deepEqual(made.map(({ nickname }) => nickname).sort(), ["Orders", "Support"]);
    assert.equal(made.find(({ isDefault }) => isDefault)?.nickname, "Support");

    const again = await stack.preview();
    assert.deepEqual(Object.keys(again.changeSummary), ["same"]);

    await stack.destroy();
    assert.deepEqual(sandbox.providers(), []);
  } finally {
    // Removes Pulumi.test.yaml, too.
    await stack.workspace.removeStack("test", { force: true });
    await rm(state, { recursive: true, force: true });
    await sandbox.close();
  }
});

import { execFile } from "node:child_process";
import { resolve } from "node:path";
import { promisify } from "node:util";
import { importFile, program } from "../../cli/import-file";
import { named } from "../../cli/names";
import { startSandbox } from "../../sandbox";
import { provider } from "./support/provider";

test("the file and the program name the account", () => {
  const found = named([
    provider({
      autoReplyUntracked: true,
      maxConcurrentRequests: 200,
      headers: [{ key: "X-Team", secret: true, valueSet: true }],
    }),
  ]);
  expect(importFile(found, "emea").resources).toEqual([
    { type: "clevertap:index:WhatsAppProvider", name: "kaleyra", id: "emea/wap_1" },
  ]);
  expect(program(found, "emea")).toBe(`import * as pulumi from "@pulumi/pulumi";
import { WhatsAppProvider } from "pulumi-clevertap-whatsapp/plugin";

const config = new pulumi.Config();

// pulumi config set --secret kaleyraApiKey
// pulumi config set --secret kaleyraSid
// pulumi config set --secret kaleyraHeaderXTeam
const kaleyra = new WhatsAppProvider("kaleyra", {
  nickname: "Kaleyra",
  mobileNumber: "14155550100",
  httpEndpoint: "https://example.com/whatsapp/message/clevertap",
  apiKey: config.getSecret("kaleyraApiKey") ?? "<set apiKey>",
  sid: config.getSecret("kaleyraSid") ?? "<set sid>",
  kaleyraHost: "",
  headers: { "x-team": config.getSecret("kaleyraHeaderXTeam") ?? "<set headers.x-team>" },
  autoReplyUntracked: true,
  maxConcurrentRequests: 200,
  account: "emea",
}, { protect: true });`);
});

test("the command needs no stack where the environment says the account", async () => {
  const sandbox = await startSandbox();
  try {
    const { id } = sandbox.createProvider({ mobileNumber: "14155550100", nickname: "By hand" });
    const account = sandbox.accounts[0] as { id: string; passcode: string };
    const run = (...args: string[]) =>
      promisify(execFile)(
        process.execPath,
        [resolve(__dirname, "../../dist/cli/main.js"), "import-file", ...args],
        {
          env: {
            PATH: "/nowhere",
            CLEVERTAP_ENDPOINT: sandbox.endpoint,
            CLEVERTAP_ACCOUNT_ID: account.id,
            CLEVERTAP_PASSCODE: account.passcode,
          },
        },
      );
    const other = sandbox.createProvider({ mobileNumber: "14155550101" });
    sandbox.setManual(true);
    const headers = { "x-clevertap-account-id": account.id, "x-clevertap-passcode": account.passcode };
    await fetch(`${sandbox.url}/v1/whatsapp/providers/${other.id}`, { method: "DELETE", headers });
    expect(sandbox.providers()).toMatchObject([{ id }, { status: "deleting" }]);
    const { stdout } = await run();
    expect(JSON.parse(stdout)).toEqual({
      resources: [{ type: "clevertap:index:WhatsAppProvider", name: "by-hand", id }],
    });
    expect((await run("--code", "typescript")).stdout).toContain(`config.getSecret("byHandApiKey")`);
    await expect(run("--code", "go")).rejects.toMatchObject({ code: 2 });
  } finally {
    await sandbox.close();
  }
});

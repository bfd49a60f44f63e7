import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { PROVIDER_TEXT } from "../../provider/program/dynamic-door";
import { DOORS, type Door, type Exported, PROGRAM_POSITION, type Stack, withStack } from "./support/stack";

/** What SECURITY.md says of state, sentence by sentence. */

const ROOT = resolve(__dirname, "../..");
const SECURITY = readFileSync(join(ROOT, "SECURITY.md"), "utf8");

type Entry = NonNullable<Exported["deployment"]["resources"]>[number];

/** How a stack keeps a secret. */
const ENCRYPTED = { "4dabf18193072939515e22adb298388d": expect.any(String), ciphertext: expect.any(String) };

const CONFIG = {
  "accounts.emea.accountId": "TEST-000-009Z",
  "accounts.emea.passcode": { secret: "canary-emea-passcode" },
  maxAttempts: "3",
};

async function entries(stack: Stack): Promise<Entry[]> {
  await stack.ok("config", "set", "other:open", "in-clear");
  await stack.ok("config", "set", "--secret", "other:hidden", "canary-other-secret");
  await stack.up();
  const exported = await stack.exported();
  expect(JSON.stringify(exported)).not.toContain(stack.directory);
  expect(JSON.stringify(exported)).not.toContain("canary-");
  return exported.deployment.resources ?? [];
}

const ofType = (all: readonly Entry[], type: string) => all.filter((entry) => entry.type.endsWith(type));
/** Where the program made it. The SDK's own lines, in other entries, lead out of the project in these tests. */
const allButConfiguration = (all: readonly Entry[]) =>
  all.filter((entry) => !entry.type.startsWith("pulumi:providers:"));

async function withProvider(door: Door, more: string, body: (all: Entry[], stack: Stack) => unknown) {
  const program = `new wa.WhatsAppProvider("kaleyra", settings()); ${more}`;
  await withStack({ door, program, config: CONFIG }, async (stack) => {
    const all = await entries(stack);
    expect(JSON.stringify(allButConfiguration(all))).not.toMatch(/passcode/i);
    for (const entry of ofType(all, "WhatsAppProvider"))
      expect(entry).toMatchObject({ sourcePosition: PROGRAM_POSITION });
    await body(all, stack);
    const folder = join(stack.directory, ".state/.pulumi/history/test/dev");
    const [record = ""] = readdirSync(folder).filter((name) => name.endsWith(".history.json"));
    const { config } = JSON.parse(readFileSync(join(folder, record), "utf8"));
    expect(config).toMatchObject({
      "other:open": "in-clear",
      "clevertap:passcode": { secure: expect.stringMatching(/^v1:/) },
    });
    await stack.destroy();
  });
}

test("the dynamic resource", async () => {
  expect(SECURITY).toContain("each resource holds one constant line of code, `__provider`,");
  expect(SECURITY).toContain("`pulumi:providers:pulumi-nodejs`, holds the stack's whole configuration");
  await withProvider("dynamic", "", (all, { sandbox }) => {
    const [resource] = ofType(all, "WhatsAppProvider");
    for (const part of [resource?.inputs, resource?.outputs]) {
      const { __provider, ...rest } = part ?? {};
      expect(__provider).toBe(PROVIDER_TEXT);
      expect(JSON.stringify(rest)).not.toMatch(/require|=>|function/);
    }
    expect(ofType(all, ":pulumi-nodejs").map(({ inputs }) => inputs)).toEqual([
      {
        "clevertap:accountId": sandbox.accounts[0]?.id,
        "clevertap:accounts": ENCRYPTED,
        "clevertap:endpoint": sandbox.endpoint,
        "clevertap:maxAttempts": "3",
        "clevertap:passcode": ENCRYPTED,
        "other:hidden": ENCRYPTED,
        "other:open": "in-clear",
      },
    ]);
  });
});

test("the plugin", async () => {
  expect(SECURITY).toContain(
    "the plugin: no code. The entry of the default provider, `pulumi:providers:clevertap`,",
  );
  expect(SECURITY).toContain("holds the `clevertap:` configuration, and that of a `Provider` its arguments");
  const mine = `new wa.Provider("mine", { endpoint: "https://example.com", accountId: "TEST-000-008Z", passcode: "canary-mine",
    accounts: { emea: { accountId: "TEST-000-009Z", passcode: "canary-emea-passcode" } } });`;
  await withProvider("plugin", mine, (all, { sandbox }) => {
    expect(JSON.stringify(allButConfiguration(all))).not.toMatch(/require\(|=>|function|__provider/);
    const secrets = { accounts: ENCRYPTED, passcode: ENCRYPTED };
    const found = ofType(all, "pulumi:providers:clevertap").map(({ urn, inputs }) => [
      urn.split("::").pop(),
      inputs,
    ]);
    expect(Object.fromEntries(found)).toEqual({
      default: {
        ...secrets,
        accountId: sandbox.accounts[0]?.id,
        endpoint: sandbox.endpoint,
        maxAttempts: "3",
      },
      mine: { ...secrets, accountId: "TEST-000-008Z", endpoint: "https://example.com" },
    });
  });
});

test.each(DOORS)("what comes from the environment is in no entry, %s", async (door) => {
  expect(SECURITY).toContain("What comes from the environment (`CLEVERTAP_PASSCODE`) is in no entry");
  const program = `new wa.WhatsAppProvider("kaleyra", settings());`;
  await withStack({ door, program, config: { passcode: undefined } }, async (stack, sandbox) => {
    stack.environment.CLEVERTAP_PASSCODE = sandbox.accounts[0]?.passcode as string;
    await stack.up();
    expect(JSON.stringify(await stack.exported())).not.toMatch(/passcode/i);
    await stack.destroy();
  });
});

test.each(DOORS)("a passcode in clear is refused, but state holds it once up has run, %s", async (door) => {
  expect(SECURITY).toContain(
    "the entry of the default provider then holds it in clear once `pulumi up` has run",
  );
  const program = `new wa.WhatsAppProvider("kaleyra", settings());`;
  await withStack({ door, program, config: { passcode: "plain-passcode" } }, async (stack) => {
    expect(await stack.fails("preview")).toContain("passcode-not-secret");
    expect(JSON.stringify(await stack.exported())).not.toContain("plain-passcode");
    const output = await stack.fails("up", "--yes", "--skip-preview");
    expect(output).toContain("or `pulumi up` has run: state then holds it in clear too");
    expect(JSON.stringify(await stack.exported())).toContain("plain-passcode");
  });
});

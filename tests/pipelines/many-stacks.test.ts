import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { startSandbox } from "../../sandbox";
import { runNode } from "../support/command";
import { isolatedEnvironment } from "../support/engine";

/** examples/many-stacks, on two accounts. */

const ROOT = resolve(__dirname, "../..");

test("many stacks by one program: each gets its own numbers, one that fails stops no other, the table says all", async () => {
  const home = mkdtempSync(join(tmpdir(), "wa many "));
  const sandbox = await startSandbox({ verificationLimitMs: 20_000 });
  try {
    const folder = join(home, "many-stacks");
    cpSync(join(ROOT, "examples/many-stacks"), folder, { recursive: true });
    mkdirSync(join(folder, "node_modules/@pulumi"), { recursive: true });
    symlinkSync(ROOT, join(folder, "node_modules/pulumi-clevertap-whatsapp"));
    symlinkSync(join(ROOT, "node_modules/@pulumi/pulumi"), join(folder, "node_modules/@pulumi/pulumi"));
    mkdirSync(join(home, "state"));
    const [india, america] = sandbox.accounts as [
      { id: string; passcode: string },
      { id: string; passcode: string },
    ];
    const environment = isolatedEnvironment(home, join(home, "state"), {
      PULUMI_AUTOMATION_API_SKIP_VERSION_CHECK: "true",
      CLEVERTAP_ENDPOINT: sandbox.endpoint,
      ACCOUNT_ID_INDIA: india.id,
      PASSCODE_INDIA: india.passcode,
      ACCOUNT_ID_AMERICA: america.id,
      PASSCODE_AMERICA: america.passcode,
      HTTP_END_POINT: sandbox.httpEndpoint,
      KALEYRA_HOST: sandbox.kaleyraHost,
      KALEYRA_API_KEY: sandbox.kaleyra.apiKey,
      KALEYRA_SID: sandbox.kaleyra.sid,
    });
    const many = (over: Record<string, string>, ...args: string[]) =>
      runNode([join(folder, "main.mjs"), ...args], { ...environment, ...over }, folder);
    const numbersOf = (id: string) =>
      sandbox
        .providers(id)
        .map(({ mobileNumber }) => mobileNumber)
        .sort();

    const partly = await many({ PASSCODE_INDIA: "wrong-passcode" }, "up", "--parallel", "3");
    expect(partly.code).toBe(1);
    expect(partly.output).toMatch(/^america-1 +ok +\d+ s +3 create$/m);
    expect(partly.output).toMatch(/^america-2 +ok +\d+ s +2 create$/m);
    expect(partly.output).toMatch(/^india +failed +\d+ s +error: .*the API does not accept the credentials/m);
    expect(numbersOf(america.id)).toEqual(["14155550100", "14155550101", "14155550102"]);
    expect(numbersOf(india.id)).toEqual([]);

    const whole = await many({}, "up", "--parallel", "2");
    expect(whole).toMatchObject({
      code: 0,
      output: expect.stringMatching(/^america-1 +ok +\d+ s +3 same$/m),
    });
    expect(numbersOf(india.id)).toEqual(["917834811114", "919999999999"]);
    expect((await many({}, "destroy")).code).toBe(0);
    expect(sandbox.providers()).toEqual([]);
    for (const secret of [india.passcode, america.passcode, sandbox.kaleyra.apiKey])
      expect(partly.output + whole.output).not.toContain(secret);
  } finally {
    await sandbox.close();
    rmSync(home, { recursive: true, force: true });
  }
});

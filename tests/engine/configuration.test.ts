import { DOORS, withStack } from "./support/stack";

const ONE = `new wa.WhatsAppProvider("kaleyra", settings());`;

describe.each(DOORS)("bad configuration, %s", (door) => {
  test("what is missing comes as one error with the lines to run", async () => {
    const config = { endpoint: undefined, accountId: undefined, passcode: undefined };
    await withStack({ door, program: ONE, config }, async (stack) => {
      const output = await stack.fails("preview");
      expect(output).toContain(
        "clevertap:endpoint and clevertap:accountId and clevertap:passcode are not set",
      );
      for (const key of [
        "clevertap:endpoint <URL>",
        "clevertap:accountId <ID>",
        "--secret clevertap:passcode",
      ]) {
        expect(output).toContain(`pulumi config set ${key}`);
      }
    });
  });

  test("the environment fills what the configuration leaves out", async () => {
    await withStack({ door, program: ONE, config: { accountId: undefined } }, async (stack, sandbox) => {
      stack.environment.CLEVERTAP_ACCOUNT_ID = sandbox.accounts[0]?.id as string;
      await stack.up();
      await stack.destroy();
    });
  });

  test("a passcode in clear is refused with the line that sets it as a secret", async () => {
    await withStack({ door, program: ONE }, async (stack) => {
      await stack.config("passcode", "canary-plain-passcode");
      const output = await stack.fails("preview");
      expect(output).toContain("passcode-not-secret");
      expect(output).toContain("pulumi config set --secret clevertap:passcode");
      expect(output).not.toContain("canary-plain-passcode");
    });
  });

  test("values of a wrong form", async () => {
    const cases = [
      ["endpoint", "ftp://example.com", "clevertap:endpoint must be an absolute https URL"],
      ["endpoint", "http://example.com", "clevertap:endpoint must use https"],
      ["maxAttempts", "0", "clevertap:maxAttempts must be 1 to 20 attempts"],
      ["previewProbe", "sometimes", "clevertap:previewProbe must be each, once, off"],
    ] as const;
    await withStack({ door, program: ONE }, async (stack) => {
      for (const [key, value, text] of cases) {
        await stack.config(key, value);
        expect(await stack.fails("preview")).toContain(text);
      }
    });
  });

  test("an unknown key is a warning, once, that names the nearest known one", async () => {
    const config = {
      endpiont: "https://example.com",
      "accounts.emea.accountId": "A",
      "accounts.emea.passcode": { secret: "canary-account-passcode" },
      "accounts.emea.endpiont": "https://example.com",
    };
    const program = `${ONE} new wa.WhatsAppProvider("second", settings({ mobileNumber: "14155550101" }));`;
    await withStack({ door, program, config }, async (stack) => {
      for (const output of [await stack.preview(), await stack.up()]) {
        for (const key of ["endpiont", "accounts.emea.endpiont"]) {
          const line = `warning: clevertap:${key} is not a known key and counts for nothing. Did you mean endpoint?`;
          expect(output.split("Diagnostics:")[1]?.split(line)).toHaveLength(2);
        }
        expect(output).not.toContain("canary-account-passcode");
      }
      await stack.destroy();
    });
  });

  test("an account that is not in clevertap:accounts, whose name the program holds for secret", async () => {
    const program = `new wa.WhatsAppProvider("kaleyra", settings({ account: pulumi.secret("canary-name") }));`;
    await withStack({ door, program }, async (stack) => {
      const output = await stack.fails("preview");
      expect(output).toContain("account: clevertap:accounts has no entry of that name");
      expect(output).toContain("pulumi config set --secret --path clevertap:accounts.<name>.passcode");
      expect(output).not.toContain("canary-name");
    });
  });
});

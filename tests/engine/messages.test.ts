import { DOORS, withStack } from "./support/stack";

/** What a person reads in the terminal: one cause, one message, and what to do. */

const ONE = 'new wa.WhatsAppProvider("kaleyra", settings());';
const times = (text: string, part: string) => text.split(part).length - 1;

describe.each(DOORS)("messages, %s", (door) => {
  test("a wrong key: the reason once, each of its properties, and no word of the host", async () => {
    const wrong = `new wa.WhatsAppProvider("kaleyra", settings({ apiKey: "A00000000000000000000000000000000" }));`;
    await withStack({ door, program: wrong }, async (stack) => {
      const output = await stack.fails("preview");
      // The CLI shows an error beside its resource and again under Diagnostics.
      expect(times(output, "apiKey: Kaleyra does not accept api-key with sid")).toBeLessThanOrEqual(2);
      expect(output).toContain("sid: the same reason as apiKey");
      expect(output).not.toContain("see the error of the resource");
    });
  });

  test("after a rotation of the passcode refresh names the cure, and it works", async () => {
    const account = { id: "TEST-000-001Z", passcode: "canary-passcode-one" };
    await withStack({ door, program: ONE, sandbox: { accounts: [account] } }, async (stack) => {
      await stack.up();
      // The sandbox looks at the same object.
      account.passcode = "canary-passcode-two";
      await stack.config("passcode", { secret: account.passcode });
      const output = await stack.fails("refresh", "--yes", "--skip-preview");
      expect(output).toContain("Refresh and destroy use the configuration of the last `pulumi up`");
      expect(output).not.toMatch(/unauthenticated: |see the error/);
      await stack.refresh("--run-program", "--expect-no-changes");
      await stack.up("--expect-no-changes");
      await stack.refresh("--expect-no-changes");
    });
  });

  test("a look-up of what this program is about to make is unknown at preview", async () => {
    const program = `const p = ${ONE}
      exports.found = wa.getWhatsAppProviderOutput({ mobileNumber: p.mobileNumber }).nickname;`;
    await withStack({ door, program }, async (stack) => {
      expect(await stack.preview()).not.toContain("provider-not-found");
      await stack.up();
      const missing = 'exports.found = wa.getWhatsAppProvider({ mobileNumber: "14155550199" });';
      stack.program(`${ONE} ${missing}`);
      const output = await stack.fails("preview");
      expect(output).toContain("[provider-not-found");
      expect(output).not.toMatch(/^\s+at /m);
    });
  });

  test("what ignoreChanges covers is handed back and breaks no later preview", async () => {
    const program = `new wa.WhatsAppProvider("kaleyra", settings(), { ignoreChanges: ["*"] });`;
    await withStack({ door, program }, async (stack) => {
      await stack.up();
      await stack.preview("--expect-no-changes");
      await stack.up("--expect-no-changes");
    });
  });

  test("gone since the last refresh: the preview of a change says so", async () => {
    await withStack({ door, program: ONE }, async (stack, sandbox) => {
      await stack.up();
      sandbox.deleteProvider(sandbox.providers()[0]?.id ?? "");
      stack.program('new wa.WhatsAppProvider("kaleyra", settings({ nickname: "Two" }));');
      expect(await stack.fails("preview")).toContain(
        "Run `pulumi refresh`, then `pulumi up` creates it again",
      );
      await stack.refresh();
      await stack.up();
      expect(sandbox.providers()).toMatchObject([{ nickname: "Two" }]);
    });
  });
});

test("the import option behind the dynamic door says what to use instead", async () => {
  const program = `new wa.WhatsAppProvider("kaleyra", settings(), { import: "wap_1" });`;
  await withStack({ door: "dynamic", program }, async (stack) => {
    const output = await stack.fails("preview");
    expect(output).toContain("Use the argument adoptExisting: true");
    expect(output).not.toContain("toJavaScript");
    expect(output).not.toMatch(/^\s+at /m);
  });
});

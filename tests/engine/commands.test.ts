import { DOORS, withStack } from "./support/stack";

test.each(DOORS)("verify --resource takes the settings from the selected stack, %s", async (door) => {
  const program = `new wa.WhatsAppProvider("kaleyra", settings());`;
  await withStack({ door, program }, async (stack, sandbox) => {
    await stack.up();
    const good = await stack.cli("verify", "--resource", "kaleyra");
    expect(good).toMatchObject({ code: 0, output: expect.stringContaining("mobileNumber  good") });
    const other = await stack.cli("verify", "--resource", "other");
    expect(other).toMatchObject({
      code: 2,
      output: expect.stringContaining('no WhatsAppProvider "other"; it has: kaleyra'),
    });
    sandbox.setKaleyra({ sid: sandbox.kaleyra.sid, apiKey: "A00000000000000000000000000000000" });
    const refused = await stack.cli("verify", "--resource", "kaleyra");
    expect(refused).toMatchObject({ code: 1, output: expect.stringContaining("apiKey        refused") });
  });
});

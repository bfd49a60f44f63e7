import { type Run, runCommand } from "../support/command";
import { DOORS, type Stack, withStack } from "./support/stack";

/** Runs a command of the package in the stack's folder. */
async function command(stack: Stack, ...args: string[]): Promise<Run> {
  const run = await runCommand(args, stack.environment, stack.directory);
  stack.printed.push(run.output);
  return run;
}

test.each(DOORS)("verify --resource takes the settings from the selected stack, %s", async (door) => {
  const program = `new wa.WhatsAppProvider("kaleyra", settings());`;
  await withStack({ door, program }, async (stack, sandbox) => {
    await stack.up();
    const good = await command(stack, "verify", "--resource", "kaleyra");
    expect(good).toMatchObject({ code: 0, output: expect.stringContaining("mobileNumber  good") });
    const other = await command(stack, "verify", "--resource", "other");
    expect(other).toMatchObject({
      code: 2,
      output: expect.stringContaining('no WhatsAppProvider "other"; it has: kaleyra'),
    });
    sandbox.setKaleyra({ sid: sandbox.kaleyra.sid, apiKey: "A00000000000000000000000000000000" });
    const refused = await command(stack, "verify", "--resource", "kaleyra");
    expect(refused).toMatchObject({ code: 1, output: expect.stringContaining("apiKey        refused") });
  });
});

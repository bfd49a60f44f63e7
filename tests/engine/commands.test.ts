import { execFile } from "node:child_process";
import { resolve } from "node:path";
import { DOORS, type Stack, withStack } from "./support/stack";

const MAIN = resolve(__dirname, "../../dist/cli/main.js");

/** Runs a command of the package in the stack's folder. */
async function command(stack: Stack, ...args: string[]): Promise<{ code: number; output: string }> {
  return new Promise((done) => {
    const options = { cwd: stack.directory, env: stack.environment };
    execFile(process.execPath, [MAIN, ...args], options, (error, stdout, stderr) => {
      stack.printed.push(stdout, stderr);
      done({ code: error ? Number(error.code) : 0, output: stdout + stderr });
    });
  });
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

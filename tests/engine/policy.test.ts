import { copyFileSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { CANARIES, DOORS, type Run, type Stack, withStack } from "./support/stack";

/** The policy pack, run by the real engine. */

const ROOT = resolve(__dirname, "../..");

/**
 * A copy of the pack for the language host of the tests, which is older than the engine: it knows no pack of the runtime
 * nodejs. For a runtime that has no host the engine looks for `pulumi-analyzer-policy-<runtime>`, and runs the real check.
 */
function installPack(stack: Stack): string {
  const folder = join(stack.directory, "pack");
  const tools = join(stack.directory, "tools");
  mkdirSync(folder);
  mkdirSync(tools);
  for (const name of ["PulumiPolicy.yaml", "package.json"])
    copyFileSync(join(ROOT, "policy", name), join(folder, name));
  const project = join(folder, "PulumiPolicy.yaml");
  writeFileSync(project, readFileSync(project, "utf8").replace("runtime: nodejs", "runtime: elsewhere"));
  const manifest = join(folder, "package.json");
  writeFileSync(manifest, readFileSync(manifest, "utf8").replace("../dist", join(ROOT, "dist")));
  symlinkSync(join(stack.directory, "node_modules"), join(folder, "node_modules"));
  const path = stack.environment.PATH ?? "";
  const analyzer = path
    .split(delimiter)
    .map((part) => join(part, "pulumi-analyzer-policy"))
    .find(existsSync);
  copyFileSync(analyzer as string, join(tools, "pulumi-analyzer-policy-elsewhere"));
  stack.environment.PATH = `${tools}${delimiter}${path}`;
  return folder;
}

/** Runs a program with the pack. */
function checked(stack: Stack, pack: string, verb: string[], program: string, config: object): Promise<Run> {
  stack.program(program);
  const file = join(stack.directory, "policy-config.json");
  writeFileSync(file, JSON.stringify(config));
  return stack.pulumi(...verb, "--policy-pack", pack, "--policy-pack-config", file);
}

const BAD = `new wa.WhatsAppProvider("kaleyra", settings({ markAsDefault: true }));`;
const GOOD = `const config = new pulumi.Config();
new wa.WhatsAppProvider("kaleyra", settings({ nickname: "Shop India", markAsDefault: true,
  apiKey: config.requireSecret("apiKey"), sid: config.requireSecretObject("kaleyra").apply(({ sid }) => sid) }), { protect: true });`;

const config = (codes: string[], stacks: string[]) => ({
  country: { codes },
  nickname: { pattern: "Shop .+" },
  "default-owner": { stacks },
});

test.each(DOORS)(
  "the pack refuses before anything is made, says what to do, and quotes no secret, %s",
  async (door) => {
    await withStack({ door }, async (stack, sandbox) => {
      const pack = installPack(stack);
      const { code, output } = await checked(
        stack,
        pack,
        ["preview"],
        BAD,
        config(["1", "44"], ["shop/prod"]),
      );
      expect(code).not.toBe(0);
      for (const text of [
        "the number's country code is none of those allowed: 1, 44",
        "[country]",
        "the nickname does not match Shop .+",
        "[nickname]",
        "Set protect: true in the resource's options. [unprotected-default]",
        "this stack is not one of those that may own an account's default provider",
        "[default-owner]",
        "apiKey comes neither from the stack's configuration nor from another resource",
        "sid comes neither from the stack's configuration nor from another resource",
        "Run pulumi config set --secret sid",
        "[credentials-from-config]",
      ])
        expect(output).toContain(text);
      for (const secret of Object.values(CANARIES)) expect(output).not.toContain(secret);
      expect(sandbox.providers()).toHaveLength(0);

      await stack.ok("config", "set", "--secret", "apiKey", sandbox.kaleyra.apiKey);
      await stack.ok("config", "set", "--secret", "--path", "kaleyra.sid", sandbox.kaleyra.sid);
      const good = await checked(
        stack,
        pack,
        ["up", "--yes", "--skip-preview"],
        GOOD,
        config(["91"], ["test/dev"]),
      );
      expect(good).toMatchObject({ code: 0 });
      expect(good.output).not.toMatch(/\[[a-z]+-[a-z-]+\]/);
      expect(sandbox.providers()).toHaveLength(1);
      await stack.ok("state", "unprotect", "--all", "--yes");
      await stack.destroy();
    });
  },
);

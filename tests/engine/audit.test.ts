import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { CANARIES, DOORS, type Stack, withStack } from "./support/stack";

/** Audits of what the real engine writes: its exports, and the history that a file backend keeps. */

function commit(stack: Stack, message: string): void {
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=Meera Iyer", "-c", "user.email=meera@example.com", ...args], {
      cwd: stack.directory,
    });
  git("init", "-q");
  writeFileSync(join(stack.directory, ".gitignore"), "node_modules\n.*\n");
  git("add", "-A");
  git("commit", "-qm", message);
}

/** In a pull request of a CI system, as its variables say it. */
const CI = {
  GITHUB_ACTIONS: "true",
  GITHUB_SHA: "0123456789abcdef0123456789abcdef01234567",
  GITHUB_RUN_ID: "77",
  CI: "true",
};

const OTHER_KEY = CANARIES.apiKey.replace(/.$/, "0");

test.each(DOORS)(
  "what changed, who did it, whether a key was rotated: from the engine's own files, %s",
  async (door) => {
    const program = `new wa.WhatsAppProvider("kaleyra", settings());`;
    const sandbox = { kaleyra: { sid: CANARIES.sid, apiKey: CANARIES.apiKey, otherApiKeys: [OTHER_KEY] } };
    await withStack({ door, program, environment: CI, sandbox }, async (stack) => {
      commit(stack, "The first number");
      await stack.up();
      const before = join(stack.directory, "before.json");
      writeFileSync(before, await stack.ok("stack", "export"));

      // Another key, which the sandbox accepts from now on, and packed files.
      sandbox.kaleyra.apiKey = `${CANARIES.apiKey.slice(0, -1)}0`;
      stack.program(`new wa.WhatsAppProvider("kaleyra", settings({ nickname: "Kaleyra India" }));`);
      commit(stack, "A new key, and the country");
      stack.environment.PULUMI_DIY_BACKEND_GZIP = "true";
      await stack.up("--message", "Quarterly rotation");

      const backend = join(stack.directory, ".state");
      const after = join(backend, ".pulumi/stacks/test/dev.json.gz");
      const { code, stdout } = await stack.cli("audit", "diff", before, after, "--format", "json");
      expect(code).toBe(0);
      const { changes, credentials, findings } = JSON.parse(stdout);
      expect(changes).toMatchObject([
        {
          resource: { name: "kaleyra", number: "919999999999" },
          kinds: ["rotated"],
          properties: [
            { label: "Nickname", before: "Kaleyra", after: "Kaleyra India" },
            { label: "Credentials (fingerprint)" },
          ],
          by: [
            {
              kind: "update",
              result: "succeeded",
              message: "Quarterly rotation",
              author: { name: "Meera Iyer", ci: "GitHub Actions" },
            },
          ],
        },
      ]);
      expect(changes[0].by).toHaveLength(1);
      expect(credentials).toMatchObject([{ leastDays: 0, mostDays: 0, isOld: "no" }]);
      expect(findings).toEqual([]);

      const history = await stack.cli("audit", "history", "--format", "json");
      const { updates } = JSON.parse(history.stdout);
      expect(
        updates.map((update: { changes: { kinds: string[] }[] }) =>
          update.changes.map(({ kinds }) => kinds.join()),
        ),
      ).toEqual([["added"], ["rotated"]]);
      expect(await stack.cli("audit", "check", backend)).toMatchObject({ code: 0 });

      const clear = join(stack.directory, "clear.json");
      writeFileSync(clear, await execute(stack, "stack", "export", "--show-secrets"));
      const check = await stack.cli("audit", "check", clear);
      expect(check).toMatchObject({
        code: 1,
        output: expect.stringContaining("exported with --show-secrets"),
      });
      await stack.destroy();
    });
  },
);

/** A command whose output holds secrets by intent: it is not among what is searched for them. */
async function execute(stack: Stack, ...args: string[]): Promise<string> {
  const output = await stack.ok(...args);
  stack.printed.pop();
  return output;
}

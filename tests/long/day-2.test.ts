import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { ModuleKind, transpileModule } from "typescript";
import { startSandbox } from "../../sandbox";
import { only } from "../engine/support/one-provider";
import { type Run, type Stack, withStack } from "../engine/support/stack";
import { LONG } from "../reliability/figures";
import { runAndKill } from "../reliability/killing";
import { runNode } from "../support/command";

/** The commands of docs/guides/day-2.md, as they stand there. */

const ROOT = resolve(__dirname, "../..");
const GUIDE = readFileSync(join(ROOT, "docs/guides/day-2.md"), "utf8");
const MAIN = join(ROOT, "dist/cli/main.js");
const job = LONG ? test : test.skip;

/** The text below a heading of the guide. */
function section(heading: string): string {
  const [, found] = GUIDE.split(`\n## ${heading}\n`);
  if (found === undefined) throw new Error(`the guide has no job "${heading}"`);
  return found.split("\n## ")[0] as string;
}

/** The blocks of a section in a language. */
const blocks = (heading: string, language: string) =>
  [...section(heading).matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, "gms"))].map(
    ([, code = ""]) => code,
  );

/** In place of the questions that a person would answer, and of the package's command. */
const AS_TYPED = `
pulumi() {
  case $1 in
  up | refresh | destroy) command pulumi "$@" --yes --skip-preview --non-interactive ;;
  import | cancel) command pulumi "$@" --yes --non-interactive ;;
  state) command pulumi "$@" --yes ;;
  *) command pulumi "$@" --non-interactive ;;
  esac
}
npx() {
  shift
  "$NODE" "$MAIN" "$@"
}
`;

/** Types a block of the guide. @param answer what is typed when a command asks for a value */
async function type(
  stack: Stack,
  heading: string,
  {
    block = 0,
    answer = "",
    words = {},
  }: { block?: number; answer?: string; words?: Record<string, string> } = {},
): Promise<Run> {
  let code = blocks(heading, "sh")[block];
  if (code === undefined) throw new Error(`"${heading}" has no block ${block}`);
  for (const [word, value] of Object.entries(words)) code = code.replaceAll(word, value);
  const child = spawn("sh", ["-ec", AS_TYPED + code], {
    cwd: stack.directory,
    env: { ...stack.environment, NODE: process.execPath, MAIN },
  });
  child.stdin.end(`${answer}\n`);
  const exit = new Promise<number>((done) => child.on("close", (status) => done(status ?? 1)));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const output = stdout + stderr;
  stack.printed.push(output);
  return { code: await exit, output };
}

async function types(...args: Parameters<typeof type>): Promise<string> {
  const { code, output } = await type(...args);
  if (code !== 0) throw new Error(`"${args[1]}" ended with ${code}:\n${output}`);
  return output;
}

const FROM_CONFIG = `const config = new pulumi.Config();
new wa.WhatsAppProvider("kaleyra", settings({ apiKey: config.requireSecret("apiKey") }));`;
const declare = (name: string, over: object = {}, options: object = {}) =>
  `new wa.WhatsAppProvider("${name}", settings(${JSON.stringify(over)}), ${JSON.stringify(options)});\n`;

job("Rotate Kaleyra's key", async () => {
  await withStack({ program: FROM_CONFIG }, async (stack, sandbox) => {
    const { sid, apiKey } = sandbox.kaleyra;
    await stack.ok("config", "set", "--secret", "apiKey", apiKey);
    await stack.up();
    const next = "A1111111111111111111111111111111a";
    sandbox.setKaleyra({ sid, apiKey, otherApiKeys: [next] });
    const output = await types(stack, "Rotate Kaleyra's key", { answer: next });
    expect(output).toMatch(/credentialFingerprint: "\w{12}" => "\w{12}"/);
    expect(output).toContain("apiKey        good");
    expect(output).not.toContain(next);
    sandbox.setKaleyra({ sid, apiKey: next });
    expect(sandbox.headerValue(only(sandbox).id, "api-key")).toBe(next);
    expect(await sandbox.campaign({ mobileNumber: "919999999999", recipients: 1 })).toMatchObject({
      accepted: 1,
    });
    sandbox.setKaleyra({ sid, apiKey });
  });
});

job("Rotate the account's passcode", async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "wa day 2 "));
  const heading = "Rotate the account's passcode";
  await withStack({ program: declare("kaleyra"), sandbox: { dataDir } }, async (stack, first) => {
    await stack.up();
    const [account] = first.accounts;
    await first.close();
    const accounts = [{ id: account?.id as string, passcode: "canary-next-passcode" }];
    const options = { dataDir, accounts, port: Number(new URL(first.url).port), verificationLimitMs: 20_000 };
    const second = await startSandbox(options);
    try {
      await stack.config("passcode", { secret: "canary-next-passcode" });
      expect(await stack.fails("refresh", "--yes", "--skip-preview")).toContain("unauthenticated");
      await types(stack, heading, { block: 1 });
      await types(stack, heading, { answer: "canary-next-passcode" });
      await stack.refresh("--expect-no-changes");
      expect(stack.printed.join("")).not.toContain("canary-next-passcode");
    } finally {
      await second.close();
    }
  });
  rmSync(dataDir, { recursive: true, force: true });
});

job("Take over a provider made by hand", async () => {
  await withStack({ program: declare("kaleyra", { adoptExisting: true }) }, async (stack, sandbox) => {
    const { id } = sandbox.createProvider({ mobileNumber: "919999999999", nickname: "By hand" });
    expect(await types(stack, "Take over a provider made by hand")).toContain(
      `takes over provider ${id} ("By hand")`,
    );
    expect(only(sandbox)).toMatchObject({ id, nickname: "Kaleyra" });
    stack.program(declare("kaleyra"));
    await stack.up();
    await stack.preview("--expect-no-changes");
  });
});

/** Makes the generated program the stack's. */
function useImported(stack: Stack): void {
  const code = readFileSync(join(stack.directory, "imported.ts"), "utf8");
  const { outputText } = transpileModule(code, { compilerOptions: { module: ModuleKind.CommonJS } });
  writeFileSync(join(stack.directory, "index.js"), outputText);
}

job("Take over a whole account", async () => {
  const heading = "Take over a whole account";
  await withStack({ door: "plugin", program: " " }, async (stack, sandbox) => {
    const { httpEndpoint, kaleyra } = sandbox;
    sandbox.createProvider({ mobileNumber: "14155550100", nickname: "Kaleyra", httpEndpoint });
    sandbox.createProvider({ mobileNumber: "14155550101", nickname: "Orders", httpEndpoint });
    await types(stack, heading);
    await types(stack, heading, { block: 1, answer: kaleyra.apiKey });
    await types(stack, heading, { block: 2, answer: kaleyra.sid });
    const orders = ["--secret", `ordersApiKey=${kaleyra.apiKey}`, "--secret", `ordersSid=${kaleyra.sid}`];
    await stack.ok("config", "set-all", ...orders);
    useImported(stack);
    await types(stack, heading, { block: 3 });
    expect((await stack.resources()).map(({ protect }) => protect)).toEqual([true, true]);
    for (const { externalReference } of sandbox.providers())
      expect(externalReference).toContain("organization/test/dev/");
    await stack.preview("--expect-no-changes");
  });
});

job("Move a number to another resource", async () => {
  await withStack({ program: declare("kaleyra") }, async (stack, sandbox) => {
    await stack.up();
    const { id } = only(sandbox);
    stack.program(declare("support"));
    expect(await stack.fails("preview")).toContain("number-in-use");
    sandbox.resetRequests();
    stack.program(declare("support", {}, { aliases: [{ name: "kaleyra" }] }));
    await types(stack, "Move a number to another resource");
    expect(sandbox.requests().filter(({ method }) => method !== "GET")).toEqual([]);
    expect(only(sandbox).id).toBe(id);
  });
});

job("Move a number to another stack", async () => {
  const program = `if (pulumi.getStack() === process.env.HOLDER) ${declare("kaleyra")}`;
  await withStack({ program, environment: { HOLDER: "dev" } }, async (stack, sandbox) => {
    await stack.up();
    const { urn } = await stack.resource();
    await stack.init("prod");
    const words = { PROJECT: "test", FROM: "dev", "/TO": "/prod", URN: `'${urn}'` };
    stack.environment.HOLDER = "prod";
    sandbox.resetRequests();
    await types(stack, "Move a number to another stack", { words });
    await stack.up();
    await stack.resource();
    stack.select("dev");
    await stack.up();
    expect(await stack.resources()).toEqual([]);
    expect(sandbox.requests().filter(({ method }) => method !== "GET")).toEqual([]);
    expect(sandbox.providers()).toHaveLength(1);
  });
});

job("Move a number to another account", async () => {
  await withStack({ program: declare("kaleyra") }, async (stack, sandbox) => {
    await stack.up();
    const [one, two] = sandbox.accounts as [
      { id: string; passcode: string },
      { id: string; passcode: string },
    ];
    await stack.configure({
      "accounts.emea.accountId": two.id,
      "accounts.emea.passcode": { secret: two.passcode },
    });
    stack.program(declare("kaleyra", { account: "emea" }));
    await types(stack, "Move a number to another account");
    expect([sandbox.providers(one.id).length, sandbox.providers(two.id).length]).toEqual([0, 1]);
  });
});

job("Change doors", async () => {
  const program = (entry: string) =>
    `new (require("pulumi-clevertap-whatsapp${entry}").WhatsAppProvider)("kaleyra", settings());`;
  await withStack({ door: "plugin", program: program("") }, async (stack, sandbox) => {
    await stack.up();
    sandbox.resetRequests();
    stack.program(program("/plugin"));
    await types(stack, "Change doors");
    expect((await stack.resource()).type).toBe("clevertap:index:WhatsAppProvider");
    expect(sandbox.requests().filter(({ method }) => method !== "GET")).toEqual([]);
  });
});

job("Find out what changed", async () => {
  const heading = "Find out what changed";
  await withStack({ program: declare("kaleyra") }, async (stack, sandbox) => {
    await stack.up();
    writeFileSync(join(stack.directory, "before.json"), await stack.ok("stack", "export"));
    sandbox.patchProvider(only(sandbox).id, { nickname: "By hand" });
    expect(await stack.preview()).toContain("2 unchanged");
    expect(await types(stack, heading)).toContain('nickname: "By hand" => "Kaleyra"');
    stack.program(declare("kaleyra", { nickname: "Kaleyra India" }));
    await stack.up("--refresh");
    expect(await types(stack, heading, { block: 1 })).toContain("Kaleyra India");
    expect(await types(stack, heading, { block: 2 })).toContain("Kaleyra India");
  });
});

job("Recover from a killed run", async () => {
  const heading = "Recover from a killed run";
  const args = ["up", "--yes", "--skip-preview"];
  await withStack({ program: declare("kaleyra") }, async (stack, sandbox) => {
    await runAndKill(stack, sandbox, args, "engine", { method: "POST", request: 1, edge: "arrived" });
    await types(stack, heading);
    await stack.preview("--expect-no-changes");
    const { id } = only(sandbox);
    stack.program(declare("kaleyra") + declare("other", { mobileNumber: "14155550100" }));
    await runAndKill(stack, sandbox, args, "engine", { method: "POST", request: 1, edge: "arrived" });
    stack.program(declare("kaleyra"));
    await types(stack, heading);
    const { code, output } = await type(stack, heading, { block: 1 });
    const left = sandbox.providers().find((provider) => provider.id !== id);
    expect({ code, output }).toMatchObject({ code: 1, output: expect.stringContaining(left?.id as string) });
  });
});

job("Recover from a lost state", async () => {
  await withStack({ door: "plugin", program: declare("kaleyra") }, async (stack, sandbox) => {
    await stack.up();
    const { id } = only(sandbox);
    await stack.forget();
    await types(stack, "Recover from a lost state");
    useImported(stack);
    const { apiKey, sid } = sandbox.kaleyra;
    await stack.ok(
      "config",
      "set-all",
      "--secret",
      `kaleyraApiKey=${apiKey}`,
      "--secret",
      `kaleyraSid=${sid}`,
    );
    await stack.up();
    expect(await stack.resources()).toMatchObject([{ id, protect: true }]);
    expect(await stack.cli("orphans")).toMatchObject({ code: 0 });
  });
});

job("Restore a backup of the state", async () => {
  await withStack({ program: declare("kaleyra") }, async (stack, sandbox) => {
    await stack.up();
    writeFileSync(join(stack.directory, "backup.json"), await stack.ok("stack", "export"));
    const later = declare("later", { mobileNumber: "14155550100" });
    stack.program(declare("kaleyra", { nickname: "Edited since" }) + later);
    await stack.up();
    const made = sandbox.providers().find(({ mobileNumber }) => mobileNumber === "14155550100");
    sandbox.patchProvider(made?.id as string, { maxConcurrentRequests: 50 });
    const { code, output } = await type(stack, "Restore a backup of the state");
    expect(code).not.toBe(0);
    expect(output).toContain(made?.externalReference);
    const adopted = declare("later", { mobileNumber: "14155550100", adoptExisting: made?.externalReference });
    stack.program(declare("kaleyra", { nickname: "Edited since" }) + adopted);
    await stack.up();
    expect(sandbox.providers()).toHaveLength(2);
    expect((await stack.resources()).map(({ id }) => id)).toContain(made?.id);
  });
});

job("Use the sandbox in your own tests", async () => {
  const home = mkdtempSync(join(tmpdir(), "wa day 2 "));
  const heading = "Use the sandbox in your own tests";
  try {
    mkdirSync(join(home, "node_modules"));
    symlinkSync(ROOT, join(home, "node_modules/pulumi-clevertap-whatsapp"));
    writeFileSync(join(home, "package.json"), "{}");
    writeFileSync(join(home, "numbers.test.js"), blocks(heading, "js")[0] as string);
    const jest = join(ROOT, "node_modules/jest/bin/jest.js");
    expect(await runNode([jest, "--rootDir", home], process.env, home)).toMatchObject({ code: 0 });

    const command = (blocks(heading, "sh")[0] as string).replace("--port 4010", "--port 0");
    // One process all through, so that its end is the sandbox's.
    const line = command
      .replace("npx pulumi-clevertap-whatsapp", `exec '${process.execPath}' '${MAIN}'`)
      .replace(" &", "");
    const child = spawn("sh", ["-ec", line], { cwd: home, stdio: "ignore" });
    try {
      const file = join(home, "sandbox.json");
      const started = () => {
        try {
          return JSON.parse(readFileSync(file, "utf8")) as { url: string };
        } catch {
          return undefined;
        }
      };
      for (let tries = 0; !started() && tries < 300; tries++)
        await new Promise((done) => setTimeout(done, 100));
      expect((await fetch(`${started()?.url}/_sandbox/state`)).status).toBe(200);
    } finally {
      child.kill();
    }
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
});

test("every job of the guide is one of these tests", () => {
  const headings = [...GUIDE.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading);
  const source = readFileSync(__filename, "utf8");
  const titles = [...source.matchAll(/^job\("(.*)", async/gm)].map(([, title]) => title);
  expect(titles).toEqual(headings);
});

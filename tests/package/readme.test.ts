import { execFile } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { type Sandbox, startSandbox } from "../../sandbox";
import { ENGINE_PATH } from "../support/engine";
import { pack } from "./tarball";

/** The README, followed to the letter on the real engine. */

const ROOT = resolve(__dirname, "../..");
const README = readFileSync(join(ROOT, "README.md"), "utf8");

let home: string;
let tarball: string;
let sandbox: Sandbox;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), "wa readme "));
  mkdirSync(join(home, "state"));
  // The 1-second rule would fail good probes on a busy machine.
  sandbox = await startSandbox({ verificationLimitMs: 20_000 });
  ({ tarball } = await pack(home));
});

afterAll(async () => {
  await sandbox.close();
  rmSync(home, { recursive: true, force: true });
});

/** The first code block under a heading. */
function block(heading: string): string {
  const [, text = ""] = README.split(`\n## ${heading}\n`);
  return /```\w+\n(.*?)```/s.exec(text)?.[1] ?? "";
}

/** What the words in capitals and the questions of `--secret` stand for. */
function answers(): { words: Record<string, string>; secrets: Record<string, string> } {
  const { endpoint, httpEndpoint, kaleyraHost, incomingBaseUrl, kaleyra, accounts } = sandbox;
  return {
    words: {
      TARBALL: `'${tarball}'`,
      ENDPOINT: endpoint,
      ACCOUNT_ID: accounts[0]?.id as string,
      HTTP_END_POINT: httpEndpoint,
      KALEYRA_HOST: kaleyraHost,
      INCOMING_BASE_URL: incomingBaseUrl,
      SECOND_ACCOUNT_ID: accounts[1]?.id as string,
    },
    secrets: {
      "clevertap:passcode": accounts[0]?.passcode as string,
      apiKey: kaleyra.apiKey,
      sid: kaleyra.sid,
      "clevertap:accounts.emea.passcode": accounts[1]?.passcode as string,
    },
  };
}

/** The block with its words filled in and its questions answered. */
function filledIn(text: string): string {
  const { words, secrets } = answers();
  return text
    .replace(/ +#.*/g, "")
    .replace(/\b[A-Z][A-Z_]{3,}\b/g, (word) => {
      if (words[word] === undefined) throw new Error(`the README does not say what ${word} is`);
      return words[word];
    })
    .replace(
      /^pulumi config set --secret (?:--path )?(\S+)$/gm,
      (line, key) => `printf %s '${secrets[key]}' | ${line}`,
    );
}

/** Runs lines of a shell, all of which must succeed. The engine's questions are answered with yes. */
async function shell(folder: string, script: string): Promise<string> {
  const own = Object.entries(process.env).filter(([name]) => !/^(PULUMI|CLEVERTAP)_/.test(name));
  const env = {
    ...Object.fromEntries(own),
    PATH: ENGINE_PATH,
    PULUMI_HOME: join(home, "pulumi home"),
    PULUMI_BACKEND_URL: `file://${join(home, "state")}?metadata=skip`,
    PULUMI_CONFIG_PASSPHRASE: "test",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_SKIP_CONFIRMATIONS: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
  };
  const { stdout, stderr } = await promisify(execFile)("sh", ["-euc", script], { cwd: folder, env });
  return stdout + stderr;
}

test("from an empty folder to up, line by line", async () => {
  const output = await shell(home, filledIn(block("From an empty folder to `up`")));
  expect(output).toContain("2 created");
  expect(sandbox.providers()).toMatchObject([{ mobileNumber: "919999999999" }]);
  const project = join(home, "my-numbers");
  const [, shown] = /```ts\n(.*?)```/s.exec(README) ?? [];
  expect(readFileSync(join(project, "index.ts"), "utf8")).toBe(shown);
  await shell(project, "pulumi preview --expect-no-changes && pulumi destroy");
  expect(sandbox.providers()).toEqual([]);
});

const EXAMPLES = readdirSync(join(ROOT, "examples")).filter((name) =>
  existsSync(join(ROOT, "examples", name, "Pulumi.yaml")),
);

test("every example is listed", () => {
  const [, section = ""] = README.split("\n## Examples\n");
  const listed = [...section.matchAll(/\[`([\w-]+)`\]\(examples\/\1\)/g)].map(([, name]) => name);
  expect(listed.sort()).toEqual(EXAMPLES.sort());
});

// Python needs a generated package, see tests/long/python.test.ts.
// The one needs a package that is generated first; the other runs stacks by itself.
const TEMPLATES = EXAMPLES.filter((name) => !["python", "many-stacks"].includes(name));

test.each(TEMPLATES)("%s is a template", async (name) => {
  // In a copy of the project that the block made, with its stack.
  const folder = join(home, name);
  mkdirSync(folder);
  for (const file of ["package.json", "Pulumi.dev.yaml"])
    copyFileSync(join(home, "my-numbers", file), join(folder, file));
  symlinkSync(join(home, "my-numbers/node_modules"), join(folder, "node_modules"));
  const template = `./node_modules/pulumi-clevertap-whatsapp/examples/${name}`;
  await shell(folder, `pulumi new ${template} --force --yes --name my-numbers --generate-only`);
  if (["adopt-existing", "look-up"].includes(name))
    sandbox.createProvider({ mobileNumber: "919999999999", nickname: "By hand" });
  // What more a program needs, it says itself.
  const file = join(folder, "index.ts");
  const program = existsSync(file) ? readFileSync(file, "utf8") : "";
  const lines = [...program.matchAll(/^\/\/ (pulumi config set .*)/gm)].map(([, line]) => line);
  if (lines.length > 0) await shell(folder, `pulumi stack select dev\n${filledIn(lines.join("\n"))}`);
  const output = await shell(folder, "pulumi preview --stack dev");
  expect(output).not.toMatch(/warning|deprecated/i);
  expect(output).toContain("to create");
  sandbox.reset();
});

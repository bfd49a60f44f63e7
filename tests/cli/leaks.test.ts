import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCommand } from "../support/command";

/** What a parser chokes on may be a passcode: no command repeats it. */

const CANARY = "canary-A0123456789abcdef";
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "wa-leaks-"));
  writeFileSync(join(folder, "Pulumi.yaml"), "name: shop\nruntime: nodejs\n");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Stands in for the engine's CLI: the real one does not print what is wrong here. */
function pulumiSays(config: string, state: string): void {
  const text = `#!${process.execPath}
const [command] = process.argv.slice(2);
const isName = process.argv.includes("--show-name");
const texts = { config: ${JSON.stringify(config)}, whoami: '{"url":"s3://bucket"}' };
console.log(isName ? "organization/shop/dev" : (texts[command] ?? ${JSON.stringify(state)}));`;
  writeFileSync(join(folder, "pulumi"), text);
  chmodSync(join(folder, "pulumi"), 0o755);
}

const STATE =
  '{"deployment":{"resources":[{"urn":"urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev","type":"pulumi:pulumi:Stack"}]}}';
const GOOD = '{"clevertap:endpoint":{"value":"http://127.0.0.1:1"}}';
const configured = (accounts: string) => JSON.stringify({ "clevertap:accounts": { value: accounts } });

test.each([
  ["accounts that are no JSON", ["orphans"], configured(CANARY), STATE],
  [
    "accounts that are no JSON",
    ["import-file", "--account", "emea"],
    configured(`{"emea":{${CANARY}`),
    STATE,
  ],
  ["accounts that are no map", ["import-file", "--account", "emea"], configured(`["${CANARY}"]`), STATE],
  ["a configuration that is no JSON", ["orphans"], CANARY, STATE],
  ["a configuration that is no JSON", ["import-file"], CANARY, STATE],
  ["a state that is no JSON", ["orphans"], GOOD, `{"deployment": ${CANARY}`],
  ["a state that is no JSON", ["verify", "--resource", "kaleyra"], GOOD, CANARY],
])("%s, %j", async (_, args, config, state) => {
  pulumiSays(config, state);
  const { code, output } = await runCommand(args, { PATH: folder }, folder);
  expect(output).not.toContain("canary");
  expect(output).toMatch(/\[invalid-configuration\]|the answer of `pulumi` is not JSON/);
  expect(code).toBe(2);
});

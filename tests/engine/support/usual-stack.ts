import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Sandbox } from "../../../sandbox";
import type { Stack } from "./stack";

/** A stack on the sandbox's usual account, made by the real commands once for each file of tests: they are slow. */

/** What `stack init` and `config` write. */
const WRITTEN = [".state", "Pulumi.dev.yaml"];

let usual: Promise<{ readonly folder: string; readonly endpoint: string }> | undefined;
afterAll(async () => {
  if (usual) rmSync((await usual).folder, { recursive: true, force: true });
});

/** The `clevertap:` configuration of a sandbox's first account. */
export function accountConfig({ endpoint, accounts: [account] }: Sandbox) {
  return { endpoint, accountId: account?.id, passcode: { secret: account?.passcode as string } };
}

/** Gives a new stack what the usual one has, with its own sandbox's endpoint. */
export async function copyUsualStack(stack: Stack): Promise<void> {
  usual ??= make(stack);
  const { folder, endpoint } = await usual;
  copy(folder, stack.directory);
  const file = join(stack.directory, "Pulumi.dev.yaml");
  writeFileSync(file, readFileSync(file, "utf8").replace(endpoint, stack.sandbox.endpoint));
}

async function make(stack: Stack) {
  const folder = mkdtempSync(join(tmpdir(), "wa usual "));
  await stack.ok("stack", "init", "dev");
  await stack.configure(accountConfig(stack.sandbox));
  copy(stack.directory, folder);
  return { folder, endpoint: stack.sandbox.endpoint };
}

function copy(from: string, to: string): void {
  for (const name of WRITTEN) cpSync(join(from, name), join(to, name), { recursive: true });
}

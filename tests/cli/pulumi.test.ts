import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCommand } from "../support/command";

/** What the commands print of a `pulumi` that fails. */

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "wa-pulumi-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("nothing of its error moves the cursor", async () => {
  const script = `#!${process.execPath}\nconsole.error("error: no stack\\u001b[2J\\n\\u009bselected\\u202e"); process.exit(1);`;
  writeFileSync(join(folder, "pulumi"), script);
  chmodSync(join(folder, "pulumi"), 0o755);
  expect(await runCommand(["orphans"], { PATH: folder }, folder)).toEqual({
    code: 2,
    output: "`pulumi stack --show-name` failed: error: no stack[2J selected\n",
  });
});

test("without one on PATH the message says so", async () => {
  const { code, output } = await runCommand(["orphans"], { PATH: folder }, folder);
  expect({ code, output }).toEqual({ code: 2, output: expect.stringContaining("no `pulumi` on PATH") });
});

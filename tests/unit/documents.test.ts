import { execFileSync } from "node:child_process";
import { resolve } from "node:path";

const ROOT = resolve(__dirname, "../..");

test("docs/errors.md and docs/reference.md are what the tables in the code say", () => {
  execFileSync(process.execPath, ["tools/generate-docs.mjs", "--check"], { cwd: ROOT });
});

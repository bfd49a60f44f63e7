import { execFileSync } from "node:child_process";
import { resolve } from "node:path";

const ROOT = resolve(__dirname, "../..");

test.each(["types.mjs", "docs.mjs", "schema.mjs"])(
  "what tools/generate/%s writes is what the tables in the code say",
  (tool) => {
    execFileSync(process.execPath, [`tools/generate/${tool}`, "--check"], { cwd: ROOT });
  },
);

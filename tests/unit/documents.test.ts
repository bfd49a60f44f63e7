import { execFileSync } from "node:child_process";
import { resolve } from "node:path";

const ROOT = resolve(__dirname, "../..");

test.each(["generate-types.mjs", "generate-docs.mjs", "generate-schema.mjs"])(
  "what tools/%s writes is what the tables in the code say",
  (tool) => {
    execFileSync(process.execPath, [`tools/${tool}`, "--check"], { cwd: ROOT });
  },
);

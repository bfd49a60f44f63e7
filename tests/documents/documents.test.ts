import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { numberLists, numbersText } from "../../sandbox/kaleyra/numbers";
import { settingsOf } from "../../sandbox/options";

const ROOT = resolve(__dirname, "../..");

test.each(["types.mjs", "docs.mjs", "schema.mjs"])(
  "what tools/generate/%s writes is what the tables in the code say",
  (tool) => {
    execFileSync(process.execPath, [`tools/generate/${tool}`, "--check"], { cwd: ROOT });
  },
);

describe("the README", () => {
  const readme = readFileSync(join(ROOT, "README.md"), "utf8");
  const firstScreen = readme.split("\n").slice(0, 20).join("\n");

  test("says on its first screen what a real account can use, and asks for one Node only", () => {
    const { engines } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
    for (const part of ["gateway", "verify", "KaleyraIncomingUrl", "sandbox"])
      expect(firstScreen).toMatch(new RegExp(`^\\|.*${part}.*\\|$`, "m"));
    expect(firstScreen).toContain("Never tried on one.");
    expect(firstScreen).toContain(`Node ${engines.node.replace(">=", "")} or newer`);
    expect(readme.match(/Node [\d.]+ or newer/g)).toHaveLength(1);
  });

  test("names the numbers that the sandbox approves", () => {
    const { approved } = numberLists(settingsOf({}));
    const [, list = ""] = numbersText({ approved, unsubscribed: [], invalid: [] }).split(
      "Approved numbers: ",
    );
    expect(readme).toContain(`The sandbox approves these numbers: ${list}`);
  });
});

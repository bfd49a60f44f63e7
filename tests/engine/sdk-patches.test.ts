import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CANARIES, DOORS, type Stack, settle, withStack } from "./support/stack";

/** With an SDK that says it has a version that was not tried, in every process of a stack. */

const FAKE = `const Module = require("node:module");
const load = Module._load;
Module._load = function (name, ...rest) {
  return name === "@pulumi/pulumi/version" ? { version: "3.999.0" } : load.call(this, name, ...rest);
};`;
const PROGRAM = `const headers = pulumi.secret({ "x-team": "${CANARIES.header}" });
  new wa.WhatsAppProvider("kaleyra", settings({ headers }));`;
const WARNING = "warning: @pulumi/pulumi 3.999.0 was not tried with pulumi-clevertap-whatsapp";

function fakeVersion(stack: Stack): void {
  const file = join(stack.directory, "fake version.cjs");
  writeFileSync(file, FAKE);
  stack.environment.NODE_OPTIONS = `--require ${JSON.stringify(file)}`;
}

/** The logs of events, which may hold a secret in clear here: they are taken away from the search at the end. */
function takeEvents(stack: Stack): string {
  const folder = join(stack.directory, ".events");
  const files = readdirSync(folder).map((name) => join(folder, name));
  const text = files.map((file) => readFileSync(file, "utf8")).join("\n");
  for (const file of files) rmSync(file);
  return text;
}

describe.each(DOORS)("an SDK that was not tried, %s", (door) => {
  test("everything works, and a line says that debug messages hold secrets, which they do", async () => {
    await withStack({ door, program: PROGRAM }, async (stack, sandbox) => {
      fakeVersion(stack);
      const preview = await stack.preview();
      expect(preview.split("Diagnostics:")[1]?.split(WARNING)).toHaveLength(2);
      await stack.up();
      await settle(stack);
      expect(takeEvents(stack)).toContain(CANARIES.header);
      const state = JSON.stringify(await stack.exported());
      expect(state).not.toContain(stack.directory);
      sandbox.fault({ kind: "status", status: 403 });
      expect(await stack.fails("refresh", "--yes", "--skip-preview")).toContain("[forbidden, request ");
      sandbox.clearFaults();
      await stack.destroy();
      expect(sandbox.providers()).toEqual([]);
    });
  });

  test("the variable hides them there too", async () => {
    await withStack({ door, program: PROGRAM }, async (stack) => {
      fakeVersion(stack);
      stack.environment.CLEVERTAP_PATCH_DEBUG_MESSAGES = "on";
      expect(await stack.up()).not.toContain(WARNING);
      expect(takeEvents(stack)).not.toContain(CANARIES.header);
      await stack.destroy();
    });
  });
});

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { FaultSpec } from "../../sandbox";
import { CANARIES, DOORS, settle, withStack } from "../engine/support/stack";
import { report } from "./figures";

/** The faults of the matrix on the real engine: one burst of different ones in each verb, then one that lasts, and what is printed. */

const HEADER = `headers: { "x-team": "${CANARIES.header}" }`;
const program = (over: string) => `new wa.WhatsAppProvider("kaleyra", settings({ ${HEADER}, ${over} }));`;

/** Each heals: so many can come in one call. */
const BURSTS: Pick<FaultSpec, "kind" | "status" | "retryAfter" | "body">[][] = [
  [{ kind: "drop-before" }, { kind: "drop-after" }, { kind: "status", status: 503, retryAfter: 1 }],
  [{ kind: "truncated" }, { kind: "html" }, { kind: "invalid-json" }],
  [{ kind: "empty" }, { kind: "status", status: 408 }, { kind: "status", status: 429 }],
  [{ kind: "wrong-type" }, { kind: "status", status: 500 }, { kind: "drop-after" }],
];
/** Each ends the call: an error, and nothing lost. */
const LASTING: [Omit<FaultSpec, "method" | "path">, string][] = [
  [{ kind: "redirect" }, "bad-answer"],
  [{ kind: "status", status: 401 }, "unauthenticated"],
  [{ kind: "status", status: 403 }, "forbidden"],
  [{ kind: "html", status: 404 }, "not-the-api"],
  [{ kind: "status", status: 413 }, "request-refused"],
  [{ kind: "status", status: 200, body: { status: "fail", error: "no", code: 12 } }, "request-refused"],
  [{ kind: "status", status: 429, retryAfter: 86_400 }, "too-many-requests"],
];

describe.each(DOORS)("faults on the real engine, %s", (door) => {
  test("bursts heal in every verb, lasting ones lose nothing, and no secret comes out", async () => {
    let passed = 0;
    await withStack({ door, program: program("") }, async (stack, sandbox) => {
      const burst = (method: string, faults: (typeof BURSTS)[number] = []) => {
        for (const fault of faults) sandbox.fault({ method, count: 1, ...fault });
      };
      burst("POST", BURSTS[0]);
      burst("GET", BURSTS[1]);
      await stack.up();
      expect(sandbox.providers()).toHaveLength(1);
      stack.program(program(`nickname: "Second"`));
      burst("PUT", BURSTS[3]);
      await stack.up();
      expect(sandbox.providers()).toMatchObject([{ nickname: "Second" }]);
      burst("GET", BURSTS[2]);
      await stack.refresh();
      passed += 12;

      const events = join(stack.directory, "events.json");
      for (const [index, [fault, code]] of LASTING.entries()) {
        sandbox.fault(fault);
        // What users type differs; the event log and the engine's own log are looked at on the error path too.
        const command = index % 2 === 0 ? ["refresh"] : ["destroy"];
        const extra = index === 0 ? ["--event-log", events] : [];
        const output = await stack.fails(...command, "--yes", "--skip-preview", ...extra);
        sandbox.clearFaults();
        expect(output).toContain(`[${code}`);
        expect(sandbox.providers()).toHaveLength(1);
        expect(await stack.resources()).toHaveLength(1);
        passed++;
      }
      if (existsSync(events)) stack.printed.push(readFileSync(events, "utf8"));
      await settle(stack);
      burst("DELETE", BURSTS[0]);
      await stack.destroy();
      expect(sandbox.providers()).toEqual([]);
      await stack.destroy();
      passed += 3;
      // Nobody but the API, the resource's endpoint and its callbacks was called, and the state on disk is clear of secrets.
      expect(sandbox.requests({ kind: "callback" })).toEqual([]);
    });
    report(`fault matrix, real engine, ${door} door: cells`, passed, passed);
  }, 600_000);
});

import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Sandbox } from "../../sandbox";
import { DOORS, type Door, type Stack, withStack } from "../engine/support/stack";
import { amount, LONG, report } from "./figures";
import { generator } from "./generator";
import { type Moment, runAndKill, TARGETS, type Target } from "./killing";

/** The engine, the provider process or the program killed in the middle: `pulumi cancel` and `up` bring what the program says. */

const KILLS = amount(10, 100, "CLEVERTAP_TEST_KILLS");
const SEED = Number(process.env.CLEVERTAP_TEST_SEED ?? 6);
const UP = ["up", "--yes", "--skip-preview"];

interface Want {
  readonly nickname: string;
  readonly mobileNumber: string;
}

const programOf = (wants: readonly Want[]) =>
  wants
    .map((w, i) => `const p${i} = new wa.WhatsAppProvider("p${i}", settings(${JSON.stringify(w)}));`)
    .join("\n");
/** The same with the Incoming URL of the first number. */
const withUrl = (wants: readonly Want[]) =>
  `${programOf(wants)}\n${wants.length > 0 ? 'new wa.KaleyraIncomingUrl("u0", incoming(p0));' : ""}`;

/** What a killed run may leave: locks and pending operations. Then one up must bring everything in order. */
async function recover(stack: Stack, sandbox: Sandbox, wants: readonly Want[]): Promise<void> {
  await stack.pulumi("cancel", "--yes");
  await stack.up();
  await expectExactly(stack, sandbox, wants);
}

async function expectExactly(stack: Stack, sandbox: Sandbox, wants: readonly Want[]): Promise<void> {
  const found = sandbox.providers();
  const shown = found.map(({ nickname, mobileNumber }) => ({ nickname, mobileNumber }));
  expect(shown).toHaveLength(wants.length);
  expect(shown).toEqual(expect.arrayContaining([...wants]));
  const ids = (await stack.resources()).map((r) => r.id);
  expect(ids.sort()).toEqual(found.map((p) => p.id).sort());
  for (const { id } of found) expect(sandbox.headerValue(id, "api-key")).toBe(sandbox.kaleyra.apiKey);
}

/** The Incoming URL of the first number is set and in state, once. */
async function expectUrl(stack: Stack, sandbox: Sandbox, [first]: readonly Want[]): Promise<void> {
  const ids = (await stack.resources("KaleyraIncomingUrl")).map(({ id }) => id);
  expect(ids).toEqual(first ? [first.mobileNumber] : []);
  if (first) expect(await sandbox.receiveInbound(first.mobileNumber)).toEqual({ delivered: true });
}

describe.each(DOORS)("killed, %s", (door: Door) => {
  const share = Math.ceil(KILLS / DOORS.length);
  let survived = 0;
  let struck = 0;
  afterAll(() => report(`kills, ${door} door`, survived, struck));

  test(`${share} times at seeded moments`, async () => {
    await withStack({ door }, async (stack, sandbox) => {
      const draw = generator(SEED);
      let wants: Want[] = [];
      let next = 0;
      const number = () => `1415555${String(100 + (next++ % 90)).padStart(4, "0")}`;
      for (let i = 0; i < share; i++) {
        // Two providers each time and an Incoming URL, so that something else is under way as well.
        const choices = wants.length === 0 ? ["create"] : ["update", "replace", "delete"];
        const verb = choices[draw(choices.length)];
        if (verb === "create")
          wants = [
            { nickname: "One", mobileNumber: number() },
            { nickname: "Two", mobileNumber: number() },
          ];
        else if (verb === "update") wants = wants.map((w) => ({ ...w, nickname: `Edit ${i}` }));
        else if (verb === "replace") wants = wants.map((w) => ({ ...w, mobileNumber: number() }));
        else wants = [];
        const requests = { create: 5, update: 2, replace: 6, delete: 2 }[verb as "create"];
        // A program that has ended can't be killed: it ends when its last resource is registered.
        const targets = verb === "delete" ? TARGETS.filter((t) => t !== "program") : TARGETS;
        const target = targets[draw(targets.length)] as Target;
        const moment: Moment = {
          request: 1 + draw(target === "program" ? 1 : requests),
          edge: draw(2) === 0 ? "arrived" : "answered",
        };
        stack.program(withUrl(wants));
        const run = await runAndKill(stack, sandbox, UP, target, moment);
        if (run.struck) struck++;
        const at = `kill ${i}: ${verb}, ${target} at request ${moment.request} ${moment.edge}`;
        try {
          await recover(stack, sandbox, wants);
          await expectUrl(stack, sandbox, wants);
        } catch (error) {
          throw new Error(`${at}\n${run.output}\n${(error as Error).message}`);
        }
        if (run.struck) survived++;
      }
      await stack.preview("--expect-no-changes");
      await stack.destroy();
      expect(sandbox.providers()).toEqual([]);
      // What an engine killed in the middle of writing one would leave empty, and stumble over for ever.
      const files = readdirSync(join(stack.directory, ".state"), { recursive: true, encoding: "utf8" });
      expect(files.filter((file) => file.endsWith(".attrs"))).toEqual([]);
    });
    // A few may come too late, when the process has just ended by itself.
    expect(survived).toBeGreaterThanOrEqual(Math.floor(share * 0.8));
  }, 7_200_000);

  test("a replacement of the very same provider, killed half-way: it survives", async () => {
    const wants = [{ nickname: "One", mobileNumber: "14155550100" }];
    await withStack({ door, program: programOf(wants) }, async (stack, sandbox) => {
      await stack.up();
      const id = sandbox.providers()[0]?.id;
      const { urn } = await stack.resource();
      const survives = async () => {
        await recover(stack, sandbox, wants);
        expect(sandbox.providers().map((p) => p.id)).toEqual([id]);
      };
      const half: [string[], Target, Moment][] = [
        [["--replace", urn], "engine", { method: "PUT", request: 1, edge: "answered" }],
      ];
      if (LONG)
        half.push(
          [["--replace", urn], "engine", { method: "POST", request: 1, edge: "arrived" }],
          [["--replace", urn], "engine", { method: "DELETE", request: 1, edge: "answered" }],
          [["--target-replace", urn], "provider", { method: "DELETE", request: 1, edge: "arrived" }],
          [["--target-replace", urn], "engine", { method: "PUT", request: 1, edge: "arrived" }],
        );
      for (const [args, target, moment] of half) {
        await runAndKill(stack, sandbox, [...UP, ...args], target, moment);
        await survives();
      }
      await stack.ok("state", "taint", urn, "--yes");
      await runAndKill(stack, sandbox, UP, "engine", { method: "PUT", request: 1, edge: "answered" });
      await survives();
      if (LONG) {
        await stack.ok("state", "taint", urn, "--yes");
        await survives();
        await stack.up("--target-replace", urn);
        await survives();
      }
      await stack.destroy();
      expect(sandbox.providers()).toEqual([]);
    });
  }, 600_000);

  test("a killed create whose resource then leaves the program: `orphans` finds and removes it", async () => {
    const wants = [{ nickname: "One", mobileNumber: "14155550100" }];
    await withStack({ door, program: programOf(wants) }, async (stack, sandbox) => {
      await runAndKill(stack, sandbox, UP, "engine", { method: "POST", request: 1, edge: "arrived" });
      stack.program("");
      await stack.ok("cancel", "--yes");
      await stack.up();
      const [left] = sandbox.providers();
      expect(left).toMatchObject({ mobileNumber: "14155550100" });
      const other = sandbox.createProvider({ mobileNumber: "14155550101", nickname: "By hand" });
      const pending = await orphans(stack);
      expect(pending.code).toBe(2);
      expect(pending.output).toContain("pulumi refresh --clear-pending-creates");
      await stack.refresh("--clear-pending-creates");
      const listed = await orphans(stack);
      expect(listed.output).toContain(left?.id);
      expect(listed.code).toBe(1);
      expect(listed.output).toContain(left?.id);
      expect(listed.output).not.toContain(other.id);
      expect(sandbox.providers()).toHaveLength(2);
      expect((await orphans(stack, "--remove", other.id)).code).toBe(1);
      expect(sandbox.providers()).toHaveLength(2);
      expect((await orphans(stack, "--remove", left?.id as string)).code).toBe(0);
      expect(sandbox.providers().map((p) => p.id)).toEqual([other.id]);
      expect((await orphans(stack)).code).toBe(0);
    });
  }, 600_000);
});

function orphans(stack: Stack, ...args: string[]): Promise<{ code: number; output: string }> {
  const main = resolve(__dirname, "../../dist/cli/main.js");
  return new Promise((done) => {
    const options = { cwd: join(stack.directory), env: stack.environment };
    execFile(process.execPath, [main, "orphans", ...args], options, (error, stdout, stderr) => {
      stack.printed.push(stdout, stderr);
      done({ code: error ? Number(error.code) : 0, output: stdout + stderr });
    });
  });
}

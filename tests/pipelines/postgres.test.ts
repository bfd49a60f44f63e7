import { setTimeout as pause } from "node:timers/promises";
import { type Run, type Stack, withStack } from "../engine/support/stack";
import { amount } from "../reliability/figures";
import { type Postgres, startPostgres } from "../support/postgres";

/** A team's state in PostgreSQL: the engine's own backend on a real server. */

let postgres: Postgres;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.stop());

const PROGRAM = `new wa.WhatsAppProvider("kaleyra", settings());`;
const UP = ["up", "--yes", "--skip-preview"] as const;

test("two at once on one stack: the second is told of the lock in one line, and nothing is lost", async () => {
  await withStack({ program: PROGRAM, environment: postgres.environment("lock") }, async (stack, sandbox) => {
    sandbox.fault({ kind: "latency", delayMs: 3_000, method: "POST" });
    const first = stack.pulumi(...UP);
    while (sandbox.requests({ method: "POST" }).length === 0) await pause(20);
    const second = await stack.fails(...UP);
    expect(second).toMatch(/^error: the stack is currently locked by 1 lock\(s\)/m);
    expect(second).not.toContain(postgres.environment("lock").PGPASSWORD);
    expect(await first).toMatchObject({ code: 0 });
    await stack.preview("--expect-no-changes");
    expect(sandbox.providers()).toHaveLength(1);
  });
});

test("a runner is killed: its lock stays, `pulumi cancel` takes it away, the next run finishes", async () => {
  await withStack({ program: PROGRAM, environment: postgres.environment("kill") }, async (stack, sandbox) => {
    sandbox.fault({ kind: "latency", delayMs: 500, method: "POST" });
    const child = stack.start(UP);
    while (sandbox.requests({ method: "POST" }).length === 0) await pause(5);
    child.kill("SIGKILL");
    while (sandbox.providers().length === 0) await pause(5);
    expect(await stack.fails(...UP)).toContain("currently locked");
    await stack.ok("cancel", "--yes");
    await stack.up();
    await stack.refresh("--expect-no-changes");
    expect(sandbox.providers()).toHaveLength(1);
    const history = JSON.parse(await stack.ok("stack", "history", "--json")) as { kind: string }[];
    expect(history.map(({ kind }) => kind)).toEqual(["refresh", "update"]);
    const { PGPASSWORD } = postgres.environment("kill");
    expect(stack.printed.filter((text) => text.includes(PGPASSWORD))).toEqual([]);
  });
});

const STACKS = amount(3, 20, "CLEVERTAP_TEST_STACKS");

test(`${STACKS} stacks at once on one account: each has its own number, and nothing is lost`, async () => {
  const program = `new wa.WhatsAppProvider("kaleyra", settings({ nickname: pulumi.getStack(),
    mobileNumber: String(447700900000 + Number(pulumi.getStack().slice(1))) }));`;
  await withStack({ program, environment: postgres.environment("many") }, async (stack, sandbox) => {
    const names = Array.from({ length: STACKS }, (_, i) => `s${i}`);
    for (const name of names) await stack.init(name);
    const atOnce = async (...args: string[]) =>
      expectAll(await Promise.all(names.map((name) => run(stack, name, args))));
    await atOnce(...UP);
    expect(
      sandbox
        .providers()
        .map((p) => p.nickname)
        .sort(),
    ).toEqual([...names].sort());
    for (const name of names) {
      stack.select(name);
      const { id } = await stack.resource();
      expect(sandbox.providers().find((p) => p.id === id)?.nickname).toBe(name);
    }
    await atOnce("refresh", "--yes", "--skip-preview", "--expect-no-changes");
    await atOnce("destroy", "--yes", "--skip-preview");
    expect(sandbox.providers()).toEqual([]);
    expect(
      sandbox.requests({ method: "POST" }).filter((r) => r.query.validateOnly === undefined),
    ).toHaveLength(STACKS);
  });
});

/** Starts a command on a stack; the environment is read at the start. */
function run(stack: Stack, name: string, args: readonly string[]): Promise<Run> {
  stack.select(name);
  return stack.pulumi(...args);
}

function expectAll(runs: readonly Run[]): void {
  const failed = runs.filter(({ code }) => code !== 0);
  expect(failed.map(({ output }) => output)).toEqual([]);
}

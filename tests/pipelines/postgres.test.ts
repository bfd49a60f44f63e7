import { type Run, type Stack, withStack } from "../engine/support/stack";
import { amount } from "../reliability/figures";
import { type Postgres, startPostgres } from "../support/postgres";

/** Many stacks of one account at once, with their state in PostgreSQL. git.test.ts has two runs at once on one stack, and a killed one. */

let postgres: Postgres;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.stop());

const UP = ["up", "--yes", "--skip-preview"] as const;

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
}, 1_200_000);

/** Starts a command on a stack; the environment is read at the start. */
function run(stack: Stack, name: string, args: readonly string[]): Promise<Run> {
  stack.select(name);
  return stack.pulumi(...args);
}

function expectAll(runs: readonly Run[]): void {
  const failed = runs.filter(({ code }) => code !== 0);
  expect(failed.map(({ output }) => output)).toEqual([]);
}

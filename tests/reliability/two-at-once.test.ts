import { readSettings } from "../../provider/configuration/settings";
import { createContext } from "../../provider/resources/context";
import { check } from "../../provider/resources/whatsapp-provider/check";
import { create } from "../../provider/resources/whatsapp-provider/create";
import { knownInputs } from "../../provider/resources/whatsapp-provider/inputs";
import { type Sandbox, startSandbox } from "../../sandbox";
import { goodArguments, goodConfig } from "../support/arguments";
import { Driver, type Outcome } from "./driver";
import { startRewritingProxy } from "./rewriting-proxy";

/** Two stacks, two machines, one number; two edits of one revision; a hundred creates while the API slows half of them down. */

let sandbox: Sandbox;
beforeEach(async () => {
  // A busy machine must not turn a good check into a timeout.
  sandbox = await startSandbox({ verificationLimitMs: 20_000 });
});
afterEach(() => sandbox.close());

const config = () => goodConfig(sandbox);
const driver = () => new Driver(config());
const args = (over: object = {}) => goodArguments(sandbox, over);
const codes = (outcomes: Outcome[]) => outcomes.map((o) => o.error?.code).sort();

test("two resources create the same number at once: one has it, the other is told who", async () => {
  const [one, two] = [driver(), driver()];
  const outcomes = await Promise.all([one.up({ a: args() }), two.up({ b: args() })]);
  expect(codes(outcomes)).toEqual(["number-in-use", undefined]);
  expect(sandbox.providers()).toHaveLength(1);
  const [provider] = sandbox.providers();
  expect(outcomes.find((o) => o.error)?.error?.message).toContain(provider?.id);
  expect([...one.resources, ...two.resources].map((r) => r.id)).toEqual([provider?.id]);
});

test("the same stack on two machines at once: one object, whoever was last", async () => {
  const [one, two] = [driver(), driver()];
  await Promise.all([one.up({ a: args() }), two.up({ a: args() })]);
  expect(sandbox.providers()).toHaveLength(1);
  // The engine's lock lets only one state survive: it goes on, and the other's delete leaves the object alone.
  const [mark] = sandbox.providers().map((p) => p.externalReference);
  const [winner, loser] = one.resources[0]?.state.externalReference === mark ? [one, two] : [two, one];
  await loser.destroy();
  expect(sandbox.providers()).toHaveLength(1);
  await winner.destroy();
  expect(sandbox.providers()).toEqual([]);
});

test("two edits at the same revision: one is written, the other is told, nothing is overwritten silently", async () => {
  const one = driver();
  await one.up({ a: args() });
  const two = driver();
  two.resources = [...one.resources];
  const outcomes = await Promise.all([
    one.up({ a: args({ nickname: "One" }) }),
    two.up({ a: args({ nickname: "Two" }) }),
  ]);
  expect(codes(outcomes)).toEqual(["changed-elsewhere", undefined]);
  const [winner] = outcomes[0]?.error ? ["Two"] : ["One"];
  expect(sandbox.providers()).toMatchObject([{ nickname: winner, revision: 2 }]);
});

test("somebody writes between the look and the write of a take-over: it looks again and takes nothing", async () => {
  const lost = driver();
  await lost.up({ a: args() });
  const id = sandbox.providers()[0]?.id as string;
  const between = await startRewritingProxy(sandbox.endpoint, (json, { method, url = "" }) => {
    const isFirst = sandbox.providers()[0]?.nickname !== "By hand";
    if (isFirst && method === "GET" && url.endsWith(id)) sandbox.patchProvider(id, { nickname: "By hand" });
    return json;
  });
  try {
    const again = driver();
    again.options = { ...again.options, endpoint: between.url };
    expect(codes([await again.up({ a: args() })])).toEqual(["number-in-use"]);
    expect(sandbox.providers()).toMatchObject([{ id, nickname: "By hand" }]);
  } finally {
    await between.close();
  }
});

test("a hundred creates while the API answers 429 to half", async () => {
  const waits: number[] = [];
  const context = createContext(
    readSettings((key) => (config() as Record<string, string>)[key], {}),
    { clock: { sleep: async (seconds) => void waits.push(seconds), random: Math.random } },
  );
  const numbers = Array.from({ length: 100 }, (_, i) => `447700900${String(100 + i)}`);
  const POST = { method: "POST", path: "^/v1/whatsapp/providers$" };
  for (let i = 0; i < 50; i++) sandbox.fault({ kind: "status", status: 429, count: 1, skip: i, ...POST });
  const made = await Promise.all(
    numbers.map(async (mobileNumber) => {
      const urn = `urn:pulumi:dev::test::t::n${mobileNumber}`;
      const { inputs, failures } = await check(context, {
        news: args({ mobileNumber }),
        urn,
        organization: "organization",
      });
      expect(failures).toEqual([]);
      return create(context, knownInputs(inputs));
    }),
  );
  await context.session().api.close();
  expect(new Set(made.map((m) => m.id)).size).toBe(100);
  expect(
    sandbox
      .providers()
      .map((p) => p.mobileNumber)
      .sort(),
  ).toEqual(numbers);
  expect(waits.length).toBe(50);
  // Bounded: no call waited longer than its attempts allow.
  expect(Math.max(...waits)).toBeLessThanOrEqual(8);
});

import * as fc from "fast-check";
import type { Properties } from "../../provider/model/unknown";
import { readMark } from "../../provider/resources/whatsapp-provider/mark";
import { controlsOf } from "../../sandbox/control/controls";
import { listed } from "../../server/providers";
import { Driver, expectNoSecret, Killed, type Outcome, type Program } from "./driver";
import { amount, counted } from "./figures";
import { ENDPOINT, FATES, plan, told, world } from "./in-memory";

jest.mock("../../provider/api/transport", () => require("./in-memory"));
jest.mock("../../server/endpoint-check", () => ({
  ...jest.requireActual("../../server/endpoint-check"),
  checkEndpoint: async () => {},
}));

/**
 * Random lives of a stack: edits of the program, edits at the dashboard, faults, kills, up, refresh, destroy. Whatever came
 * before, a refresh and an up without faults bring exactly what the program says.
 */

const RUNS = amount(1_000, 5_000, "CLEVERTAP_TEST_SEQUENCES");
const NAMES = ["a", "b", "c"] as const;
type Name = (typeof NAMES)[number];
const KEYS = ["A0123456789abcdef0123456789abcdef", "canary-key-two", "canary-key-by-hand"];

const args = fc.record(
  {
    nickname: fc.constantFrom("One", "Two"),
    number: fc.nat(1),
    apiKey: fc.constantFrom(...KEYS.slice(0, 2)),
    headers: fc.constantFrom({ "x-team": "canary-header-value" }, { "x-team": "canary-two", "x-more": "m" }),
    markAsDefault: fc.boolean(),
    autoReplyUntracked: fc.boolean(),
    maxConcurrentRequests: fc.constantFrom(30, 200),
  },
  { requiredKeys: ["nickname", "number", "apiKey"] },
);
type Args = typeof args extends fc.Arbitrary<infer T> ? T : never;

const fates = fc.uniqueArray(fc.tuple(fc.nat(9), fc.constantFrom(...FATES)), {
  maxLength: 3,
  selector: ([at]) => at,
});
const name = fc.constantFrom(...NAMES);
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant("edit" as const), name, args }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("drop" as const), name }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant("up" as const), fates }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("replace" as const), name, fates }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("refresh" as const), fates }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("destroy" as const), fates }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("preview" as const) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("by hand" as const),
      at: fc.nat(5),
      what: fc.constantFrom("nickname", "api-key", "limit", "header", "default", "remove"),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("foreign" as const), name, number: fc.nat(1) }) },
);
/** Somebody does a task, or reports that CleverTap refused it. */
const person = fc.record({ do: fc.constant("person" as const), at: fc.nat(3), refuses: fc.boolean() });
type Step = typeof step | typeof person extends fc.Arbitrary<infer T> ? T : never;

/** Each resource has numbers of its own: moving one between two resources takes two updates, by design. */
const numberOf = (resource: Name, index: number) => `1415555010${NAMES.indexOf(resource) * 2 + index}`;

const sandbox = controlsOf(world);
const server = () => listed(world.providers, world.settings.accounts[0]?.id);
const openTasks = () => sandbox.tasks().filter(({ state }) => state === "open");
/** What no delete has been accepted for. */
const ours = () => server().filter((p) => Driver.isOurs(p.externalReference) && !world.people.isLeaving(p));

class Life {
  readonly driver = new Driver({
    endpoint: ENDPOINT,
    accountId: world.settings.accounts[0]?.id ?? "",
    passcode: world.settings.accounts[0]?.passcode ?? "",
  });
  program: Program = {};
  readonly removedByHand = new Set<string>();
  readonly foreign = new Map<string, number>();
  /** A write got no answer: something may be left over that no program names any more. */
  lossy = false;

  /** @param isManual people work the server: what is saved waits for one of them */
  constructor(readonly isManual: boolean) {
    sandbox.reset();
    sandbox.setManual(isManual);
    plan(new Map());
  }

  async step(step: Step): Promise<void> {
    if (step.do === "edit") this.#edit(step.name, step.args);
    else if (step.do === "drop") this.program = without(this.program, step.name);
    else if (step.do === "by hand") this.#byHand(step.at, step.what);
    else if (step.do === "person") this.#person(step.at, step.refuses);
    else if (step.do === "foreign") this.#foreign(numberOf(step.name, step.number));
    else {
      plan(new Map("fates" in step ? step.fates : []));
      const work = {
        up: () => this.driver.up(this.program),
        destroy: () => this.driver.destroy(),
        replace: () => this.driver.up(this.program, "name" in step ? step.name : undefined),
        refresh: () => this.driver.refresh(),
        preview: () => this.driver.preview(this.program),
      }[step.do];
      await work().catch((error: unknown) => {
        if (!(error instanceof Killed)) throw error;
      });
      this.lossy ||= told().losses > 0;
    }
    this.#invariants();
  }

  #edit(name: Name, { number, ...rest }: Args): void {
    // Only one may wish to be the default.
    const others = Object.entries(this.program).filter(([other]) => other !== name);
    const taken = others.some(([, a]) => a.markAsDefault === true);
    const values: Properties = {
      ...rest,
      mobileNumber: numberOf(name, number),
      httpEndpoint: `${ENDPOINT}/kaleyra/clevertap`,
      sid: "HXIN1234567890IN",
      kaleyraHost: "https://api.kaleyra.io/",
      ...(rest.markAsDefault && taken && { markAsDefault: false }),
    };
    this.program = { ...this.program, [name]: values };
  }

  #byHand(at: number, what: string): void {
    const found = ours()[at];
    if (!found) return;
    const { id } = found;
    if (what === "remove") {
      this.removedByHand.add(id);
      sandbox.deleteProvider(id);
    } else if (what === "nickname") sandbox.patchProvider(id, { nickname: "By hand" });
    else if (what === "api-key") sandbox.patchProvider(id, { headers: { "api-key": KEYS[2] as string } });
    else if (what === "limit") sandbox.patchProvider(id, { maxConcurrentRequests: 77 });
    else if (what === "header") sandbox.patchProvider(id, { headers: { "x-new": "canary-new" } });
    else sandbox.patchProvider(id, { isDefault: true });
  }

  #foreign(mobileNumber: string): void {
    if (server().some((p) => p.mobileNumber === mobileNumber)) return;
    const { id } = sandbox.createProvider({ mobileNumber, nickname: "Foreign" });
    this.foreign.set(id, 0);
  }

  #person(at: number, refuses: boolean): void {
    const task = openTasks()[at];
    if (!task) return;
    // Its provider has left the state already, and stays: like one of a lost create.
    this.lossy ||= refuses && task.kind === "delete";
    if (refuses) sandbox.refuseTask(task.id, `no ${sandbox.headerValue(task.providerId, "api-key")}`);
    else sandbox.confirmTask(task.id);
  }

  #invariants(): void {
    const asked = openTasks().map(({ providerId }) => providerId);
    expect(new Set(asked).size).toBe(asked.length);
    const all = server();
    expect(new Set(all.map((p) => p.mobileNumber)).size).toBe(all.length);
    const ids = new Set(all.map((p) => p.id));
    // Without a loss, state knows of everything that is there, and nothing else.
    if (!this.lossy) {
      const known = this.driver.resources.map((r) => r.id);
      expect(known.filter((id) => !ids.has(id) && !this.removedByHand.has(id))).toEqual([]);
      expect(ours().filter((p) => !known.includes(p.id))).toEqual([]);
    }
    for (const id of this.foreign.keys())
      expect(world.providers.get(id)).toMatchObject({ nickname: "Foreign" });
  }

  /** No faults from here on: a refresh and an up are enough, whatever came before. */
  async converge(): Promise<void> {
    plan(new Map());
    const { driver } = this;
    for (const id of this.foreign.keys()) {
      expect(server().find((p) => p.id === id)?.externalReference).toBeUndefined();
      sandbox.deleteProvider(id);
    }
    good(await driver.refresh());
    await this.#upAsTold();
    const { program } = this;
    await this.#waits(program);
    this.#expectContent(driver, program);
    plan(new Map());
    expect(await driver.up(program)).toEqual({ steps: 0, lines: [] });
    expect(told().requests).toBe(0);
    good(await driver.refresh());
    good(await driver.up(program));
    good(await driver.refresh());
    expect(await driver.up(program)).toEqual({ steps: 0, lines: [] });
    this.#expectContent(driver, program);
    good(await driver.destroy());
    expect(driver.resources).toEqual([]);
    this.#confirmAll();
    if (!this.lossy) expect(server()).toEqual([]);
    expect(await driver.destroy()).toEqual({ steps: 0, lines: [] });
    expectNoSecret(driver.seen, ...KEYS, "canary");
  }

  /** Waiting is no drift, and asks nobody twice; when everything is confirmed, the dashboard has what the program says. */
  async #waits(program: Program): Promise<void> {
    if (!this.isManual) return;
    const asked = sandbox.tasks();
    good(await this.driver.refresh());
    expect(await this.driver.up(program)).toEqual({ steps: 0, lines: [] });
    expect(sandbox.tasks()).toEqual(asked);
    this.#confirmAll();
    good(await this.driver.refresh());
    for (const { state } of this.driver.resources) expect(state.status).toBe("active");
  }

  #confirmAll(): void {
    for (const { id } of openTasks()) sandbox.confirmTask(id);
  }

  /**
   * A lost create is finished by itself. What was edited since then, or written over, is not taken for one: it carries this
   * stack's own mark, and a person adopts it with the words of the message.
   */
  async #upAsTold(): Promise<void> {
    for (let round = 0; ; round++) {
      const { error } = await this.driver.up(this.program);
      if (!error) return;
      const [, mark] = /adoptExisting: ("(?:[^"\\]|\\.)*")/.exec(error.message) ?? [];
      const adopted: unknown = mark === undefined ? undefined : JSON.parse(mark);
      const name = readMark(adopted)?.owner.split("/").pop() ?? "";
      if (round === NAMES.length || !this.lossy || !(name in this.program)) throw error;
      this.program = { ...this.program, [name]: { ...this.program[name], adoptExisting: adopted } };
    }
  }

  #expectContent(driver: Driver, program: Program): void {
    expect(driver.resources.map((r) => r.name).sort()).toEqual(Object.keys(program).sort());
    const inState = new Set(driver.resources.map((r) => r.id));
    const left = ours().filter((p) => !inState.has(p.id));
    if (!this.lossy) expect(left).toEqual([]);
    // What is left over holds a number that the program does not name: the orphans command lists it.
    const numbers = Object.values(program).map((a) => a.mobileNumber);
    expect(left.filter((p) => numbers.includes(p.mobileNumber))).toEqual([]);
    for (const [name, args] of Object.entries(program)) {
      const kept = world.providers.get(driver.resources.find((r) => r.name === name)?.id ?? "");
      const extra = Object.fromEntries(
        kept?.headers.filter((h) => h.key.startsWith("x-")).map((h) => [h.key, h.value]) ?? [],
      );
      expect({ ...kept, extra }).toMatchObject({
        nickname: args.nickname,
        mobileNumber: args.mobileNumber,
        autoReplyUntracked: args.autoReplyUntracked ?? false,
        maxConcurrentRequests: args.maxConcurrentRequests ?? 100,
        extra: args.headers ?? {},
        ...(args.markAsDefault === true && { isDefault: true }),
      });
      if (!args.headers) expect(extra).toEqual({});
      expect(kept?.headers.find((h) => h.key === "api-key")?.value).toBe(args.apiKey);
    }
  }
}

function good(outcome: Outcome): void {
  if (outcome.error) throw outcome.error;
}

function without(program: Program, name: string): Program {
  const { [name]: _, ...rest } = program;
  return rest;
}

async function live(steps: readonly Step[], isManual: boolean): Promise<void> {
  const life = new Life(isManual);
  for (const step of steps) await life.step(step);
  await life.converge();
}

const KINDS = [
  { runs: RUNS, isManual: false, figure: "random lives, in process: sequences", drawn: step },
  {
    runs: Math.ceil(RUNS / 4),
    isManual: true,
    figure: "random lives with a server that people work, in process: sequences",
    drawn: fc.oneof({ weight: 5, arbitrary: step }, { weight: 1, arbitrary: person }),
  },
];

test.each(KINDS)(
  "$runs $figure",
  async ({ runs, isManual, figure, drawn }) => {
    const lives = fc.array<Step>(drawn, { minLength: 3, maxLength: 14 });
    const seed = Number(process.env.CLEVERTAP_TEST_SEED ?? 6);
    await counted(figure, (attempt) =>
      fc.assert(
        fc.asyncProperty(lives, (steps) => attempt(() => live(steps, isManual))),
        { numRuns: runs, seed },
      ),
    );
  },
  600_000,
);

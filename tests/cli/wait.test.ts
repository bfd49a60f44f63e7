import { wait } from "../../cli/wait";
import { readSettings } from "../../provider/configuration/settings";
import { createContext } from "../../provider/resources/context";
import { type Sandbox, startSandbox } from "../../sandbox";
import { Driver } from "../reliability/driver";
import { goodArguments, goodConfig } from "../support/arguments";
import { CANARIES } from "../support/canaries";

let sandbox: Sandbox;
let printed: string[];
let complained: string[];

beforeAll(async () => {
  sandbox = await startSandbox({ manual: true, verificationLimitMs: 20_000 });
});
afterAll(() => sandbox.close());
beforeEach(() => {
  sandbox.reset();
  printed = [];
  complained = [];
  jest.spyOn(console, "log").mockImplementation((text) => void printed.push(String(text)));
  jest.spyOn(console, "error").mockImplementation((text) => void complained.push(String(text)));
});
afterEach(() => jest.restoreAllMocks());

const account = () => goodConfig(sandbox);

/** A stack whose state names so many providers. */
async function stack(count: number): Promise<Driver> {
  const driver = new Driver(account());
  const numbers = Array.from({ length: count }, (_, i) => `1415555010${i}`);
  const program = numbers.map((mobileNumber, i) => [`p${i}`, goodArguments(sandbox, { mobileNumber })]);
  await driver.up(Object.fromEntries(program));
  return driver;
}

/** Waits for what the driver's state names. @param events what happens while it sleeps, one after the other */
async function waited(driver: Driver, limit: number, ...events: (() => unknown)[]): Promise<number> {
  const config: Record<string, string> = { ...account(), maxAttempts: "1" };
  const session = createContext(readSettings((key) => config[key], {})).session();
  session.api.conceal(Object.values(CANARIES));
  let now = 0;
  const sleep = async (seconds: number) => {
    now += seconds;
    events.shift()?.();
  };
  const ids = new Set(driver.resources.map(({ id }) => id));
  const isOurs = ({ externalReference }: { externalReference?: string }) => Driver.isOurs(externalReference);
  try {
    const clock = { now: () => now, sleep, random: () => 0 };
    return await wait({ sessions: [session], ids, isOurs }, limit, clock);
  } finally {
    await session.api.close();
  }
}

const task = (id: string) => `task ${id}, ${sandbox.url}/tasks/${id}`;

test("0: it prints what waits, then each that is confirmed, and ends with the last", async () => {
  const code = await waited(
    await stack(2),
    600,
    () => sandbox.confirmTask("2"),
    () => sandbox.confirmTask("1"),
  );
  expect(printed).toEqual([
    "number       nickname  status",
    `14155550100  Kaleyra   pending: ${task("1")}`,
    `14155550101  Kaleyra   pending: ${task("2")}`,
    "14155550101 Kaleyra: active",
    "14155550100 Kaleyra: active",
    "Nothing waits: all is active. `pulumi refresh` brings it into the state.",
  ]);
  expect(code).toBe(0);
});

test("0 at once where nothing waits", async () => {
  expect(await waited(await stack(0), 600)).toBe(0);
  expect(printed).toEqual(["Nothing waits."]);
});

test("1: a refusal with its reason, once the others are done, and no secret in it", async () => {
  const code = await waited(
    await stack(2),
    600,
    () => sandbox.refuseTask("1", `Wrong: ${CANARIES.sid}`),
    () => sandbox.confirmTask("2"),
  );
  expect(printed.slice(3)).toEqual([
    `14155550100 Kaleyra: refused: Wrong: [redacted] (${task("1")})`,
    "14155550101 Kaleyra: active",
    "1 refused. Correct what the reason names, then run `pulumi up`.",
  ]);
  expect(code).toBe(1);
});

test("3: the time is over; with 0 it looks once", async () => {
  const driver = await stack(1);
  expect(await waited(driver, 0)).toBe(3);
  expect(printed.at(-1)).toBe("1 still waiting.");
  expect(await waited(driver, 125)).toBe(3);
  expect(printed.filter((line) => line.startsWith("still"))).toEqual([
    "still waiting for 1 after 60 s",
    "still waiting for 1 after 120 s",
  ]);
});

test("a delete of the stack is waited for, though no state names it, and so is its refusal", async () => {
  for (const [refused, code] of [
    [false, 0],
    [true, 1],
  ] as const) {
    sandbox.reset();
    printed = [];
    const driver = await stack(1);
    sandbox.confirmTask("1");
    await driver.destroy();
    const event = () => (refused ? sandbox.refuseTask("2", "In use") : sandbox.confirmTask("2"));
    expect(await waited(driver, 600, event)).toBe(code);
    expect(printed[1]).toContain(`deleting: ${task("2")}`);
    expect(printed[2]).toContain(refused ? "refused: In use" : "deleted");
  }
});

test("2: what the state names is not there, before or while it waits", async () => {
  const driver = await stack(2);
  const [first, second] = driver.resources.map(({ id }) => id) as [string, string];
  sandbox.deleteProvider(first);
  expect(await waited(driver, 600, () => sandbox.deleteProvider(second))).toBe(2);
  expect(complained).toEqual(
    [first, second].map((id) => `${id} is in the state and not at the API: run \`pulumi refresh\``),
  );
  expect(printed.at(-1)).toBe("14155550101 Kaleyra: gone");
});

test("a server that is away for a moment ends no wait; one that is away at the end, or refuses, is an error", async () => {
  const driver = await stack(1);
  const away = () => sandbox.fault({ kind: "status", status: 503, count: 1 });
  expect(await waited(driver, 600, away, () => sandbox.confirmTask("1"))).toBe(0);
  sandbox.reset();
  const other = await stack(1);
  await expect(waited(other, 5, away)).rejects.toThrow("[unavailable");
  const forbidden = () => sandbox.fault({ kind: "status", status: 403, count: 1 });
  await expect(waited(other, 600, forbidden)).rejects.toThrow("[forbidden");
});

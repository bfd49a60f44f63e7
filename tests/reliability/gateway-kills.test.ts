import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { LogLine } from "../../contract/gateway-log";
import { COMMAND, setDefaults } from "../../gateway/accounts";
import { openGateway } from "../../gateway/gateway";
import { verifyLog } from "../../gateway/log";
import { startSandbox } from "../../sandbox";
import { addCheapOperators, loggedIn, type Visitor } from "../gateway/pages/support";
import {
  ACCOUNT,
  addCheapAccount,
  type Client,
  clientOf,
  DEFAULTS,
  MEERA,
  withFolder,
} from "../gateway/support";
import { amount, counted } from "./figures";
import { generator } from "./generator";

/** The gateway as a process of its own, ended by SIGKILL in the middle of what a program or a person does, and started again. */

const MAIN = resolve(__dirname, "../../dist/cli/main.js");
const KILLS = amount(10, 100, "CLEVERTAP_TEST_KILLS");
const SEED = Number(process.env.CLEVERTAP_TEST_SEED ?? 1);
/** A request takes some milliseconds: the kill falls before, within or after it. */
const LATEST_KILL_MS = 30;
/** What is done in the life of a provider, one after the other. */
const STEPS = ["create", "take", "save", "change", "take", "save", "delete", "take", "save"] as const;

/** A gateway that can be killed and started again under the same address. */
class Process {
  url = "";
  #child: ChildProcess | undefined;

  constructor(readonly dataDir: string) {}

  async start(): Promise<void> {
    const { GATEWAY_KEY, ...env } = process.env;
    const child = spawn(process.execPath, [MAIN, "gateway", "--data-dir", this.dataDir], {
      env,
      stdio: ["ignore", "pipe", "inherit"],
    });
    this.#child = child;
    let printed = "";
    while (!printed.includes("\n")) printed += String((await once(child.stdout, "data"))[0]);
    this.url = /http:\S+/.exec(printed)?.[0] ?? "";
  }

  async kill(): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGKILL");
    await once(child, "exit");
  }
}

/** One provider's life. @param strike ends the gateway in the middle of that step */
async function live(
  { client, person, number, gateway }: { client: Client; person: Visitor; number: string; gateway: Process },
  strike: { readonly step: number; readonly afterMs: number },
): Promise<void> {
  const { good, get } = client;
  const body = (nickname: string) => good({ mobileNumber: number, nickname });
  const key = randomUUID();
  let id = "";
  let task = "";

  /** Does it. Where the gateway goes away meanwhile: looks whether it was done, and does it again where it was not. */
  async function step(index: number, act: () => Promise<void>, isDone: () => Promise<boolean>) {
    if (index !== strike.step) return act();
    const acting = act().catch(() => undefined);
    await pause(strike.afterMs);
    await gateway.kill();
    await acting;
    await gateway.start();
    if (!(await isDone())) await act();
  }
  const read = async () => (await get(id)).body;
  const never = async () => false;
  async function press(action: string): Promise<void> {
    const { status, text } = await person.post(`/tasks/${task}/${action}`, {}, { from: `/tasks/${task}` });
    if (status !== 303) throw new Error(`${action} of task ${task}: ${status} ${text.slice(-600)}`);
  }
  const current = async () => {
    task = (await read()).task.id;
  };
  const isTaken = async () => (await read()).task?.state === "taken";

  await step(
    0,
    async () => {
      // The same key: what was made already is not made again.
      const made = await client.post(body("One"), { headers: { "idempotency-key": key } });
      expect([number, made.status, made.body.detail]).toEqual([number, 201, undefined]);
      id = made.body.id;
    },
    never,
  );
  await current();
  await step(1, () => press("take"), isTaken);
  await step(
    2,
    () => press("save"),
    async () => (await read()).status === "active",
  );
  const { revision } = await read();
  await step(
    3,
    async () => expect((await client.put(id, revision, body("Two"))).status).toBe(200),
    async () => (await read()).nickname === "Two",
  );
  await current();
  await step(4, () => press("take"), isTaken);
  await step(
    5,
    () => press("save"),
    async () => (await read()).status === "active",
  );
  expect(await read()).toMatchObject({ nickname: "Two", revision: revision + 1 });
  await step(
    6,
    async () => expect((await client.remove(id)).status).toBe(202),
    async () => (await read()).status === "deleting",
  );
  await current();
  await step(7, () => press("take"), isTaken);
  await step(
    8,
    () => press("save"),
    async () => (await get(id)).status === 404,
  );
  expect((await get(id)).status).toBe(404);
}

/** Each number has had its three tasks, each opened, taken and confirmed once, whatever was killed. */
function expectWholeLog(dataDir: string, lives: number): void {
  const gateway = openGateway({ dataDir });
  try {
    expect(verifyLog(gateway).fault).toBeUndefined();
    const lines = gateway.database.all<LogLine>("SELECT document FROM log ORDER BY seq");
    for (const action of ["open", "take", "save"]) {
      const tasks = lines.filter((line) => line.action === action).map((line) => line.task);
      expect([action, tasks.length, new Set(tasks).size]).toEqual([action, lives * 3, lives * 3]);
    }
    expect(gateway.database.rows("SELECT n FROM task WHERE state <> 'confirmed'")).toEqual([]);
    for (const table of ["provider", "attested", "sealed"])
      expect([table, gateway.database.rows(`SELECT * FROM ${table}`)]).toEqual([table, []]);
  } finally {
    gateway.close();
  }
}

async function prepare(dataDir: string): Promise<Process> {
  const gateway = openGateway({ dataDir });
  addCheapAccount(gateway);
  setDefaults(gateway, ACCOUNT.id, DEFAULTS, COMMAND);
  addCheapOperators(gateway);
  gateway.close();
  const running = new Process(dataDir);
  await running.start();
  return running;
}

test(
  `${KILLS} kills of the gateway (seed ${SEED}): no task lost, none twice, none confirmed twice`,
  () =>
    withFolder(async (dataDir) => {
      const sandbox = await startSandbox();
      const gateway = await prepare(dataDir);
      try {
        const draw = generator(SEED);
        const client = clientOf(gateway.url, sandbox);
        const person = await loggedIn(gateway.url, MEERA);
        await counted("kills of the gateway", async (attempt) => {
          for (let i = 0; i < KILLS; i += 1) {
            const strike = { step: draw(STEPS.length), afterMs: draw(LATEST_KILL_MS) };
            const number = String(14155550100 + (i % 90));
            await attempt(() => live({ client, person, number, gateway }, strike));
          }
        });
        await gateway.kill();
        expectWholeLog(dataDir, KILLS);
      } finally {
        await gateway.kill();
        await sandbox.close();
      }
    }),
  20 * 60_000,
);

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { COMMAND, setDefaults } from "../../gateway/accounts";
import { openGateway } from "../../gateway/gateway";
import { verifyLog } from "../../gateway/log";
import { exportLog } from "../../gateway/model/views";
import { addOperator } from "../../gateway/operators";
import { endPoint } from "../gateway/in-process";
import { PASSWORD, type Visitor, visitorOf } from "../gateway/pages/support";
import { ACCOUNT, ADMIN, addCheapAccount, DEFAULTS, MEERA, withFolder } from "../gateway/support";
import { amount, counted } from "./figures";
import { generator } from "./generator";

/**
 * The gateway's process killed at any moment, with nothing tidied up, while programs and people use it: no task is lost, none
 * is there twice, none is confirmed twice.
 */

const KILLS = amount(8, 100, "CLEVERTAP_TEST_GATEWAY_KILLS");
const SEED = Number(process.env.CLEVERTAP_TEST_SEED ?? 6);
const MAIN = resolve(__dirname, "../../dist/cli/main.js");
const PROVIDERS = "/v1/whatsapp/providers";

/** A gateway in a process of its own, started again under the same address after each kill. */
class Victim {
  url = "";
  private child: ChildProcess | undefined;

  constructor(readonly folder: string) {}

  async start(): Promise<void> {
    const args = [MAIN, "gateway", "--data-dir", this.folder];
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
    this.child = child;
    const [line] = await once(createInterface({ input: child.stdout }), "line");
    this.url = /^The gateway runs at (\S+)$/.exec(String(line))?.[1] ?? "";
    expect(this.url).not.toBe("");
  }

  async kill(): Promise<void> {
    const { child } = this;
    if (!child) return;
    const gone = once(child, "exit");
    child.kill("SIGKILL");
    await gone;
  }

  /** Sends something, kills the process meanwhile, starts it again and sends it again. @returns the last answer */
  async struck<T>(send: () => Promise<T>, delayMs: number): Promise<{ first?: T; last: T }> {
    // The kill cuts the connection, unless the answer was faster.
    const sent = send().catch(() => undefined);
    await sleep(delayMs);
    await this.kill();
    const first = await sent;
    await this.start();
    return { first, last: await send() };
  }
}

interface Expected {
  readonly id: string;
  readonly number: string;
  nickname: string;
  revision: number;
  going: boolean;
}

async function struckRun(
  folder: string,
  address: string,
  attempt: <T>(work: () => Promise<T>) => Promise<T>,
) {
  const gateway = openGateway({ dataDir: folder });
  addCheapAccount(gateway);
  setDefaults(gateway, ACCOUNT.id, DEFAULTS, COMMAND);
  addOperator(gateway, MEERA.name, "operator", PASSWORD, COMMAND);
  gateway.close();
  const victim = new Victim(folder);
  const draw = generator(SEED);
  const expected: Expected[] = [];
  let made = 0;
  await victim.start();
  try {
    const { url } = victim;
    const meera = visitorOf(url);
    const fields = { name: MEERA.name, password: PASSWORD };
    expect((await meera.post("/login", fields, { from: "/login" })).status).toBe(303);

    const call = async (method: string, path: string, body?: unknown, more: Record<string, string> = {}) => {
      const answer = await fetch(url + path, {
        method,
        headers: {
          "x-clevertap-account-id": ACCOUNT.id,
          "x-clevertap-passcode": ACCOUNT.passcode,
          "content-type": "application/json",
          ...more,
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const text = await answer.text();
      return { status: answer.status, body: text === "" ? undefined : JSON.parse(text) };
    };
    const bodyOf = (number: string, nickname: string) => ({
      provider: "generic",
      nickname,
      mobileNumber: number,
      httpEndpoint: address,
      headers: [
        { key: "api-key", value: "A0123456789abcdef0123456789abcdef" },
        { key: "sid", value: "HXIN1234567890IN" },
      ],
    });
    const list = async () => (await call("GET", `${PROVIDERS}?pageSize=100`)).body.items;

    const create = async (delay: number) => {
      const number = `1415555${String(100 + made).padStart(4, "0")}`;
      made += 1;
      const headers = { "idempotency-key": `create ${made}` };
      const send = () => call("POST", PROVIDERS, bodyOf(number, "Kaleyra"), headers);
      const { first, last } = await victim.struck(send, delay);
      expect(last.status).toBe(201);
      if (first?.status === 201) expect(first.body.id).toBe(last.body.id);
      expected.push({ id: last.body.id, number, nickname: "Kaleyra", revision: 1, going: false });
    };
    const change = async (one: Expected, delay: number) => {
      const nickname = `Kaleyra ${draw(1000)}`;
      const send = () =>
        call("PUT", `${PROVIDERS}/${one.id}`, bodyOf(one.number, nickname), {
          "if-match": `"${one.revision}"`,
        });
      const { last } = await victim.struck(send, delay);
      // Done before the kill, or done now.
      expect([200, 412]).toContain(last.status);
      if (one.nickname !== nickname) one.revision += 1;
      Object.assign(one, { nickname, going: false });
    };
    const remove = async (one: Expected, delay: number) => {
      const { last } = await victim.struck(() => call("DELETE", `${PROVIDERS}/${one.id}`), delay);
      expect([202, 204, 404]).toContain(last.status);
      if (last.status === 202) one.going = true;
      else expected.splice(expected.indexOf(one), 1);
    };
    /** @returns whether the form was taken now or before the kill */
    const press = async (n: string, button: string, delay: number, more: Record<string, string> = {}) => {
      const send = () => meera.post(`/tasks/${n}/${button}`, more, { from: `/tasks/${n}` });
      const { last } = await victim.struck(send, delay);
      expect([303, 409]).toContain(last.status);
    };

    for (let n = 0; n < KILLS; n++)
      await attempt(async () => {
        const delay = draw(3) === 0 ? 60 : draw(25);
        const one = expected[draw(Math.max(1, expected.length))];
        const task = one && (await call("GET", `${PROVIDERS}/${one.id}`)).body.task;
        const what = draw(8);
        if (!one || what === 0) await create(delay);
        else if (what === 1) await change(one, delay);
        else if (what === 2) await remove(one, delay);
        else if (task?.state === "open") await press(task.id, "take", delay);
        else if (task?.state === "taken") {
          await press(task.id, "save", delay);
          if (task.kind === "delete" && one.going) expected.splice(expected.indexOf(one), 1);
        } else await change(one, delay);
        const items: Record<string, unknown>[] = await list();
        const seen = items.map(({ id, nickname, revision, status }) => ({
          id,
          nickname,
          revision,
          going: status === "deleting",
        }));
        const wanted = expected.map(({ number, ...rest }) => rest);
        expect(seen).toEqual(wanted.map((one) => ({ ...one })));
      });

    await drain(meera);
    const left: { id: string; status: string }[] = await list();
    expect(left.map(({ id, status }) => [id, status])).toEqual(
      expected.filter(({ going }) => !going).map(({ id }) => [id, "active"]),
    );
  } finally {
    await victim.kill();
  }
  const after = openGateway({ dataDir: folder });
  expect(verifyLog(after).fault).toBeUndefined();
  const lines = exportLog(after, ADMIN);
  const saves = lines.filter(({ action }) => action === "save").map(({ task }) => task);
  expect(new Set(saves).size).toBe(saves.length);
  const creates = lines.filter(({ action }) => action === "create").map(({ provider }) => provider);
  expect(new Set(creates).size).toBe(made);
  expect(after.database.rows("SELECT * FROM sealed")).toEqual([]);
  after.close();
}

/** Meera does what is left: of two tasks of a number the taken one first, whatever the list's order. */
async function drain(meera: Visitor): Promise<void> {
  for (let rounds = 0; rounds < 20; rounds++) {
    const { text } = await meera.get("/tasks");
    const tasks = new Set([...text.matchAll(/href="\/tasks\/(\d+)"/g)].map(([, n]) => n));
    if (tasks.size === 0) return;
    for (const n of tasks)
      for (const button of ["take", "save"])
        await meera.post(`/tasks/${n}/${button}`, {}, { from: `/tasks/${n}` });
  }
}

test(`killed ${KILLS} times at seeded moments`, async () => {
  const { url, close } = await endPoint();
  try {
    await counted("kills of the gateway", (attempt) =>
      withFolder((folder) => struckRun(folder, url, attempt)),
    );
  } finally {
    close();
  }
}, 3_600_000);

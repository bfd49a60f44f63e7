import fc from "fast-check";
import { COMMAND, setDefaults } from "../../gateway/accounts";
import { type Gateway, openGateway } from "../../gateway/gateway";
import { verifyLog } from "../../gateway/log";
import { exportLog, listTasks, providerView, taskView } from "../../gateway/model/views";
import {
  askForLook,
  confirmTask,
  differLook,
  matchLook,
  missLook,
  refuseTask,
  releaseTask,
  revealSecret,
  takeTask,
} from "../../gateway/model/work";
import { apiOf, endPoint, type InProcess } from "../gateway/in-process";
import { ACCOUNT, ADMIN, addCheapAccount, DEFAULTS, MEERA, withFolder } from "../gateway/support";
import { amount, report } from "./figures";

/**
 * Random sequences of what programs and people do, against a model that knows nothing of the merge rules: it keeps what was
 * declared and what a dashboard holds that somebody fills in by following each task to the letter.
 */

const SEQUENCES = amount(60, 3_000, "CLEVERTAP_TEST_GATEWAY_SEQUENCES");
const SEED = Number(process.env.CLEVERTAP_TEST_SEED ?? 6);
const NUMBERS = ["14155550100", "14155550101"];

/** The form with its secrets in clear. */
interface Form {
  readonly nickname: string;
  readonly apiKey: string;
  /** Undefined: the header is not there. */
  readonly team?: string;
  readonly isDefault: boolean;
}

interface Modelled {
  readonly id: string;
  readonly number: string;
  form: Form;
  mark: string;
  revision: number;
  going: boolean;
  refused: boolean;
}

type Step = { readonly op: string; readonly pick: number; readonly value: number };

const OPS = [
  ...["post", "post", "put", "put", "put", "mark", "same", "delete"],
  ...[
    "do",
    "do",
    "do",
    "do",
    "take",
    "take",
    "take",
    "save",
    "save",
    "refuse",
    "refuse",
    "refuse",
    "release",
  ],
  ...["look", "matches", "differs", "missing", "reopen", "crash"],
];

const steps = fc.array(fc.record({ op: fc.constantFrom(...OPS), pick: fc.nat(5), value: fc.nat(11) }), {
  minLength: 5,
  maxLength: 40,
  size: "max",
});

class World {
  readonly live: Modelled[] = [];
  readonly dashboard = new Map<string, Form>();
  gateway: Gateway;
  api: InProcess;

  constructor(
    readonly folder: string,
    readonly endPointUrl: string,
  ) {
    this.gateway = this.opened();
    addCheapAccount(this.gateway);
    setDefaults(this.gateway, ACCOUNT.id, DEFAULTS, COMMAND);
    this.api = apiOf(this.gateway);
  }

  reopen(): void {
    this.gateway.close();
    this.gateway = this.opened();
    this.api = apiOf(this.gateway);
  }

  private opened(): Gateway {
    const gateway = openGateway({ dataDir: this.folder });
    // No power fails here, and waiting for the disk is most of the time of a sequence.
    gateway.database.run("PRAGMA synchronous = OFF");
    return gateway;
  }

  body(number: string, form: Form, mark: string, omitKey = false) {
    const headers = [
      { key: "api-key", secret: true, ...(!omitKey && { value: form.apiKey }) },
      { key: "sid", secret: true, value: "HXIN1234567890IN" },
      { key: "kaleyra-host", value: "https://api.kaleyra.io/" },
      ...(form.team === undefined ? [] : [{ key: "x-team", value: form.team }]),
    ];
    const { nickname, isDefault: markAsDefault } = form;
    const httpEndpoint = this.endPointUrl;
    return {
      provider: "generic",
      nickname,
      mobileNumber: number,
      httpEndpoint,
      headers,
      markAsDefault,
      externalReference: mark,
    };
  }

  newest(number: string): Modelled | undefined {
    return this.live.filter((one) => one.number === number).at(-1);
  }

  demoteOthers(id: string): void {
    for (const other of this.live)
      if (other.id !== id && other.form.isDefault) {
        other.form = { ...other.form, isDefault: false };
        other.revision += 1;
      }
  }

  tasks() {
    return listTasks(this.gateway, { most: 100 });
  }

  /** What a person types who follows the task. */
  followed(n: number): Form | undefined {
    const { task, fields } = taskView(this.gateway, n);
    if (task.kind === "delete") return undefined;
    const there = this.dashboard.get(task.number);
    const of = (name: string) => fields.find((field) => field.name === name);
    const key = of("header:api-key");
    const apiKey = key?.isKept ? revealSecret(this.gateway, n, "api-key", MEERA) : there?.apiKey;
    if (apiKey === undefined) throw new Error(`task ${n} says to leave a key unchanged that is not there`);
    const team = of("header:x-team");
    return {
      nickname: String(of("nickname")?.value),
      apiKey,
      ...(team && !team.isRemoved && { team: String(team.value) }),
      isDefault: of("isDefault")?.value === true || there?.isDefault === true,
    };
  }

  save(number: string, form: Form): void {
    if (form.isDefault)
      for (const [other, there] of this.dashboard) this.dashboard.set(other, { ...there, isDefault: false });
    this.dashboard.set(number, form);
  }
}

/** The dashboard needs no change for this: a default that moved away is none. */
function isThere(form: Form, there: Form | undefined): boolean {
  return (
    there !== undefined &&
    form.nickname === there.nickname &&
    form.apiKey === there.apiKey &&
    form.team === there.team &&
    (!form.isDefault || there.isDefault)
  );
}

function formOf(value: number): Form {
  const apiKey = `A${String(value % 2).repeat(32)}`;
  return {
    nickname: `Kaleyra ${value < 4}`,
    apiKey,
    ...(value === 11 && { team: "team" }),
    isDefault: value % 3 === 0,
  };
}

async function act(world: World, { op, pick, value }: Step): Promise<void> {
  const { api, live, dashboard } = world;
  const chosen = live[pick % Math.max(1, live.length)];
  const number = NUMBERS[pick % NUMBERS.length] as string;
  const ofState = (state: string, looks: boolean) =>
    world.tasks().filter((task) => task.state === state && (task.kind === "look") === looks);
  const taken = ofState("taken", false);
  const takenLooks = ofState("taken", true);
  const pickOf = <T>(list: readonly T[]) => list[pick % Math.max(1, list.length)];

  if (op === "post") {
    const form = formOf(value);
    const holder = world.newest(number);
    const { status, body } = await api.post(world.body(number, form, `mark-${value}`));
    if (holder && !holder.going) {
      expect([status, body.conflict?.id]).toEqual([409, holder.id]);
      return;
    }
    expect(status).toBe(201);
    const isTakenDelete = taken.some(
      (task) => task.number === number && task.kind === "delete" && task.provider === holder?.id,
    );
    if (holder && !isTakenDelete) live.splice(live.indexOf(holder), 1);
    live.push({
      id: body.id,
      number,
      form,
      mark: `mark-${value}`,
      revision: 1,
      going: false,
      refused: false,
    });
    if (form.isDefault) world.demoteOthers(body.id);
    return;
  }
  if (["put", "mark", "same"].includes(op) && chosen) {
    const changed = op === "put" ? formOf(value) : chosen.form;
    const omitKey = value % 4 === 1;
    const form = {
      ...changed,
      apiKey: omitKey ? chosen.form.apiKey : changed.apiKey,
      isDefault: changed.isDefault || chosen.form.isDefault,
    };
    const mark = op === "mark" ? `mark-${value + 100}` : chosen.mark;
    const { status, body } = await api.put(
      chosen.id,
      chosen.revision,
      world.body(chosen.number, form, mark, omitKey),
    );
    const newest = world.newest(chosen.number);
    if (newest !== chosen) {
      expect([status, body.conflict?.id]).toEqual([409, newest?.id]);
      return;
    }
    // Without the value it can be refused, where a person would need it and nobody has it: then nothing changes.
    if (status === 422) {
      expect([omitKey, body.errors]).toEqual([true, [expect.objectContaining({ key: "api-key" })]]);
      return;
    }
    expect(status).toBe(200);
    const isEqual = JSON.stringify(form) === JSON.stringify(chosen.form);
    const isMarkAlone = isEqual && mark !== chosen.mark && !chosen.going;
    if (!isEqual || mark !== chosen.mark) chosen.revision += 1;
    if (!isMarkAlone) Object.assign(chosen, { refused: false, going: false });
    Object.assign(chosen, { form, mark });
    if (form.isDefault) world.demoteOthers(chosen.id);
    return;
  }
  if (op === "delete" && chosen) {
    const { status, body } = await api.remove(chosen.id);
    const isNewerThanOne = live.some((one) => one.number === chosen.number && one !== chosen && one.going);
    const isUntouched = !dashboard.has(chosen.number) && !taken.some((task) => task.number === chosen.number);
    if (!chosen.going && (isUntouched || (isNewerThanOne && world.newest(chosen.number) === chosen))) {
      expect(status).toBe(204);
      live.splice(live.indexOf(chosen), 1);
      return;
    }
    expect([status, body.status]).toEqual([202, "deleting"]);
    Object.assign(chosen, { going: true, refused: false });
    return;
  }
  if (op === "do") {
    await act(world, { op: "take", pick, value });
    await check(world);
    await act(world, { op: "save", pick, value });
    return;
  }
  if (op === "take") {
    const open = pickOf(world.tasks().filter((task) => task.state === "open"));
    if (!open) return;
    const isBehind = world.tasks().some((task) => task.state === "taken" && task.number === open.number);
    if (isBehind) expect(() => takeTask(world.gateway, open.n, MEERA)).toThrow("waits behind");
    else takeTask(world.gateway, open.n, MEERA);
    return;
  }
  const task = pickOf(taken);
  if (op === "save" && task) {
    const form = world.followed(task.n);
    const provider = live.find((one) => one.id === task.provider);
    confirmTask(world.gateway, task.n, MEERA);
    expect(() => confirmTask(world.gateway, task.n, MEERA)).toThrow("already");
    if (form) world.save(task.number, form);
    else dashboard.delete(task.number);
    if (!form && provider?.going) live.splice(live.indexOf(provider), 1);
    if (form && provider && isThere(provider.form, form)) provider.refused = false;
    return;
  }
  if (op === "refuse" && task) {
    const form = world.followed(task.n);
    const provider = live.find((one) => one.id === task.provider);
    refuseTask(world.gateway, task.n, MEERA, "Not today.");
    dropUnlessTaken(world, task.number);
    if (!provider || !live.includes(provider)) return;
    if (form && provider.going && !dashboard.has(task.number)) live.splice(live.indexOf(provider), 1);
    else if (form && !provider.going && isThere(provider.form, form)) provider.refused = true;
    else if (!form && provider.going) {
      provider.going = false;
      const there = dashboard.get(task.number) as Form;
      if (isThere(provider.form, there)) return;
      provider.form = there;
      provider.revision += 1;
    }
    return;
  }
  if (op === "release" && task) {
    releaseTask(world.gateway, task.n, ADMIN);
    dropUnlessTaken(world, task.number);
    const provider = world.newest(task.number);
    if (provider?.going && !dashboard.has(task.number)) live.splice(live.indexOf(provider), 1);
    return;
  }
  if (op === "look" && chosen) {
    const isIdle = !world.tasks().some((one) => one.number === chosen.number);
    const canLook = isIdle && dashboard.has(chosen.number) && !chosen.going && !chosen.refused;
    if (canLook) askForLook(world.gateway, chosen.id, MEERA);
    else expect(() => askForLook(world.gateway, chosen.id, MEERA)).toThrow();
    return;
  }
  const look = pickOf(takenLooks);
  if (look && ["matches", "differs", "missing"].includes(op)) {
    const there = dashboard.get(look.number) as Form;
    const provider = live.find((one) => one.id === look.provider);
    const isAsDeclared = provider !== undefined && !provider.going && isThere(provider.form, there);
    if (op === "matches") matchLook(world.gateway, look.n, MEERA);
    if (op === "missing") {
      missLook(world.gateway, look.n, MEERA);
      dashboard.delete(look.number);
      const isGone = isAsDeclared || provider?.going;
      if (provider && isGone) live.splice(live.indexOf(provider), 1);
      // What is declared has to be added now: where nobody has the key any more, the program is told.
      else if (provider) provider.refused = providerView(world.gateway, provider.id)?.status === "refused";
      if (provider?.refused)
        expect(
          world.gateway.database.rows(
            "SELECT * FROM sealed WHERE header = 'api-key' AND number = ?",
            look.number,
          ),
        ).toEqual([]);
    }
    if (op === "differs") {
      const { team, ...others } = there;
      const nickname = `By hand ${value}`;
      const form = { ...others, nickname, ...(team === undefined && { team: "by-hand" }) };
      differLook(world.gateway, look.n, MEERA, {
        nickname,
        "header:x-team": team === undefined ? "by-hand" : "",
      });
      world.save(look.number, form);
      if (provider && isAsDeclared) {
        provider.form = { ...form, isDefault: there.isDefault };
        provider.revision += 1;
        if (form.isDefault) world.demoteOthers(provider.id);
      }
    }
    return;
  }
  if (op === "reopen") world.reopen();
  if (op === "crash") await crash(world, value);
}

/** One of two providers of a number stays only while its delete is taken. */
function dropUnlessTaken(world: World, number: string): void {
  const newest = world.newest(number);
  for (const one of [...world.live])
    if (one.number === number && one !== newest) world.live.splice(world.live.indexOf(one), 1);
}

/** A change that dies between two statements has not happened. */
async function crash(world: World, after: number): Promise<void> {
  const before = JSON.stringify([await world.api.list(), world.tasks(), verifyLog(world.gateway)]);
  const { database } = world.gateway;
  let left = after % 6;
  const dying = {
    ...database,
    run: (...args: Parameters<typeof database.run>) => {
      if (left-- === 0) throw new Error("killed");
      database.run(...args);
    },
  };
  const gateway = { ...world.gateway, database: dying };
  const [task] = world.tasks();
  const provider = world.live[0];
  const attempt = () => {
    if (task?.state === "taken" && task.kind !== "look") confirmTask(gateway, task.n, MEERA);
    else if (task?.state === "open") takeTask(gateway, task.n, MEERA);
    else if (provider) askForLook(gateway, provider.id, MEERA);
    else throw new Error("killed");
    throw new Error("killed too late");
  };
  try {
    // What was not reached by the kill is taken back here: the next step starts from the same place.
    world.gateway.database.atOnce(attempt);
  } catch {
    world.reopen();
  }
  expect(JSON.stringify([await world.api.list(), world.tasks(), verifyLog(world.gateway)])).toBe(before);
}

async function check(world: World): Promise<void> {
  checkTaken(world);
  const tasks = world.tasks();
  for (const number of NUMBERS)
    for (const state of ["open", "taken"]) {
      const here = tasks.filter((task) => task.number === number && task.state === state);
      expect(here.length).toBeLessThanOrEqual(1);
    }
  const { body } = await world.api.list();
  expect(body.items.map((item: { id: string }) => item.id)).toEqual(world.live.map(({ id }) => id));
  for (const one of world.live) {
    const item = body.items.find((other: { id: string }) => other.id === one.id);
    expect([item.nickname, item.externalReference, item.isDefault, item.revision]).toEqual([
      one.form.nickname,
      one.mark,
      one.form.isDefault,
      one.revision,
    ]);
    const mine = tasks.filter((task) => task.number === one.number && task.kind !== "look");
    const status = one.going ? "deleting" : one.refused ? "refused" : mine.length > 0 ? "pending" : "active";
    expect(item.status).toBe(status);
    // Said to be there: it is there, to the last character of its key.
    if (status === "active") expect(isThere(one.form, world.dashboard.get(one.number))).toBe(true);
    if (status === "pending") expect(item.task).toBeDefined();
  }
  for (const task of tasks.filter(({ state, kind }) => state === "open" && kind !== "look")) {
    const asking = world.live.find(({ id }) => id === task.provider);
    expect(asking).toBeDefined();
    const isBeingDeleted = tasks.some(
      (other) => other.number === task.number && other.state === "taken" && other.kind === "delete",
    );
    const isAdd = isBeingDeleted || !world.dashboard.has(task.number);
    expect(task.kind).toBe(asking?.going ? "delete" : isAdd ? "add" : "edit");
    // What is waiting asks for what is declared; a key that only a digest is left of can't be asked for.
    if (
      asking &&
      task.kind !== "delete" &&
      !tasks.some((other) => other.state === "taken" && other.number === task.number)
    )
      expect(isThere(asking.form, world.followed(task.n))).toBe(true);
  }
}

/** Where nothing waits, what somebody is doing leads to what is declared. */
function checkTaken(world: World): void {
  for (const task of world.tasks()) {
    const one = world.newest(task.number);
    const isWaiting = world.tasks().some((other) => other.number === task.number && other.state === "open");
    if (task.state !== "taken" || task.kind === "look" || isWaiting || !one || one.refused) continue;
    if (one.going) expect(task.kind).toBe("delete");
    else expect(isThere(one.form, world.followed(task.n))).toBe(true);
  }
}

/** People do everything that is asked: then everything is there that is declared, and nothing else is asked. */
async function drain(world: World): Promise<void> {
  for (let rounds = 0; world.tasks().length > 0; rounds++) {
    expect(rounds).toBeLessThan(20);
    for (const task of world.tasks()) {
      const op = task.kind === "look" ? "matches" : "save";
      const isBehind = world
        .tasks()
        .some((other) => other.state === "taken" && other.number === task.number && other.n !== task.n);
      if (isBehind || !world.tasks().some(({ n }) => n === task.n)) continue;
      if (task.state === "open") takeTask(world.gateway, task.n, MEERA);
      const list = world
        .tasks()
        .filter((one) => one.state === "taken" && (one.kind === "look") === (op === "matches"));
      await act(world, { op, pick: list.findIndex(({ n }) => n === task.n), value: 0 });
      await check(world);
    }
  }
  for (const one of world.live)
    expect(providerView(world.gateway, one.id)?.status).toBe(one.refused ? "refused" : "active");
  const numbers = world.live.filter(({ number }) => world.dashboard.has(number)).map(({ number }) => number);
  expect(new Set(world.dashboard.keys())).toEqual(new Set(numbers));
  expect(world.gateway.database.rows("SELECT * FROM sealed")).toEqual([]);
  expect(verifyLog(world.gateway).fault).toBeUndefined();
  // A task ends once.
  const ends = exportLog(world.gateway, ADMIN).filter(({ action }) =>
    ["save", "matches", "differs"].includes(action),
  );
  expect(new Set(ends.map(({ task }) => task)).size).toBe(ends.length);
}

test(`${SEQUENCES} random sequences of what programs and people do`, async () => {
  const { url, close } = await endPoint();
  let passed = 0;
  try {
    const property = fc.asyncProperty(steps, (sequence) =>
      withFolder(async (folder) => {
        const world = new World(folder, url);
        try {
          for (const step of sequence) {
            await act(world, step);
            await check(world);
          }
          await drain(world);
          passed += 1;
        } finally {
          world.gateway.close();
        }
      }),
    );
    await fc.assert(property, { numRuns: SEQUENCES, seed: SEED, endOnFailure: false });
  } finally {
    close();
    report("gateway sequences", passed, SEQUENCES);
  }
}, 1_800_000);

import type { LogLine } from "../../contract/gateway-log";
import type { Gateway } from "../gateway";
import { log } from "../log";
import { type Actor, Refused, requireRole } from "../trust/roles";
import type { Attestation, Declared, KeptTask, TaskKind, TaskState } from "./documents";
import { keptSecret } from "./secrets";
import { attestationOf, providerOf, taskAt, taskOf } from "./tables";
import { differences, type Field, fieldsOf } from "./values";

/** What lists and pages show. Each list takes the same number of statements, however long it is. */

/** The four words of the contract. */
export type Status = "active" | "pending" | "refused" | "deleting";

/** A provider with everything that is said of it. */
export interface ProviderView {
  readonly provider: Declared;
  readonly status: Status;
  /** The task that leads to what is declared, or the one that was refused. Looks are no business of the program. */
  readonly task?: KeptTask;
  readonly attested?: Attestation;
  /** A look that is under way. */
  readonly look?: KeptTask;
}

const VIEW = `
  SELECT provider.document AS provider, attested.document AS attested, open.document AS open, taken.document AS taken,
    refused.document AS refused
  FROM provider
  LEFT JOIN attested ON attested.account = provider.account AND attested.number = provider.number
  LEFT JOIN task AS open ON open.account = provider.account AND open.number = provider.number AND open.state = 'open'
  LEFT JOIN task AS taken ON taken.account = provider.account AND taken.number = provider.number AND taken.state = 'taken'
  LEFT JOIN task AS refused ON refused.n = provider.document ->> '$.refusedTask'`;

/** Which providers a list shows. */
export interface ProviderFilter {
  readonly account?: string;
  readonly number?: string;
  /** Only those after this sequence number. */
  readonly after?: number;
  readonly most: number;
}

export function providerViews({ database }: Gateway, filter: ProviderFilter): ProviderView[] {
  const { account, number, after = 0, most } = filter;
  const named = [
    ...(account === undefined ? [] : [["provider.account = ?", account] as const]),
    ...(number === undefined ? [] : [["provider.number = ?", number] as const]),
  ];
  const where = [...named.map(([condition]) => condition), "seq > ?"].join(" AND ");
  const values = named.map(([, value]) => value);
  const sql = `${VIEW} WHERE ${where} ORDER BY seq LIMIT ?`;
  return database.rows(sql, ...values, after, most).map(viewOf);
}

export function providerView({ database }: Gateway, id: string): ProviderView | undefined {
  const row = database.row(`${VIEW} WHERE provider.id = ?`, id);
  return row && viewOf(row);
}

function viewOf(row: Readonly<Record<string, unknown>>): ProviderView {
  const parsed = (name: string) => (typeof row[name] === "string" ? JSON.parse(row[name]) : undefined);
  const provider: Declared = parsed("provider");
  const [open, taken]: (KeptTask | undefined)[] = [parsed("open"), parsed("taken")];
  const attested: Attestation | undefined = parsed("attested");
  const tasks = [open, taken].filter((task) => task !== undefined);
  const look = tasks.find(({ kind }) => kind === "look");
  const work = tasks.filter(({ kind }) => kind !== "look");
  const shown = (status: Status, task: KeptTask | undefined) => ({ provider, attested, look, status, task });
  // A newer provider of the number may wait for this one's delete: that task is not this one's.
  if (provider.going)
    return shown(
      "deleting",
      work.find((task) => task.provider === provider.id),
    );
  if (provider.refused) return shown("refused", parsed("refused"));
  if (work.length > 0) return shown("pending", work[0]);
  // A delete that was refused.
  return shown("active", provider.statusReason === undefined ? undefined : parsed("refused"));
}

/** Which tasks a list shows. */
export interface TaskFilter {
  /** Default: open and taken ones. */
  readonly states?: readonly TaskState[];
  readonly kind?: TaskKind;
  readonly account?: string;
  /** True: the newest first. */
  readonly newestFirst?: boolean;
  /** Only those that come after this number in the list's order. */
  readonly after?: number;
  readonly most: number;
}

/** A task of a list. */
export interface ListedTask extends KeptTask {
  /** Number of the taken task that it waits for. */
  readonly behind?: number;
}

/** Tasks by number, the oldest first, so that none waits for ever. */
export function listTasks({ database }: Gateway, filter: TaskFilter): ListedTask[] {
  const { states = ["open", "taken"], kind, account, newestFirst = false, after, most } = filter;
  const named = [
    ...(account === undefined ? [] : [["task.account = ?", account] as const]),
    ...(kind === undefined ? [] : [["task.document ->> '$.kind' = ?", kind] as const]),
    ...(after === undefined ? [] : [[`task.n ${newestFirst ? "<" : ">"} ?`, after] as const]),
  ];
  const inState = `task.state IN (${states.map(() => "?").join(", ")})`;
  const where = [inState, ...named.map(([condition]) => condition)].join(" AND ");
  const order = newestFirst ? "DESC" : "ASC";
  // The page first, by the index alone: only its own rows are read and looked up.
  const rows = database.rows(
    `SELECT task.document AS document, taken.n AS behind
     FROM (SELECT n FROM task WHERE ${where} ORDER BY n ${order} LIMIT ?) AS page JOIN task ON task.n = page.n
     LEFT JOIN task AS taken ON task.state = 'open' AND taken.state = 'taken'
       AND taken.account = task.account AND taken.number = task.number
     ORDER BY page.n ${order}`,
    ...states,
    ...named.map(([, value]) => value),
    most,
  );
  return rows.map(({ document, behind }) => ({
    ...JSON.parse(String(document)),
    ...(typeof behind === "number" && { behind }),
  }));
}

/** How many tasks there are in each state. */
export function countTasks({ database }: Gateway): Record<TaskState, number> {
  const counts = { open: 0, taken: 0, confirmed: 0, refused: 0, superseded: 0 };
  const rows = database.rows("SELECT state, count(*) AS many FROM task GROUP BY state");
  return { ...counts, ...Object.fromEntries(rows.map(({ state, many }) => [String(state), Number(many)])) };
}

/** One field of a task. */
export interface TaskField {
  /** As {@link Field.name}. */
  readonly name: string;
  /** What has to stand there; absent for a secret, and for a header that has to be removed. */
  readonly value?: Field["value"];
  /** What stands there now, as far as it was attested; absent for a secret. */
  readonly before?: Field["value"];
  readonly isSecret: boolean;
  /** Of a secret: true: "Reveal" shows it; false: leave it unchanged. */
  readonly isKept: boolean;
  /** Of an edit: does a person have to change it? Of an add: true. */
  readonly isChanged: boolean;
  readonly isRemoved: boolean;
}

/** A task with what its page shows. */
export interface TaskView {
  readonly task: KeptTask;
  /** As it is declared now; absent: it is not there any more. */
  readonly provider?: Declared;
  readonly attested?: Attestation;
  /** Of an open task: the taken one that it waits for. Of a taken task: the newer one that waits. */
  readonly other?: KeptTask;
  /** In the order of the form; of an edit, those that change come first. */
  readonly fields: readonly TaskField[];
}

/** @throws Refused not-found */
export function taskView(gateway: Gateway, n: number): TaskView {
  const task = taskOf(gateway, n);
  if (!task) throw new Refused("not-found", `There is no task ${n}.`);
  const isUnderWay = task.state === "open" || task.state === "taken";
  const other = isUnderWay ? taskAt(gateway, task, task.state === "open" ? "taken" : "open") : undefined;
  const provider = providerOf(gateway, task.provider);
  return { task, provider, attested: attestationOf(gateway, task), other, fields: taskFields(gateway, task) };
}

function taskFields(gateway: Gateway, task: KeptTask): TaskField[] {
  const { target, base, kind } = task;
  const before = new Map(base ? fieldsOf(base).map((field) => [field.name, field]) : []);
  const shown = fieldsOf(target ?? base ?? EMPTY);
  const names = new Set(shown.map(({ name }) => name));
  const removed = [...before.values()].filter(({ name }) => !names.has(name));
  const changed = new Set(target && base ? differences(target, base) : []);
  const fields = [
    ...shown.map((field) => [field, field] as const),
    ...removed.map((field) => [field, undefined] as const),
  ].map(([{ name, digest }, there]): TaskField => {
    const header = name.slice("header:".length);
    const isKept = digest !== undefined && keptSecret(gateway, task, header, digest) !== undefined;
    return {
      name,
      ...(there && { value: there.value }),
      before: before.get(name)?.value,
      isSecret: digest !== undefined,
      isKept,
      isChanged: kind === "add" || changed.has(name),
      isRemoved: there === undefined,
    };
  });
  return kind === "edit"
    ? [...fields.filter(({ isChanged }) => isChanged), ...fields.filter(({ isChanged }) => !isChanged)]
    : fields;
}

const EMPTY = { nickname: "", mobileNumber: "", httpEndpoint: "", headers: [], isDefault: false };

/** Which lines of the log a list shows. */
export interface LogFilter {
  readonly actor?: string;
  readonly action?: string;
  readonly task?: string;
  readonly provider?: string;
  /** Only lines before this one: the newest come first. */
  readonly before?: number;
  readonly most: number;
}

/** Lines of the log, the newest first. */
export function listLog({ database }: Gateway, filter: LogFilter): LogLine[] {
  const { before = Number.MAX_SAFE_INTEGER, most, ...members } = filter;
  const named = Object.entries(members).filter((pair): pair is [string, string] => pair[1] !== undefined);
  const where = [...named.map(([name]) => `document ->> '$.${name}' = ?`), "seq < ?"].join(" AND ");
  const values = named.map(([, value]) => value);
  const sql = `SELECT document FROM log WHERE ${where} ORDER BY seq DESC LIMIT ?`;
  return database.all(sql, ...values, before, most);
}

/** The whole log, the oldest line first, as JSON lines that others can verify. That it was exported is in it. */
export function exportLog(gateway: Gateway, actor: Actor): LogLine[] {
  requireRole(actor, "viewer");
  return gateway.database.atOnce(() => {
    log(gateway, { actor: actor.name, action: "export" });
    return gateway.database.all("SELECT document FROM log ORDER BY seq");
  });
}

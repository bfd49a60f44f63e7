import { type Change, compare, type PropertyChange } from "./compare";
import { type Confirmation, confirmations, loggedAs } from "./confirmation";
import { credentialAges, type Dated } from "./credentials";
import { AuditProblem } from "./problem";
import { type GatewayLog, readGatewayLog } from "./reading/gateway-log";
import { backendOf, type Snapshot, snapshotsBetween, snapshotsFrom } from "./reading/history";
import { stateFrom, statesFrom } from "./reading/sources";
import type { AuditState } from "./reading/state";
import type { Attribution, Report, ReportedChange, ReportedUpdate, StateSummary } from "./report";
import { isAtApi } from "./resource";
import { findingsOf, type RuleSettings, usualSettings } from "./rules";
import { masked } from "./secrets";

/** The three audits. Each only reads: no state changes, no passphrase is needed, nothing is sent. */

export interface AuditOptions {
  /** The day from which ages are counted; default: now. */
  readonly asOf?: Date;
  /** A file of the gateway's log, to join who attested what. */
  readonly gatewayLog?: string;
  /** Which rules are on; default: {@link usualSettings}. `credential-age` also says which keys a report calls old. */
  readonly rules?: RuleSettings;
  /** A file backend or a folder of exported states, to tell who made each change. */
  readonly history?: string;
}

interface Settings {
  readonly asOf: number;
  readonly log?: GatewayLog;
  readonly rules: RuleSettings;
  readonly maxDays: number;
}

const USUAL_MAX_DAYS = 90;

function settingsOf({ asOf = new Date(), gatewayLog, rules = usualSettings() }: AuditOptions): Settings {
  const maxDays = rules.get("credential-age")?.options.maxDays;
  return {
    asOf: asOf.getTime(),
    log: gatewayLog === undefined ? undefined : readGatewayLog(gatewayLog),
    rules,
    maxDays: typeof maxDays === "number" ? maxDays : USUAL_MAX_DAYS,
  };
}

/**
 * What changed between two states, who did it, how old each credential is, and what nobody has confirmed.
 *
 * @param before a file, `-` for standard input, or `REV:FILE` of a git repository
 * @throws AuditProblem
 * @example const report = await auditDiff("july.json", "october.json", { gatewayLog: "gateway-log.jsonl" });
 */
export async function auditDiff(before: string, after: string, options: AuditOptions = {}): Promise<Report> {
  const settings = settingsOf(options);
  const old = await stateFrom(before);
  const now = await stateFrom(after);
  if (old.time !== undefined && now.time !== undefined && Date.parse(old.time) > Date.parse(now.time))
    throw new AuditProblem(`${before} is newer than ${after}: name the earlier state first`);
  const kept = (
    await snapshotsBetween(before, after, { from: old.time, to: now.time }, options.history)
  ).filter((snapshot) => isBetween(snapshot, old, now));
  const steps = stepsOf(kept, old);
  const comparison = compare(old, now);
  const since = old.time === undefined ? undefined : Date.parse(old.time);
  const states = [{ state: old }, ...kept.map(dated), { state: now }];
  return {
    ...summary("diff", settings, [old, now]),
    changes: comparison.changes.map((change) => reportedChange(change, steps, settings, since)),
    unchanged: comparison.unchanged,
    folded: comparison.folded,
    ...judged([now], new Map([[now, states]]), settings),
  };
}

export interface HistoryOptions extends Omit<AuditOptions, "history"> {
  /** Only updates from this moment on; what was before is still compared with. */
  readonly since?: Date;
  /** Only this stack: `stack` or `project/stack`. */
  readonly stack?: string;
}

/**
 * Every update that was kept, with what it changed.
 *
 * @param source the folder of a file backend, a file that git knows, or a folder of exported states
 * @throws AuditProblem where nothing was kept
 */
export async function auditHistory(source: string, options: HistoryOptions = {}): Promise<Report> {
  const settings = settingsOf(options);
  const { stack: wanted, since } = options;
  const all = await snapshotsFrom(source);
  const snapshots = all.filter(
    ({ stack }) => wanted === undefined || stack === wanted || stack.endsWith(`/${wanted}`),
  );
  if (snapshots.length === 0) {
    const stacks = [...new Set(all.map(({ stack }) => stack))].map(masked).join(", ");
    throw new AuditProblem(
      all.length === 0
        ? `${source} keeps no update`
        : `${source} keeps no update of that stack. It has: ${stacks}`,
    );
  }
  const stacks = [...Map.groupBy(snapshots, ({ stack }) => stack).values()];
  const updates = stacks
    .flatMap((ofStack) =>
      stepsOf(ofStack).map((step, i, steps) => reportedUpdate(step, steps.slice(i + 1), settings)),
    )
    .filter(({ time }) => since === undefined || Date.parse(time) >= since.getTime())
    .sort((a, b) => Date.parse(a.time) - Date.parse(b.time));
  const last = stacks.map((ofStack) => ofStack.at(-1) as Snapshot).map(({ state }) => state);
  const earlier = new Map(stacks.map((ofStack, i) => [last[i] as AuditState, ofStack.map(dated)]));
  return { ...summary("history", settings, last), updates, ...judged(last, earlier, settings) };
}

/**
 * Looks for what is wrong in the present states of one or several stacks.
 *
 * @param sources files, `-`, `REV:FILE`, folders of exported states, or folders of file backends
 * @throws AuditProblem
 */
export async function auditCheck(sources: readonly string[], options: AuditOptions = {}): Promise<Report> {
  const settings = settingsOf(options);
  const states: AuditState[] = [];
  for (const source of sources) states.push(...(await statesFrom(source)));
  const earlier = new Map<AuditState, Dated[]>();
  const histories = new Map<string, Snapshot[]>();
  for (const state of states) {
    const history = options.history ?? backendOf(state.source);
    if (history === undefined) continue;
    const kept = histories.get(history) ?? (await snapshotsFrom(history));
    histories.set(history, kept);
    const own = kept.filter(
      (one) => one.stack === state.stack && !isLater(one.state.time ?? one.time, state.time),
    );
    earlier.set(state, [...own.map(dated), { state }]);
  }
  return { ...summary("check", settings, states), ...judged(states, earlier, settings) };
}

/** An exported state does not tell when its update began. */
function dated({ state, kind, time }: Snapshot): Dated {
  return kind === "state" ? { state } : { state, began: Date.parse(time) };
}

const isLater = (a: string, b: string | undefined) => b !== undefined && Date.parse(a) > Date.parse(b);

function summary(report: Report["report"], settings: Settings, states: readonly AuditState[]) {
  const { log } = settings;
  return {
    version: 1 as const,
    report,
    asOf: new Date(settings.asOf).toISOString(),
    maxDays: settings.maxDays,
    states: states.map(stateSummary),
    ...(log && {
      log: {
        source: masked(log.source),
        lines: log.lines,
        ...(log.fault !== undefined && { fault: log.fault }),
      },
    }),
    changes: [],
    updates: [],
    unchanged: 0,
    folded: 0,
  };
}

function stateSummary({ source, stack, time, resources, others, redact }: AuditState): StateSummary {
  return {
    source: masked(source),
    stack: redact(stack),
    time: time ?? "",
    resources: resources.length,
    others,
  };
}

/** Ages, confirmations and findings. @param earlier the states of the same stack that tell ages, oldest first, itself the last */
function judged(
  states: readonly AuditState[],
  earlier: ReadonlyMap<AuditState, readonly Dated[]>,
  { asOf, log, rules, maxDays }: Settings,
) {
  const ages = (state: AuditState, limit: number) =>
    credentialAges(earlier.get(state) ?? [{ state }], asOf, limit);
  const confirmed = new Map<AuditState, Confirmation[]>();
  for (const state of states) confirmed.set(state, confirmations(state, log, asOf));
  const subject = { states, log, ages, confirmations: (state: AuditState) => confirmed.get(state) ?? [] };
  return {
    credentials: states.flatMap((state) => ages(state, maxDays)),
    confirmations: [...confirmed.values()].flat(),
    findings: findingsOf(subject, rules),
  };
}

/** A snapshot with what changed since the one before. */
interface Step extends Snapshot {
  readonly changes: readonly Change[];
  readonly settings: readonly PropertyChange[];
}

/** @param first the state before the first snapshot, where it is known */
function stepsOf(snapshots: readonly Snapshot[], first?: AuditState): Step[] {
  let before = first;
  let configuration: Snapshot["configuration"];
  return snapshots.map((snapshot) => {
    const step = {
      ...snapshot,
      changes: compare(before ?? earliest(snapshot), snapshot.state).changes,
      settings: settingChanges(configuration, snapshot),
    };
    before = snapshot.state;
    configuration = snapshot.configuration ?? configuration;
    return step;
  });
}

/** The state before the first snapshot that was kept: what existed then, as far as the state tells. */
function earliest({ state, time }: Snapshot): AuditState {
  const from = Date.parse(time);
  return {
    ...state,
    resources: state.resources.filter(({ created }) => created === undefined || created < from),
  };
}

function settingChanges(
  before: Snapshot["configuration"],
  { configuration, state }: Snapshot,
): PropertyChange[] {
  if (before === undefined || configuration === undefined) return [];
  const keys = [...new Set([...before.keys(), ...configuration.keys()])].sort();
  return keys.flatMap((key) => {
    const [old, now] = [before.get(key), configuration.get(key)];
    if (old?.value === now?.value) return [];
    const text = (one: typeof old) =>
      one === undefined ? "not set" : one.isSecret ? "secret" : state.redact(one.value);
    return [
      {
        property: key,
        label: key,
        before: now?.isSecret && old?.isSecret ? "" : text(old),
        after: now?.isSecret && old?.isSecret ? "set anew" : text(now),
      },
    ];
  });
}

/** A snapshot of the same stack that is later than the one state and not later than the other. */
function isBetween({ stack, state: { time } }: Snapshot, before: AuditState, after: AuditState): boolean {
  const isSameStack = stack === after.stack || stack === before.stack;
  return isSameStack && time !== undefined && isLater(time, before.time) && !isLater(time, after.time);
}

/** Whether a change of a single update is one of those that a comparison over a longer time shows. */
function isOf(made: Change, change: Change): boolean {
  const names = ({ resource, earlier }: Change) => [resource, earlier].flatMap((name) => name ?? []);
  const isSameResource = names(made).some((a) => names(change).some((b) => a.urn === b.urn));
  if (!isSameResource) return false;
  const isSameKind = made.kinds.some((kind) => kind !== "changed" && change.kinds.includes(kind));
  return isSameKind || made.properties.some((a) => change.properties.some((b) => a.property === b.property));
}

function attribution({ time, kind, result, message, author, state: { redact } }: Snapshot): Attribution {
  const texts = Object.entries(author).map(([key, value]) => [
    key,
    typeof value === "string" ? redact(value) : value,
  ]);
  return {
    time,
    kind: redact(kind),
    result: redact(result ?? ""),
    message: redact(message ?? ""),
    author: Object.fromEntries(texts),
  };
}

/** @param later the updates after it: what the log says then is about them */
function reportedUpdate(step: Step, later: readonly Step[], settings: Settings): ReportedUpdate {
  const nextOf = ({ resource }: Change) =>
    later.find(({ changes }) => changes.some((change) => change.resource.id === resource.id));
  const changes = step.changes.map((change) => {
    const until = nextOf(change);
    return {
      ...withLog(change, settings, Date.parse(step.time), until && Date.parse(until.time)),
      by: [],
    };
  });
  return { ...attribution(step), stack: step.state.redact(step.stack), changes, settings: step.settings };
}

/** A change with the updates that made it. @param since of the earlier state; milliseconds */
function reportedChange(
  change: Change,
  steps: readonly Step[],
  settings: Settings,
  since?: number,
): ReportedChange {
  const made = steps.filter((step) => step.changes.some((one) => isOf(one, change)));
  const last = made.at(-1);
  return {
    ...withLog(change, settings, last === undefined ? since : Date.parse(last.time)),
    by: made.map(attribution),
  };
}

function withLog(
  change: Change,
  { log }: Settings,
  since?: number,
  until?: number,
): Omit<ReportedChange, "by"> {
  if (log === undefined || !isAtApi(change.resource.type)) return change;
  const { as, event } = loggedAs(log.events.get(change.resource.id) ?? [], since, until);
  const { actor, at, task } = event ?? {};
  return {
    ...change,
    logged: {
      as,
      ...(actor !== undefined && { by: masked(actor), at }),
      ...(task !== undefined && { task: masked(task) }),
    },
  };
}

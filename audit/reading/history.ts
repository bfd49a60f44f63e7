import { existsSync, readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { AuditProblem } from "../problem";
import { type Commit, commitsOf, contentAt, type Revision, revisionIn } from "./git";
import { isObject, type JsonObject, member, parsedJson, textMember, unpacked } from "./json";
import { backendFolder, fileAt, isFolder, stateFilesIn } from "./sources";
import { type AuditState, readState } from "./state";

/** Every update that was kept: by a file backend, by git, or as a folder of exported states. */

/** Who made an update, as far as it was written down. */
export interface Author {
  /** Author of the git commit from which it ran, or of the commit that holds the exported state. */
  readonly name?: string;
  readonly email?: string;
  /** Commit, in full. */
  readonly commit?: string;
  /** Whether files were changed beside what was committed. */
  readonly isDirty?: boolean;
  /** Where it ran: `GitHub Actions`. */
  readonly ci?: string;
  /** Who started the run there, where the CI system says so. */
  readonly ciActor?: string;
  readonly pullRequest?: string;
  readonly build?: string;
}

/** An update, and the state that it left. */
export interface Snapshot {
  readonly stack: string;
  /** When it began, RFC 3339; of an exported state, when the engine wrote it. */
  readonly time: string;
  /** `update`, `refresh`, `destroy`, `import`…; of an exported state `state`. */
  readonly kind: string;
  readonly result?: string;
  readonly message?: string;
  readonly author: Author;
  /** The `clevertap:` configuration in clear, and of secrets their ciphertext, to be compared and never shown. */
  readonly configuration?: ReadonlyMap<string, { readonly value: string; readonly isSecret: boolean }>;
  readonly state: AuditState;
}

/**
 * Every snapshot of a source, oldest first.
 *
 * @param source a file backend (its folder, or one of its states), a file in git, or a folder of exported states
 * @param span of a file backend only what was kept in it is read: its states may be many and large
 * @throws AuditProblem where the source holds no history
 */
export async function snapshotsFrom(source: string, span: Span = {}): Promise<Snapshot[]> {
  const folder = backendOf(source) ?? (isFolder(source) ? backendFolder(source, "history") : undefined);
  if (folder !== undefined) return inOrder(await backendSnapshots(folder, span));
  if (isFolder(source)) return inOrder(stateFilesIn(source).map((file) => exportedSnapshot(file)));
  if (!existsSync(source)) throw new AuditProblem(`There is no file or folder ${source}`);
  return gitSnapshots(source);
}

/** The history folder of the file backend that a state, or that folder itself, belongs to. */
export function backendOf(file: string): string | undefined {
  const [, root] = /^(.*(?:^|[\\/])\.pulumi)[\\/](?:stacks|history)(?:[\\/]|$)/.exec(file) ?? [];
  return root === undefined ? undefined : join(root, "history");
}

function inOrder(snapshots: Snapshot[]): Snapshot[] {
  return snapshots.sort((a, b) => Date.parse(a.time) - Date.parse(b.time));
}

const RECORD = /\.history\.json(\.gz|\.zst)?$/;

/** A time; RFC 3339. */
export interface Span {
  readonly from?: string;
  readonly to?: string;
}

async function backendSnapshots(folder: string, span: Span): Promise<Snapshot[]> {
  if (!isFolder(folder)) return [];
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name) => join(folder, name));
  return files
    .filter((file) => RECORD.test(file))
    .flatMap((record) => {
      const base = record.replace(RECORD, ".checkpoint.json");
      const checkpoint = ["", ".gz", ".zst"].map((end) => base + end).find((file) => files.includes(file));
      // An update that was killed leaves a record without its checkpoint, or the other way round.
      return checkpoint === undefined ? [] : backendSnapshot(record, checkpoint, span);
    });
}

/** Reads an update that a file backend kept. @returns none where it is of another time @throws AuditProblem */
function backendSnapshot(recordFile: string, checkpointFile: string, { from, to }: Span): Snapshot[] {
  const record = parsedJson(unpacked(fileAt(recordFile), recordFile), recordFile);
  if (!isObject(record)) throw new AuditProblem(`${recordFile} is no record of an update`);
  const seconds = Number(member(record, "startTime"));
  const ended = Number(member(record, "endTime")) || seconds;
  if (ended < secondsOf(from, Number.NEGATIVE_INFINITY) || seconds > secondsOf(to, Number.POSITIVE_INFINITY))
    return [];
  const state = readState(fileAt(checkpointFile), checkpointFile);
  const environment = member(record, "environment");
  const snapshot = {
    stack: state.stack || stackOfFile(recordFile),
    time: seconds > 0 && seconds < 8.64e12 ? new Date(seconds * 1000).toISOString() : (state.time ?? ""),
    kind: textMember(record, "kind") ?? "update",
    result: textMember(record, "result"),
    message: textMember(record, "message"),
    author: authorIn(environment),
    configuration: configurationIn(record),
    state,
  };
  return [snapshot];
}

function secondsOf(time: string | undefined, none: number): number {
  return time === undefined ? none : Math.floor(Date.parse(time) / 1000);
}

/** `…/history/<project>/<stack>/<stack>-<number>.history.json` */
function stackOfFile(file: string): string {
  return dirname(file).split(/[\\/]/).slice(-2).join("/");
}

/** As the engine writes it: `Metadata` of the update. */
function authorIn(environment: unknown): Author {
  const text = (key: string) => textMember(environment, key) || undefined;
  return {
    name: text("git.author"),
    email: text("git.author.email"),
    commit: text("git.head"),
    isDirty: text("git.dirty") === "true",
    ci: text("ci.system"),
    ciActor: text("ci.actor"),
    pullRequest: text("ci.pr.number"),
    build: text("ci.build.url") ?? text("ci.build.id"),
  };
}

function configurationIn(record: JsonObject): Snapshot["configuration"] {
  const config = member(record, "config");
  const entries = Object.entries(isObject(config) ? config : {}).filter(([key]) =>
    key.startsWith("clevertap:"),
  );
  return new Map(
    entries.map(([key, value]) => {
      const secure = isObject(value) ? JSON.stringify(value) : undefined;
      return [key, { value: secure ?? String(value), isSecret: secure !== undefined }];
    }),
  );
}

function exportedSnapshot(file: string): Snapshot {
  const state = readState(fileAt(file), file);
  if (state.time === undefined)
    throw new AuditProblem(`${file} does not say when it was written, so it has no place in a history`);
  return { stack: state.stack, time: state.time, kind: "state", author: {}, state };
}

/** @throws AuditProblem where git does not know the file */
async function gitSnapshots(file: string): Promise<Snapshot[]> {
  const commits = await commitsOf(file);
  if (commits.length === 0)
    throw new AuditProblem(
      `${file} has no history: git knows no commit of it, and it is no part of a file backend (.pulumi/stacks). ` +
        "Give the backend's folder, a folder of exported states, or a file that is committed",
    );
  return snapshotsOf(commits);
}

/** One after the other: a file may have a thousand commits. */
async function snapshotsOf(commits: readonly (Commit & { readonly at: Revision })[]): Promise<Snapshot[]> {
  const snapshots: Snapshot[] = [];
  for (const commit of commits) snapshots.push(await gitSnapshot(commit));
  return snapshots;
}

async function gitSnapshot({
  id,
  author,
  email,
  time,
  subject,
  at,
}: Commit & { readonly at: Revision }): Promise<Snapshot> {
  const state = readState(await contentAt(at), `${id.slice(0, 7)}:${basename(at.path)}`);
  return {
    stack: state.stack,
    time: state.time ?? time,
    kind: "state",
    message: subject,
    author: { name: author, email, commit: id },
    state,
  };
}

/**
 * The snapshots between two states that are compared, to tell who made each change: of the file backend that the later
 * one is part of, or of the commits between two revisions of one file.
 *
 * @returns none where nothing was kept
 */
export async function snapshotsBetween(
  before: string,
  after: string,
  span: Span,
  history?: string,
): Promise<Snapshot[]> {
  if (history !== undefined) return snapshotsFrom(history, span);
  if (existsSync(after)) return backendOf(after) === undefined ? [] : snapshotsFrom(after, span);
  const [from, to] = [revisionIn(before), revisionIn(after)];
  if (to === undefined) return [];
  const range = from && from.path === to.path ? `${from.revision}..${to.revision}` : to.revision;
  const commits = await commitsOf(to.path, range);
  return snapshotsOf(commits);
}

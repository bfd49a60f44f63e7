import { createHash } from "node:crypto";

/**
 * The gateway's log of who did what: JSON lines, append-only, each with the hash of the line before it. Who writes it and
 * who judges it use this one definition.
 */

/** What a line can tell. Another action may be added: readers skip what they don't know. */
export const LOG_ACTIONS = {
  "log-in": "a person logged in",
  open: "a task was opened by a change that Pulumi asked for",
  take: "a person took a task",
  release: "a person gave a task back",
  reveal: "a person looked at a secret value of a task",
  save: "a person attested that the dashboard holds what the task asked for",
  refuse: "a person reported that CleverTap refused it",
  matches: "a person looked, and attested that the dashboard still holds what is declared",
  differs: "a person looked, and reported other values",
  export: "a person exported the log",
} as const;

/** A line of the log. Every other member that a line holds is part of its hash. */
export interface LogLine {
  /** 1, 2, 3 and so on, without a gap. */
  readonly seq: number;
  /** RFC 3339, UTC. */
  readonly at: string;
  /** Name of the operator, or `pulumi` for a call of the API. */
  readonly actor: string;
  /** One of {@link LOG_ACTIONS}, or one of a later version. */
  readonly action: string;
  /** Id of the task. */
  readonly task?: string;
  /** Id of the provider. */
  readonly provider?: string;
  /** Hash of the line before; {@link FIRST_PREV} in the first. */
  readonly prev: string;
  readonly hash: string;
}

/** `prev` of the first line. */
export const FIRST_PREV = "0".repeat(64);

/** SHA-256, in hex, of a line without its `hash`: as JSON without spaces, with its keys sorted. */
export function hashOfLine(line: Readonly<Record<string, unknown>>): string {
  const members = Object.entries(line)
    .filter(([key, value]) => key !== "hash" && value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash("sha256")
    .update(JSON.stringify(Object.fromEntries(members)))
    .digest("hex");
}

/** Where a log is broken: the place in the list, from 0, and what is wrong there. */
export interface ChainFault {
  readonly index: number;
  readonly what: string;
}

/**
 * The first place where a chain is broken: a line was changed, removed, added or moved. Lines that are missing at the
 * end can't be seen: compare the last hash with one that was noted elsewhere.
 *
 * @param lines in the order of the file, from the first line on
 */
export function chainFault(lines: readonly Readonly<Record<string, unknown>>[]): ChainFault | undefined {
  let prev = FIRST_PREV;
  for (const [index, line] of lines.entries()) {
    if (line.seq !== index + 1)
      return { index, what: `its number should be ${index + 1}: a line is missing, added or moved` };
    if (line.prev !== prev)
      return { index, what: "it does not follow the line before: one of the two was changed or replaced" };
    if (line.hash !== hashOfLine(line))
      return { index, what: "its content was changed after it was written" };
    prev = line.hash as string;
  }
  return undefined;
}

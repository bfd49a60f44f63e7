import { chainFault, FIRST_PREV, hashOfLine, type LogLine } from "../contract/gateway-log";
import type { Gateway } from "./gateway";

/** What a new line tells. */
export type LogEntry = Pick<LogLine, "actor" | "action" | "task" | "provider">;

/** Adds a line: part of the change that it tells of, so that there is never one without the other. */
export function log(gateway: Gateway, entry: LogEntry): void {
  const { database, keys } = gateway;
  database.atOnce(() => {
    const last = database.one<LogLine>("SELECT document FROM log ORDER BY seq DESC LIMIT 1");
    const text = {
      ...entry,
      seq: (last?.seq ?? 0) + 1,
      at: gateway.now().toISOString(),
      prev: last?.hash ?? FIRST_PREV,
    };
    const line: LogLine = { ...text, hash: hashOfLine(text) };
    database.run("INSERT INTO log VALUES (?, ?)", line.seq, JSON.stringify(line));
    const end = keys.digest("end of the log", `${line.seq} ${line.hash}`);
    database.run(
      "INSERT INTO note VALUES ('log end', ?) ON CONFLICT DO UPDATE SET value = excluded.value",
      end,
    );
  });
  gateway.changes.notify();
}

/** What was found in a log. */
export interface LogCheck {
  readonly lines: number;
  /** Hash of the last line: noted elsewhere, it shows later that no line up to here was replaced. */
  readonly head: string;
  /** What is wrong, and in which line; undefined: nothing. */
  readonly fault?: string;
}

/** Looks for a line that was changed, removed, added or moved, and for an end that was cut off. */
export function verifyLog({ database, keys }: Gateway): LogCheck {
  return database.atOnce(() => {
    const rows = database.rows("SELECT seq, document FROM log ORDER BY seq");
    const lines: Record<string, unknown>[] = [];
    for (const { seq, document } of rows) {
      try {
        lines.push(JSON.parse(String(document)));
      } catch {
        return { lines: rows.length, head: "", fault: `line ${seq}: it is no JSON any more` };
      }
    }
    const last = lines.at(-1);
    const head = typeof last?.hash === "string" ? last.hash : FIRST_PREV;
    const broken = chainFault(lines);
    if (broken) return { lines: lines.length, head, fault: `line ${broken.index + 1}: ${broken.what}` };
    const end = database.row("SELECT value FROM note WHERE name = 'log end'")?.value;
    const isWhole = last ? end === keys.digest("end of the log", `${last.seq} ${head}`) : end === undefined;
    if (!isWhole)
      return {
        lines: lines.length,
        head,
        fault: `after line ${lines.length}: the end of the log was cut off or written by someone without the key`,
      };
    return { lines: lines.length, head };
  });
}

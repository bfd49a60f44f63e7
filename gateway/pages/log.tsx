import { Hono } from "hono";
import { LOG_ACTIONS, type LogLine } from "../../contract/gateway-log";
import { TextField } from "../../web/forms";
import { DataTable } from "../../web/table";
import { exportLog, listLog } from "../model/views";
import type { Env, Site } from "./context";
import { Frame, type PageProps } from "./frame";
import { listedPage, PAGE_SIZE, Paging, startOf } from "./paging";
import { TaskLink } from "./tasks";
import { When } from "./when";

function LogPage({ site, c }: PageProps) {
  const { actor = "", action = "", task = "", provider = "", after } = c.req.query();
  const start = startOf(after);
  const lines = listLog(site.gateway, {
    actor: actor || undefined,
    action: action || undefined,
    task: task || undefined,
    provider: provider || undefined,
    before: start || undefined,
    most: PAGE_SIZE + 1,
  });
  const { items, next } = listedPage(lines, ({ seq }) => seq);
  const rows = items.map((line) => [
    line.seq,
    <When at={line.at} />,
    line.actor,
    line.action,
    line.task && <TaskLink n={Number(line.task)} />,
    line.provider && <code>{line.provider}</code>,
    <code title={line.hash}>{line.hash.slice(0, 12)}</code>,
  ]);
  return (
    <Frame {...{ site, c }} title="Log" current="/log">
      <form method="get" action="/log" class="filter" aria-label="Filter">
        <TextField name="actor" label="Who" type="search" value={actor} />
        <TextField name="action" label="What" type="search" value={action} list="actions" />
        <datalist id="actions">
          {Object.keys(LOG_ACTIONS).map((name) => (
            <option value={name} />
          ))}
        </datalist>
        <TextField name="task" label="Task" type="search" inputmode="numeric" value={task} />
        <TextField name="provider" label="Provider" type="search" value={provider} />
        <button type="submit">Filter</button>
      </form>
      <div data-live id="log" class="card">
        <DataTable
          caption="Who did what, the newest first"
          head={["Line", "When", "Who", "What", "Task", "Provider", "Hash"]}
          {...{ rows }}
          empty="No line fits."
        />
        <Paging path="/log" parameters={{ actor, action, task, provider }} {...{ start, next }} />
      </div>
      <p class="row">
        <span>Export the whole log:</span>
        <a class="button small" href="/log.csv">
          CSV
        </a>
        <a class="button small" href="/log.jsonl">
          JSON lines
        </a>
        <span class="muted">The export is a line of the log too.</span>
      </p>
    </Frame>
  );
}

const COLUMNS = ["seq", "at", "actor", "action", "task", "provider", "prev", "hash"] as const;

/** A cell of CSV (RFC 4180). No text begins like a spreadsheet's formula: names of operators begin with a letter or a digit. */
function cell(value: unknown): string {
  const text = String(value ?? "");
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function csv(lines: readonly LogLine[]): string {
  const rows = lines.map((line) => COLUMNS.map((name) => cell(line[name])));
  return [COLUMNS, ...rows].map((cells) => `${cells.join(",")}\r\n`).join("");
}

/** One line of JSON each, as `audit` and `verify-log` read them. */
function jsonLines(lines: readonly LogLine[]): string {
  return lines.map((line) => `${JSON.stringify(line)}\n`).join("");
}

const EXPORTS = [
  { path: "/log.csv", type: "text/csv; charset=utf-8", text: csv },
  { path: "/log.jsonl", type: "application/jsonl; charset=utf-8", text: jsonLines },
];

/** `/log`, and the log as a file. */
export function logPages(site: Site): Hono<Env> {
  const app = new Hono<Env>();
  app.get("/log", (c) => c.html(<LogPage {...{ site, c }} />));
  for (const { path, type, text } of EXPORTS)
    app.get(path, (c) =>
      c.body(text(exportLog(site.gateway, c.get("session").actor)), 200, {
        "Content-Type": type,
        "Content-Disposition": `attachment; filename="gateway${path.replace("/", "-")}"`,
      }),
    );
  return app;
}

import { Hono } from "hono";
import { SelectField, TextField } from "../../web/forms";
import { DataTable } from "../../web/table";
import type { KeptTask, TaskKind, TaskState } from "../model/documents";
import { countTasks, type ListedTask, listTasks } from "../model/views";
import type { Env, Site } from "./context";
import { Frame, type PageProps } from "./frame";
import { AskerText } from "./marks";
import { listedPage, PAGE_SIZE, Paging, startOf } from "./paging";
import { When } from "./when";

export const KINDS: Readonly<Record<TaskKind, string>> = {
  add: "Add",
  edit: "Edit",
  delete: "Delete",
  look: "Look",
};
const STATES: Readonly<Record<TaskState, string>> = {
  open: "Open",
  taken: "Taken",
  confirmed: "Confirmed",
  refused: "Refused",
  superseded: "Superseded",
};
const COLOURS: Readonly<Record<TaskState, string>> = {
  open: "warn",
  taken: "warn",
  confirmed: "good",
  refused: "bad",
  superseded: "",
};

/** What the task is about: an add names what is to come, a delete what is there. */
export function nicknameOf({ target, base }: KeptTask): string {
  return (target ?? base)?.nickname ?? "";
}

/** State of a task, and who has it. */
export function StateBadge({ task }: { task: KeptTask }) {
  return (
    <>
      <span class={`badge ${COLOURS[task.state]}`}>{STATES[task.state]}</span>
      {task.state === "taken" && ` by ${task.takenBy}`}
    </>
  );
}

export function TaskLink({ n }: { n: number }) {
  return (
    <a class="nowrap" href={`/tasks/${n}`}>
      Task {n}
    </a>
  );
}

function TaskTable({
  tasks,
  caption,
  empty,
}: {
  tasks: readonly ListedTask[];
  caption: string;
  empty: string;
}) {
  const rows = tasks.map((task) => [
    <TaskLink n={task.n} />,
    KINDS[task.kind],
    <>
      {nicknameOf(task)}
      <br />
      <span class="muted nowrap">{task.number}</span>
    </>,
    <span class="nowrap">{task.account}</span>,
    <AskerText mark={task.externalReference} />,
    <>
      <StateBadge task={task} />
      {task.behind !== undefined && (
        <>
          , waits behind <a href={`/tasks/${task.behind}`}>{task.behind}</a>
        </>
      )}
    </>,
    <When at={task.closedAt ?? task.openedAt} />,
  ]);
  const head = ["Task", "What", "Provider", "Account", "Asked by", "State", "Since"];
  return <DataTable caption={caption} head={head} rows={rows} empty={empty} />;
}

/** One of the names; undefined for anything else that an address may hold. */
function chosen<T extends string>(
  names: Readonly<Record<T, string>>,
  text: string | undefined,
): T | undefined {
  return (Object.keys(names) as T[]).find((name) => name === text);
}

const UNDER_WAY: readonly TaskState[] = ["open", "taken"];

function TasksPage({ site, c }: PageProps) {
  const { account = "", after, ...query } = c.req.query();
  const state = chosen(STATES, query.state);
  const kind = chosen(KINDS, query.kind);
  const start = startOf(after);
  const found = listTasks(site.gateway, {
    states: state && [state],
    kind,
    account: account || undefined,
    newestFirst: state !== undefined && !UNDER_WAY.includes(state),
    after: start || undefined,
    most: PAGE_SIZE + 1,
  });
  const { items, next } = listedPage(found, ({ n }) => n);
  const { open, taken } = countTasks(site.gateway);
  return (
    <Frame {...{ site, c }} title="Tasks" current="/tasks">
      <form method="get" action="/tasks" class="filter" aria-label="Filter">
        <SelectField
          name="state"
          label="State"
          value={state}
          options={[["", "Open and taken"], ...Object.entries(STATES)]}
        />
        <SelectField
          name="kind"
          label="What"
          value={kind}
          options={[["", "Everything"], ...Object.entries(KINDS)]}
        />
        <TextField name="account" label="Account" type="search" value={account} />
        <button type="submit">Filter</button>
      </form>
      <div data-live id="tasks" class="card">
        <TaskTable
          tasks={items}
          caption={`${open} open, ${taken} taken`}
          empty={
            state || kind || account
              ? "No task fits."
              : "Nothing to do: everything that is declared is in the dashboard."
          }
        />
        <Paging path="/tasks" parameters={{ state, kind, account }} {...{ start, next }} />
      </div>
    </Frame>
  );
}

/** `/tasks`: what waits for a person. */
export function taskListPages(site: Site): Hono<Env> {
  const app = new Hono<Env>();
  app.get("/tasks", (c) => c.html(<TasksPage {...{ site, c }} />));
  return app;
}

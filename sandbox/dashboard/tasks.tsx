import type { Context, Hono } from "hono";
import { HTTPException } from "hono/http-exception";
import { PostForm, TextField } from "../../web/forms";
import { DataTable } from "../../web/table";
import type { SandboxTask } from "../clevertap/tasks";
import type { SandboxAccount } from "../options";
import { ActionButton, type Desk, page, postedOf } from "./desk";
import { sectionPath, TASKS } from "./paths";

const WORDS = { add: "Add a provider", edit: "Change a provider", delete: "Delete a provider" };

const taskPath = ({ id }: SandboxTask, ...more: string[]) => [TASKS, id, ...more].join("/");

function TaskList({ tasks }: { tasks: readonly SandboxTask[] }) {
  return (
    <DataTable
      caption="Tasks, the newest first"
      head={["Task", "What", "Provider", "State"]}
      rows={[...tasks].reverse().map((task) => [
        <a id={`task-${task.id}`} href={taskPath(task)}>
          Task {task.id}
        </a>,
        WORDS[task.kind],
        `${task.nickname} ${task.mobileNumber}`,
        <span class={task.state === "open" ? "badge warn" : "badge"}>{task.state}</span>,
      ])}
      empty="Nothing to do."
    />
  );
}

/** The tasks of a sandbox that people work: what a program saved and nobody has made at the dashboard yet. */
export function taskRoutes(app: Hono, desk: Desk): void {
  const { world, controls, notices } = desk;

  /** @throws HTTPException 404 */
  function taskOf(c: Context): { readonly task: SandboxTask; readonly account: SandboxAccount } {
    const task = controls.tasks().find(({ id }) => id === c.req.param("id"));
    const account = task && world.account(task.accountId);
    if (!account) throw new HTTPException(404, { message: "There is no such task." });
    return { task, account };
  }

  app.get(TASKS, (c) => {
    const [account] = world.settings.accounts;
    if (!account) throw new HTTPException(404, { message: "The sandbox has no account." });
    return page(
      c,
      desk,
      { title: "Tasks", account, section: "tasks", isLive: true },
      <section class="card">
        <div id="tasks" data-live>
          <TaskList tasks={controls.tasks()} />
        </div>
      </section>,
    );
  });

  app.get(`${TASKS}/:id`, (c) => {
    const { task, account } = taskOf(c);
    return page(
      c,
      desk,
      { title: `Task ${task.id}`, account, section: "tasks" },
      <section class="card">
        <dl class="facts">
          <dt>What</dt>
          <dd>{WORDS[task.kind]}</dd>
          <dt>Provider</dt>
          <dd>
            <a href={sectionPath(account.id, "whatsapp", task.providerId)}>
              {task.nickname || task.providerId}
            </a>{" "}
            {task.mobileNumber}
          </dd>
          <dt>Account</dt>
          <dd>{account.id}</dd>
          <dt>State</dt>
          <dd>{task.state}</dd>
        </dl>
        {task.state === "open" && (
          <>
            <ActionButton
              desk={desk}
              action={taskPath(task, "confirm")}
              text="Mark as saved"
              class="primary"
            />
            <PostForm action={taskPath(task, "refuse")} token={desk.token} class="line">
              <TextField name="reason" label="What CleverTap said" />
              <button type="submit">CleverTap refused it</button>
            </PostForm>
          </>
        )}
      </section>,
    );
  });

  app.post(`${TASKS}/:id/confirm`, (c) => {
    const { task } = taskOf(c);
    controls.confirmTask(task.id);
    return c.redirect(notices.add(TASKS, `Task ${task.id} is done.`), 303);
  });
  app.post(`${TASKS}/:id/refuse`, async (c) => {
    const { task } = taskOf(c);
    const { reason = "" } = await postedOf(c);
    if (reason.trim() === "")
      return c.redirect(notices.add(taskPath(task), "What CleverTap said: must not be empty.", false), 303);
    controls.refuseTask(task.id, reason);
    return c.redirect(notices.add(TASKS, `Task ${task.id} is refused.`), 303);
  });
}

import { Hono } from "hono";
import type { KeptTask } from "../model/documents";
import { digestOf } from "../model/values";
import { taskView } from "../model/views";
import {
  confirmTask,
  differLook,
  matchLook,
  missLook,
  refuseTask,
  releaseTask,
  revealSecret,
  type Seen,
  takeTask,
} from "../model/work";
import type { Actor } from "../trust/roles";
import { Refused } from "../trust/roles";
import type { Env, PageContext, Site } from "./context";
import { formOf, type SentForm } from "./form-body";
import { headerOf, idOf } from "./form-fields";
import { STATUS } from "./refusal";
import { TaskPage } from "./task";
import { FIELDS, lookFields } from "./task-actions";
import { isUnderWay } from "./task-values";

/** What was asked for, of which task, and by whom. */
interface Asked {
  readonly site: Site;
  readonly n: number;
  readonly actor: Actor;
  readonly form: SentForm;
}

/** What each form of a task does. */
const ACTIONS: Readonly<Record<string, (asked: Asked) => unknown>> = {
  take: ({ site, n, actor }) => takeTask(site.gateway, n, actor),
  release: ({ site, n, actor }) => releaseTask(site.gateway, n, actor),
  save: ({ site, n, actor, form }) =>
    confirmTask(site.gateway, n, actor, {
      numberDetails: form.text(FIELDS.details),
      note: form.text(FIELDS.note),
    }),
  refuse: ({ site, n, actor, form }) => refuseTask(site.gateway, n, actor, form.text(FIELDS.said)),
  matches: ({ site, n, actor, form }) => matchLook(site.gateway, n, actor, { note: form.text(FIELDS.note) }),
  differs(asked) {
    const { site, n, actor, form } = asked;
    const evidence = { note: form.text(FIELDS.differsNote) };
    return form.text(FIELDS.missing) === "on"
      ? missLook(site.gateway, n, actor, evidence)
      : differLook(site.gateway, n, actor, seenIn(asked), evidence);
  },
};

/** The fields in which something else was typed. A secret one that was left empty was not looked at. */
function seenIn({ site, n, form }: Asked): Seen {
  const fields = lookFields(taskView(site.gateway, n).fields);
  const changed = fields.filter(({ name, value, isSecret }) => {
    const text = form.text(name);
    return isSecret ? text !== "" : form.has(name) && text !== String(value);
  });
  return Object.fromEntries(changed.map(({ name }) => [name, form.text(name)]));
}

/**
 * A task that nobody has taken follows what is declared. A page from before must not speak for what it never showed.
 *
 * @throws Refused conflict
 */
function requireSeen(task: KeptTask, form: SentForm): void {
  const { n, revision } = task;
  if (isUnderWay(task) && form.text(FIELDS.revision) !== String(revision))
    throw new Refused(
      "conflict",
      `Task ${n} asks for something else since your page was loaded: read it again.`,
    );
}

/** `/tasks/N` and what can be done there. */
export function taskPages(site: Site): Hono<Env> {
  const app = new Hono<Env>();
  const numberOf = (c: PageContext) => Number(c.req.param("n"));

  app.get("/tasks/:n{[0-9]{1,15}}", (c) => c.html(<TaskPage {...{ site, c }} n={numberOf(c)} />));

  // The address of a refused form, loaded again or followed by an open page.
  app.get("/tasks/:n{[0-9]{1,15}}/:action", (c) => c.redirect(`/tasks/${numberOf(c)}`));

  app.post("/tasks/:n{[0-9]{1,15}}/reveal", async (c) => {
    const field = (await formOf(c)).text("field");
    const header = headerOf(field) ?? "";
    revealSecret(site.gateway, numberOf(c), header, c.get("session").actor);
    const { target } = taskView(site.gateway, numberOf(c)).task;
    site.revealed.note(c.get("sessionId"), numberOf(c), target && digestOf(target, header));
    return c.redirect(`/tasks/${numberOf(c)}#${encodeURIComponent(idOf("value", field))}`, 303);
  });

  for (const [name, act] of Object.entries(ACTIONS))
    app.post(`/tasks/:n{[0-9]{1,15}}/${name}`, async (c) => {
      const form = await formOf(c);
      const n = numberOf(c);
      try {
        requireSeen(taskView(site.gateway, n).task, form);
        act({ site, n, actor: c.get("session").actor, form });
        return c.redirect(`/tasks/${n}`, 303);
      } catch (error) {
        if (!(error instanceof Refused) || error.kind === "not-found") throw error;
        const faults = [{ message: error.message }];
        return c.html(<TaskPage {...{ site, c, n, faults }} sent={form} />, STATUS[error.kind]);
      }
    });
  return app;
}

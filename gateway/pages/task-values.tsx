import { CopyValue } from "../../web/copy";
import { PostForm } from "../../web/forms";
import type { KeptTask } from "../model/documents";
import { keptSecret } from "../model/secrets";
import { digestOf } from "../model/values";
import type { TaskField, TaskView } from "../model/views";
import { headerOf, idOf } from "./form-fields";
import { mayAct, type PageProps, tokenOf } from "./frame";

/** What the page of a task is made of. */
export interface TaskProps extends PageProps {
  readonly view: TaskView;
}

/** Whether a task still waits for somebody. */
export function isUnderWay({ state }: KeptTask): boolean {
  return state === "open" || state === "taken";
}

/** A value to copy. A secret one has to be revealed first. */
export function FieldValue({ field, ...props }: TaskProps & { field: TaskField }) {
  const { name, value, isSecret, isKept } = field;
  const id = idOf("value", name);
  if (!isSecret)
    return (
      <CopyValue id={id} property={name}>
        {String(value)}
      </CopyValue>
    );
  if (!isKept) {
    const isToType = props.view.task.kind === "edit" && isUnderWay(props.view.task);
    return (
      <span class="muted">{isToType ? "Secret: leave it unchanged." : "Secret, and not kept here."}</span>
    );
  }
  const secret = revealedValue(props, name);
  if (secret !== undefined)
    return (
      <CopyValue id={id} property={name}>
        {secret}
      </CopyValue>
    );
  return <HiddenValue {...{ ...props, id, name }} />;
}

/** The secret, where this session has revealed it and may still see it. */
function revealedValue({ site, c, view: { task } }: TaskProps, name: string): string | undefined {
  const header = headerOf(name) ?? "";
  const digest = task.target && digestOf(task.target, header);
  if (digest === undefined || !isUnderWay(task) || !mayAct(c, "operator")) return undefined;
  if (!site.revealed.has(c.get("sessionId"), task.n, digest)) return undefined;
  return keptSecret(site.gateway, task, header, digest);
}

function HiddenValue({ c, view, id, name }: TaskProps & { id: string; name: string }) {
  return (
    <span class="copy">
      <code id={id} data-value-of={name} class="muted">
        ••••••••
      </code>
      {mayAct(c, "operator") && (
        <PostForm action={`/tasks/${view.task.n}/reveal`} token={tokenOf(c)}>
          <input type="hidden" name="field" value={name} />
          <button type="submit" class="small" aria-describedby={id}>
            Reveal
          </button>
        </PostForm>
      )}
    </span>
  );
}

import type { PropsWithChildren } from "hono/jsx";
import { CheckField, PostForm, SelectField, TextArea, TextField } from "../../web/forms";
import type { TaskField } from "../model/views";
import type { SentForm } from "./form-body";
import { textOf, wordsOf } from "./form-fields";
import { mayAct, tokenOf } from "./frame";
import type { TaskProps } from "./task-values";

/** What a person can do with a task, each a form that works alone. */

/** Names of the fields that the forms send. */
export const FIELDS = {
  /** Of the task, as the page showed it: who decides has seen what the task asks for. */
  revision: "revision",
  said: "said",
  details: "number-details",
  note: "note",
  differsNote: "differs-note",
  missing: "missing",
} as const;

/** @param sent what was typed before, where it could not be stored */
interface ActionProps extends TaskProps {
  readonly sent?: SentForm;
}

function ActionForm({
  c,
  view,
  action,
  label,
  children,
}: PropsWithChildren<TaskProps & { action: string; label: string }>) {
  return (
    <PostForm action={`/tasks/${view.task.n}/${action}`} token={tokenOf(c)} label={label}>
      <input type="hidden" name={FIELDS.revision} value={view.task.revision} />
      {children}
    </PostForm>
  );
}

/** For a task that nobody has. */
export function TakeAction(props: TaskProps) {
  const { c, view } = props;
  if (view.task.state !== "open" || view.other) return null;
  if (!mayAct(c, "operator")) return <p class="muted">Your role may read tasks, and not take them.</p>;
  return (
    <div class="card">
      <ActionForm {...props} action="take" label="Take the task">
        <p>Take it first, so that nobody else does it at the same time.</p>
        <button type="submit" class="primary">
          Take
        </button>
      </ActionForm>
    </div>
  );
}

/** For who has taken the task: what came of it. */
export function TaskActions(props: ActionProps) {
  const { actor } = props.c.get("session");
  const { task } = props.view;
  if (task.state !== "taken") return null;
  const isMine = task.takenBy === actor.name && mayAct(props.c, "operator");
  if (!isMine && !mayAct(props.c, "admin")) return null;
  return (
    <>
      {isMine && (
        <div class="columns">
          {task.kind === "look" ? <LookActions {...props} /> : <SaveActions {...props} />}
        </div>
      )}
      <div class="card">
        <ActionForm {...props} action="release" label="Give the task back">
          <p>Can't do it now? Give it back, so that another person can take it.</p>
          <button type="submit">Release</button>
        </ActionForm>
      </div>
    </>
  );
}

/** A text of some lines, with what was typed where the form comes back. */
function Words({ sent, hint = "Optional.", ...field }: WordsProps) {
  return <TextArea {...field} hint={hint} value={sent?.text(field.name)} rows={2} />;
}

interface WordsProps {
  readonly sent?: SentForm;
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
}

function SaveActions(props: ActionProps) {
  const { sent, view } = props;
  const isDelete = view.task.kind === "delete";
  return (
    <>
      <section class="card" aria-label="Done">
        <h2>{isDelete ? "It is deleted" : "CleverTap saved it"}</h2>
        <ActionForm {...props} action="save" label="Done">
          {!isDelete && (
            <Words
              sent={sent}
              name={FIELDS.details}
              label="Kaleyra's number details"
              hint="Optional: what Kaleyra's dashboard says of the number."
            />
          )}
          <Words sent={sent} name={FIELDS.note} label="Note" />
          <button type="submit" class="primary">
            Mark as saved
          </button>
        </ActionForm>
      </section>
      <section class="card" aria-label="Refused">
        <h2>{isDelete ? "CleverTap did not delete it" : "CleverTap did not save it"}</h2>
        <ActionForm {...props} action="refuse" label="Refused">
          <Words
            sent={sent}
            name={FIELDS.said}
            label="What CleverTap said"
            hint="The program and its people read this. Credentials are taken out."
          />
          <button type="submit" class="danger">
            CleverTap refused it
          </button>
        </ActionForm>
      </section>
    </>
  );
}

function LookActions(props: ActionProps) {
  const { sent, view } = props;
  return (
    <>
      <section class="card" aria-label="Equal">
        <h2>Everything is equal</h2>
        <ActionForm {...props} action="matches" label="Equal">
          <Words sent={sent} name={FIELDS.note} label="Note" />
          <button type="submit" class="primary">
            It matches
          </button>
        </ActionForm>
      </section>
      <section class="card" aria-label="Different">
        <h2>Something is different</h2>
        <ActionForm {...props} action="differs" label="Different">
          <p>Change the fields that are different. The program shows them as drift at its next refresh.</p>
          {lookFields(view.fields).map((field) => (
            <LookField field={field} sent={sent} />
          ))}
          <CheckField name={FIELDS.missing} label="The provider is not there at all" />
          <Words sent={sent} name={FIELDS.differsNote} label="Note on the difference" />
          <button type="submit" class="danger">
            It shows something else
          </button>
        </ActionForm>
      </section>
    </>
  );
}

/** The fields that a look can find different: the number is what the provider is found by. */
export function lookFields(fields: readonly TaskField[]): TaskField[] {
  return fields.filter(({ name }) => name !== "mobileNumber");
}

function LookField({ field, sent }: { field: TaskField; sent?: SentForm }) {
  const { name, value, isSecret } = field;
  const words = wordsOf(name);
  const text = sent?.has(name) ? sent.text(name) : String(value);
  if (typeof value === "boolean") {
    const options = [true, false].map((choice) => [String(choice), textOf(choice)] as const);
    return <SelectField {...{ name, options }} label={name} hint={words} value={text} />;
  }
  if (isSecret)
    return (
      <TextField name={name} label={name} hint={`${words}: only where it is different`} type="password" />
    );
  return (
    <TextField
      name={name}
      label={name}
      hint={name.startsWith("header:") ? `${words}: empty where the pair is not there` : words}
      value={text}
    />
  );
}

import type { Child, PropsWithChildren } from "hono/jsx";
import { FORM_TOKEN } from "./form-token";

/** A form that changes something: it carries the token that `requireFormToken` asks for. */
export function PostForm(
  props: PropsWithChildren<{
    readonly action: string;
    readonly token: string;
    readonly class?: string;
    readonly label?: string;
  }>,
) {
  return (
    <form method="post" action={props.action} class={props.class} aria-label={props.label} novalidate>
      <input type="hidden" name={FORM_TOKEN} value={props.token} />
      {props.children}
    </form>
  );
}

interface Described {
  /** Name of the field, and its id. */
  readonly name: string;
  readonly label: string;
  readonly hint?: Child;
  /** What is wrong with the value. */
  readonly error?: string;
}

/** The elements that say more about a field, for `aria-describedby`. */
function describedBy({ name, hint, error }: Described): string | undefined {
  const ids = [hint && `${name}-hint`, error && `${name}-error`].filter(Boolean);
  return ids.length > 0 ? ids.join(" ") : undefined;
}

/** What a browser's control says of itself to assistive technology. */
function controlProps(field: Described) {
  return {
    id: field.name,
    name: field.name,
    "aria-describedby": describedBy(field),
    "aria-invalid": field.error ? ("true" as const) : undefined,
  };
}

function Labelled({ name, label, hint, error, children }: PropsWithChildren<Described>) {
  return (
    <div class={error ? "field wrong" : "field"}>
      <label for={name}>{label}</label>
      {hint && (
        <p class="hint" id={`${name}-hint`}>
          {hint}
        </p>
      )}
      {children}
      {error && (
        <p class="error" id={`${name}-error`}>
          {error}
        </p>
      )}
    </div>
  );
}

export interface TextFieldProps extends Described {
  readonly value?: string;
  readonly type?: "text" | "password" | "number" | "search";
  readonly inputmode?: "numeric" | "url" | "text";
  /** Default `off`: a browser must not remember what is typed. */
  readonly autocomplete?: string;
  readonly required?: boolean;
  readonly readonly?: boolean;
  /** The browser's focus starts here. */
  readonly autofocus?: boolean;
  /** Id of a `datalist` with values to choose from. */
  readonly list?: string;
  readonly min?: number;
  readonly max?: number;
}

/** A line of text with its label, hint and error. */
export function TextField({ value, type = "text", autocomplete = "off", ...rest }: TextFieldProps) {
  const { inputmode, required, min, max, readonly, list, autofocus } = rest;
  return (
    <Labelled {...rest}>
      <input
        {...controlProps(rest)}
        {...{ type, value, inputmode, autocomplete, min, max, readonly, list, autofocus }}
        aria-required={required ? "true" : undefined}
        spellcheck={false}
      />
    </Labelled>
  );
}

/** Several lines of text. */
export function TextArea({ value, rows = 3, ...rest }: Described & { value?: string; rows?: number }) {
  return (
    <Labelled {...rest}>
      <textarea {...controlProps(rest)} rows={rows}>
        {value}
      </textarea>
    </Labelled>
  );
}

/** A list to choose from. */
export function SelectField({
  value,
  options,
  ...rest
}: Described & { value?: string; options: readonly (readonly [value: string, text: string])[] }) {
  return (
    <Labelled {...rest}>
      <select {...controlProps(rest)}>
        {options.map(([option, text]) => (
          <option value={option} selected={option === value}>
            {text}
          </option>
        ))}
      </select>
    </Labelled>
  );
}

/** A box to tick; its value is `on`. */
export function CheckField({ checked, ...field }: Described & { checked?: boolean }) {
  const { name, label, hint, error } = field;
  return (
    <div class={error ? "field check wrong" : "field check"}>
      <input type="checkbox" {...controlProps(field)} checked={checked} />
      <label for={name}>{label}</label>
      {hint && (
        <p class="hint" id={`${name}-hint`}>
          {hint}
        </p>
      )}
      {error && (
        <p class="error" id={`${name}-error`}>
          {error}
        </p>
      )}
    </div>
  );
}

export interface FormFault {
  /** Name of the field at fault; left out: the form as a whole. */
  readonly field?: string;
  readonly message: string;
}

/** All that is wrong with a form, each line a link to its field. The browser's focus starts here. */
export function ErrorSummary({ title, faults }: { title: string; faults: readonly FormFault[] }) {
  if (faults.length === 0) return null;
  return (
    <div class="notice bad" role="alert" tabindex={-1} autofocus>
      <h2>{title}</h2>
      <ul>
        {faults.map(({ field, message }) => (
          <li>{field === undefined ? message : <a href={`#${field}`}>{message}</a>}</li>
        ))}
      </ul>
    </div>
  );
}

/** What a page has to say before its content. `bad` is read out at once. */
export function Notice({ kind, children }: PropsWithChildren<{ kind: "good" | "bad" | "warn" }>) {
  return (
    <div class={`notice ${kind}`} role={kind === "bad" ? "alert" : "status"}>
      <p>{children}</p>
    </div>
  );
}

/** Something that went well. */
export function Success({ children }: PropsWithChildren) {
  return <Notice kind="good">{children}</Notice>;
}

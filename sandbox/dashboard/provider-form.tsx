import { KALEYRA_HEADER_NAMES } from "../../contract/headers";
import type { Provider, ProviderDefaults } from "../../contract/types";
import { CopyField } from "../../web/copy";
import {
  CheckField,
  ErrorSummary,
  type FormFault,
  Notice,
  PostForm,
  SelectField,
  TextField,
} from "../../web/forms";
import { numbersText } from "../kaleyra/numbers";
import type { Desk } from "./desk";
import { faultAt } from "./faults";
import { FIELDS, type PairRow, type Posted } from "./provider-input";

/** Everything that the form of a provider shows. */
export interface ProviderFormProps {
  readonly desk: Desk;
  readonly action: string;
  /** Where one goes who changes nothing. */
  readonly back: string;
  readonly defaults: ProviderDefaults;
  readonly values: Posted;
  readonly rows: readonly PairRow[];
  /** Id of the draft with the secrets that were typed. */
  readonly draft?: string;
  readonly faults?: readonly FormFault[];
  /** The provider that is edited. */
  readonly provider?: Provider;
  /** Number of the row that was just added: typing goes on there. */
  readonly newRow?: number;
  /** The account may not change it. */
  readonly isLocked?: boolean;
}

type Field = (typeof FIELDS)[number];

const SETUP = FIELDS.filter(({ type }) => type === "string");
const OPTIONS = FIELDS.filter(({ type }) => type !== "string");

/** A number stays with its provider. */
const isFixed = ({ name }: Field, provider: Provider | undefined) =>
  provider !== undefined && name === "mobileNumber";

function MemberField({ field, form }: { field: Field; form: ProviderFormProps }) {
  const { name, label, type, options } = field;
  const numbers = name === "mobileNumber" && ` ${numbersText(form.desk.controls.state().numbers)}`;
  const hint = numbers ? `${field.hint}.${numbers}` : field.hint;
  const value = form.values[name] ?? "";
  const error = faultAt(form.faults ?? [], name);
  if (options) return <SelectField {...{ name, label, hint, value, options, error }} />;
  if (type === "boolean") return <CheckField {...{ name, label, hint, error }} checked={value === "on"} />;
  if (isFixed(field, form.provider)) return <TextField {...{ name, label, value, error }} readonly />;
  return (
    <TextField
      {...{ name, label, hint, value, error }}
      inputmode={type === "number" ? "numeric" : undefined}
      required={type === "string"}
    />
  );
}

function Pair({ pair, number, form }: { pair: PairRow; number: number; form: ProviderFormProps }) {
  const { row, key, value, isKept } = pair;
  const faults = form.faults ?? [];
  const kept = isKept ? "A value is there already. Leave this empty to keep it." : undefined;
  return (
    <fieldset class="pair">
      <legend class="visually-hidden">Pair {number}</legend>
      <TextField
        name={`key-${row}`}
        label="Key"
        value={key}
        error={faultAt(faults, `key-${row}`)}
        list="header-names"
        autofocus={row === form.newRow}
      />
      <TextField
        name={`value-${row}`}
        label="Value"
        value={value}
        hint={kept}
        error={faultAt(faults, `value-${row}`)}
      />
      <button
        type="submit"
        name="intent"
        value={`remove-${row}`}
        formaction={`${form.action}#header`}
        class="small"
      >
        Remove<span class="visually-hidden"> pair {number}</span>
      </button>
    </fieldset>
  );
}

/** The form of + Provider, and of an edit: Setup, Header, and the optional settings. */
export function ProviderForm(form: ProviderFormProps) {
  const { desk, action, back, defaults, rows, faults = [], provider, isLocked = false } = form;
  return (
    <>
      <ErrorSummary title="Provider Details were not saved" faults={faults} />
      {provider?.externalReference !== undefined && !isLocked && (
        <Notice kind="warn">
          Pulumi made this provider. What you change here is drift: <code>pulumi preview --refresh</code>{" "}
          shows it, and <code>pulumi up --refresh</code> sets it back.
        </Notice>
      )}
      <nav class="tabs" aria-label="Parts of the form">
        <a href="#setup">Setup</a>
        <a href="#header">Header</a>
        <a href="#options">Options</a>
      </nav>
      <PostForm action={action} token={desk.token}>
        {/* What the Enter key presses: the first button of the form. */}
        <button type="submit" name="intent" value="save" hidden />
        <input type="hidden" name="draft" value={form.draft} />
        <input type="hidden" name="revision" value={form.values.revision ?? provider?.revision} />
        <fieldset class="card" id="setup" disabled={isLocked}>
          <legend>Setup</legend>
          {SETUP.map((field) => (
            <MemberField field={field} form={form} />
          ))}
          <CopyField
            name="inboundMessageCallbackUrl"
            label="Inbound Message Callback URL"
            value={defaults.inboundMessageCallbackUrl}
          />
          <CopyField
            name="deliveryReportCallbackUrl"
            label="Delivery Report Callback URL"
            value={defaults.deliveryReportCallbackUrl}
          />
          <CopyField name="payloadVersion" label="Payload Version" value={defaults.payloadVersion} />
        </fieldset>
        <fieldset class="card" id="header" disabled={isLocked}>
          <legend>Header</legend>
          <p class="hint" id="header-hint">
            For Kaleyra: {KALEYRA_HEADER_NAMES.map((name, index) => [index > 0 && ", ", <code>{name}</code>])}
            . The last two are the callback URLs of Setup.
          </p>
          <datalist id="header-names">
            {KALEYRA_HEADER_NAMES.map((name) => (
              <option value={name} />
            ))}
          </datalist>
          {rows.map((pair, index) => (
            <Pair pair={pair} number={index + 1} form={form} />
          ))}
          <button type="submit" name="intent" value="add">
            Add Pair
          </button>
        </fieldset>
        <fieldset class="card" id="options" disabled={isLocked}>
          <legend>Options</legend>
          {OPTIONS.map((field) => (
            <MemberField field={field} form={form} />
          ))}
        </fieldset>
        <p class="row">
          {!isLocked && (
            <button type="submit" name="intent" value="save" class="primary">
              Save
            </button>
          )}
          <a class="button" href={back}>
            {isLocked ? "Back" : "Cancel"}
          </a>
        </p>
      </PostForm>
    </>
  );
}

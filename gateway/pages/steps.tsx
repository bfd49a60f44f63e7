import type { Child, PropsWithChildren } from "hono/jsx";
import { CopyButton } from "../../web/copy";
import type { KeptAccount } from "../accounts";
import type { TaskField } from "../model/views";
import { headerOf, idOf, textOf, wordsOf } from "./form-fields";
import { FieldValue, type TaskProps } from "./task-values";

interface StepsProps extends TaskProps {
  readonly account: KeptAccount | undefined;
}

const STEPS = { add: AddSteps, edit: EditSteps, delete: DeleteSteps, look: LookSteps };

/** What to do in CleverTap's dashboard, in its order and words. */
export function Steps(props: StepsProps) {
  const Kind = STEPS[props.view.task.kind];
  return (
    <ol class="steps">
      <Kind {...props} />
    </ol>
  );
}

function Step({ title, children }: PropsWithChildren<{ title: Child }>) {
  return (
    <li>
      <h3>{title}</h3>
      {children}
    </li>
  );
}

const isHeader = ({ name }: TaskField) => headerOf(name) !== undefined;

/** Not to be the default asks for nothing: another provider becomes it by itself. */
function isShown({ name, value }: TaskField): boolean {
  return name !== "isDefault" || value === true;
}

function AddSteps(props: StepsProps) {
  const fields = props.view.fields.filter(isShown);
  const headers = fields.filter(isHeader);
  const members = fields.filter((field) => !isHeader(field));
  const texts = members.filter(({ value }) => typeof value === "string");
  const options = members.filter((field) => !texts.includes(field));
  return (
    <>
      <Step title="Settings > Channels > WhatsApp > + Provider">
        <Dashboard account={props.account} />
      </Step>
      <Step title="Provider">
        <p>
          Choose <strong>Generic (Other)</strong>.
        </p>
      </Step>
      {texts.map((field) => (
        <Step title={wordsOf(field.name)}>
          <FieldValue {...props} field={field} />
        </Step>
      ))}
      <CallbackStep account={props.account} />
      <Step title={`Header > Add Pair, ${headers.length} times`}>
        <ul class="pairs">
          {headers.map((field) => (
            <li>
              <PairKey name={wordsOf(field.name)} />
              <FieldValue {...props} field={field} />
            </li>
          ))}
        </ul>
      </Step>
      {options.map((field) => (
        <Step title={wordsOf(field.name)}>
          <FieldValue {...props} field={field} />
          <OptionHint field={field} />
        </Step>
      ))}
      <SaveStep />
    </>
  );
}

function EditSteps(props: StepsProps) {
  const fields = props.view.fields.filter(isShown);
  const changed = fields.filter(({ isChanged, isRemoved }) => isChanged && !isRemoved);
  const removed = fields.filter(({ isRemoved }) => isRemoved);
  const kept = fields.filter(({ isChanged }) => !isChanged);
  return (
    <>
      <FindStep {...props} />
      {changed.map((field) => (
        <ChangeStep {...props} field={field} />
      ))}
      {removed.map(({ name }) => (
        <Step title={`Header pair ${wordsOf(name)}`}>
          <p>Remove the pair.</p>
        </Step>
      ))}
      <SaveStep />
      {kept.length > 0 && (
        <li class="beside">
          <details id="unchanged">
            <summary>What stays as it is: {kept.length} fields</summary>
            <Facts {...props} fields={kept} />
          </details>
        </li>
      )}
    </>
  );
}

function ChangeStep({ field, ...props }: StepsProps & { field: TaskField }) {
  const { name, before, isSecret } = field;
  const isNew = before === undefined && !isSecret;
  return (
    <Step title={isHeader(field) ? `Header pair ${wordsOf(name)}` : wordsOf(name)}>
      {isNew && isHeader(field) ? (
        <>
          <p>Header &gt; Add Pair.</p>
          <PairKey name={wordsOf(name)} />
        </>
      ) : (
        <p class="old">Now: {isNew ? "nothing" : isSecret ? "another value" : <del>{textOf(before)}</del>}</p>
      )}
      <FieldValue {...props} field={field} />
      <OptionHint field={field} />
    </Step>
  );
}

function DeleteSteps(props: StepsProps) {
  return (
    <>
      <FindStep {...props} />
      <Step title="Check that it is this one">
        <Facts {...props} fields={props.view.fields.filter(isShown)} />
      </Step>
      <Step title="Delete it">
        <p>Campaigns and journeys that still send with it have to end first.</p>
      </Step>
    </>
  );
}

function LookSteps(props: StepsProps) {
  return (
    <>
      <FindStep {...props} />
      <Step title="Compare each field">
        <Facts {...props} fields={props.view.fields.filter(isShown)} />
      </Step>
      <Step title="Say below what you saw">
        <p>Change nothing in the dashboard.</p>
      </Step>
    </>
  );
}

function Dashboard({ account }: { account: KeptAccount | undefined }) {
  const url = account?.defaults?.dashboardUrl;
  if (url === undefined) return <p>In the dashboard of account {account?.id}.</p>;
  return (
    <a class="button" href={url} target="_blank" rel="noreferrer noopener">
      Open the dashboard
    </a>
  );
}

function FindStep({ view: { task }, account }: StepsProps) {
  return (
    <Step title="Settings > Channels > WhatsApp">
      <p>
        Open <strong>{(task.base ?? task.target)?.nickname}</strong>, the provider with the number{" "}
        <strong>{task.number}</strong>.
      </p>
      <Dashboard account={account} />
    </Step>
  );
}

/** The form shows these before Save: where it shows others, the headers would be wrong. */
function CallbackStep({ account }: { account: KeptAccount | undefined }) {
  if (!account?.defaults) return null;
  const { inboundMessageCallbackUrl, deliveryReportCallbackUrl, payloadVersion } = account.defaults;
  return (
    <Step title="Compare what the form shows">
      <dl class="facts">
        <dt>Inbound message callback URL</dt>
        <dd>{inboundMessageCallbackUrl}</dd>
        <dt>Delivery report callback URL</dt>
        <dd>{deliveryReportCallbackUrl}</dd>
        <dt>Payload version</dt>
        <dd>{payloadVersion}</dd>
      </dl>
      <p class="hint">
        Something else? Stop, and correct{" "}
        <a href={`/accounts/${encodeURIComponent(account.id)}`}>the account</a>.
      </p>
    </Step>
  );
}

function SaveStep() {
  return (
    <Step title="Save">
      <p>CleverTap sends a verification message to the HTTP End Point, and says whether it saved.</p>
    </Step>
  );
}

/** The name of a header pair, to be copied into the form. */
function PairKey({ name }: { name: string }) {
  const id = idOf("key", name);
  return (
    <span class="copy">
      <code id={id}>{name}</code>
      <CopyButton of={id} describedBy={id} />
    </span>
  );
}

function OptionHint({ field: { value } }: { field: TaskField }) {
  if (typeof value !== "boolean") return null;
  return <p class="hint">{value ? "Tick the box." : "Leave the box empty."}</p>;
}

function Facts({ fields, ...props }: StepsProps & { fields: readonly TaskField[] }) {
  return (
    <dl class="facts">
      {fields.map((field) => (
        <>
          <dt>{wordsOf(field.name)}</dt>
          <dd>
            <FieldValue {...props} field={field} />
          </dd>
        </>
      ))}
    </dl>
  );
}

import { ErrorSummary, type FormFault } from "../../web/forms";
import { accountOf } from "../accounts";
import type { KeptTask } from "../model/documents";
import { taskView } from "../model/views";
import type { SentForm } from "./form-body";
import { Frame, type PageProps } from "./frame";
import { AskerText } from "./marks";
import { Steps } from "./steps";
import { TakeAction, TaskActions } from "./task-actions";
import { isUnderWay, type TaskProps } from "./task-values";
import { KINDS, nicknameOf, StateBadge, TaskLink } from "./tasks";
import { When } from "./when";

interface TaskPageProps extends PageProps {
  readonly n: number;
  /** What stood against the last thing that was tried. */
  readonly faults?: readonly FormFault[];
  /** What was typed then. */
  readonly sent?: SentForm;
}

/** The page of one task. @throws Refused not-found */
export function TaskPage({ site, c, n, faults = [], sent }: TaskPageProps) {
  const view = taskView(site.gateway, n);
  const { task } = view;
  const account = accountOf(site.gateway, task.account);
  const props: TaskProps = { site, c, view };
  return (
    <Frame
      {...{ site, c }}
      title={`Task ${n}: ${KINDS[task.kind].toLowerCase()} ${nicknameOf(task)}`}
      current="/tasks"
    >
      <ErrorSummary title="Nothing was changed" faults={faults} />
      <div data-live id="state">
        <State {...props} />
        <TakeAction {...props} />
      </div>
      {isUnderWay(task) && (
        <>
          <section class="card" aria-label="Steps">
            <h2>In CleverTap's dashboard</h2>
            <Steps {...props} account={account} />
          </section>
          <TaskActions {...{ ...props, sent }} />
        </>
      )}
      {!isUnderWay(task) && <Closed {...props} />}
    </Frame>
  );
}

function State({ view: { task, other } }: TaskProps) {
  return (
    <>
      <div class="card">
        <dl class="facts short">
          <dt>State</dt>
          <dd>
            <StateBadge task={task} />
          </dd>
          <dt>Account</dt>
          <dd>
            <a href={`/accounts/${encodeURIComponent(task.account)}`}>{task.account}</a>
          </dd>
          <dt>Number</dt>
          <dd>{task.number}</dd>
          <dt>Asked by</dt>
          <dd>
            <AskerText mark={task.externalReference} />
          </dd>
          <dt>Since</dt>
          <dd>
            <When at={task.openedAt} />
          </dd>
        </dl>
      </div>
      {other && (
        <p class="notice warn">
          <Order task={task} other={other} />
        </p>
      )}
    </>
  );
}

/** Two tasks of one number: each says of the other what it means. */
function Order({ task, other }: { task: KeptTask; other: KeptTask }) {
  if (task.state === "open")
    return (
      <>
        This task waits behind <TaskLink n={other.n} />, which {other.takenBy} has taken.
      </>
    );
  return (
    <>
      The program has asked for something newer since: <TaskLink n={other.n} /> waits behind this one. Finish
      this one, or release it.
    </>
  );
}

/** What came of a task. */
function Closed({ view: { task } }: TaskProps) {
  const { evidence } = task;
  return (
    <div class="card">
      <dl class="facts">
        {task.closedAt && (
          <>
            <dt>Closed</dt>
            <dd>
              <When at={task.closedAt} />
              {task.closedBy && ` by ${task.closedBy}`}
            </dd>
          </>
        )}
        {task.reason && (
          <>
            <dt>What CleverTap said</dt>
            <dd>{task.reason}</dd>
          </>
        )}
        {task.found && (
          <>
            <dt>Found different</dt>
            <dd>{task.found.length > 0 ? task.found.join(", ") : "nothing"}</dd>
          </>
        )}
        {evidence?.numberDetails && (
          <>
            <dt>Kaleyra's number details</dt>
            <dd class="typed">{evidence.numberDetails}</dd>
          </>
        )}
        {evidence?.note && (
          <>
            <dt>Note</dt>
            <dd class="typed">{evidence.note}</dd>
          </>
        )}
      </dl>
      {task.state === "superseded" && (
        <p class="muted">The program asks for something else now, or for nothing any more.</p>
      )}
      <a class="button primary" href="/tasks">
        To the tasks
      </a>
    </div>
  );
}

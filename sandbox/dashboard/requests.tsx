import type { Hono } from "hono";
import { Problem } from "../../server/problem";
import { PostForm, SelectField, TextField } from "../../web/forms";
import { DataTable } from "../../web/table";
import { valid } from "../call-values";
import { FAULT } from "../control/bodies";
import { FAULT_KINDS, type FaultSpec } from "../control/faults";
import type { LoggedRequest, RequestFilter } from "../control/requests";
import { ActionButton, accountOf, type Desk, page, postedOf } from "./desk";
import { sectionPath, sectionRoute } from "./paths";
import { Time } from "./time";

const ROUTE = sectionRoute("requests");
/** The most requests on the page: the newest. */
const SHOWN = 50;

const KINDS = [
  { kind: "all", text: "All" },
  { kind: "api", text: "Provider API" },
  { kind: "kaleyra", text: "Kaleyra" },
  { kind: "callback", text: "Callbacks" },
] as const;

function kindOf(text: string | undefined): NonNullable<RequestFilter["kind"]> {
  return KINDS.find(({ kind }) => kind === text)?.kind ?? "all";
}

function Status({ status }: Pick<LoggedRequest, "status">) {
  if (status === undefined) return <span class="badge">under way</span>;
  if (status === 0) return <span class="badge bad">cut</span>;
  return <span class={status < 400 ? "badge good" : "badge bad"}>{status}</span>;
}

function Details({ seq, headers, body }: LoggedRequest) {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return (
    <details id={`request-${seq}`}>
      <summary>Show</summary>
      <pre>
        {lines.join("\n")}
        {body !== undefined && `\n\n${JSON.stringify(body, null, 2)}`}
      </pre>
    </details>
  );
}

function Requests({ desk, kind }: { desk: Desk; kind: RequestFilter["kind"] }) {
  const requests = desk.controls.requests({ kind });
  return (
    <DataTable
      caption={`The newest ${Math.min(SHOWN, requests.length)} of ${requests.length} requests`}
      head={["Request", "Status", "Account", "Time", "Details"]}
      rows={requests
        .slice(-SHOWN)
        .reverse()
        .map((request) => {
          const { method, path, query, account, at, status, fault } = request;
          const search = new URLSearchParams(query).toString();
          return [
            <>
              {method} {path}
              {search && `?${search}`}
            </>,
            <>
              <Status status={status} /> {fault && <span class="badge warn">fault: {fault}</span>}
            </>,
            account ?? "",
            <Time at={at} />,
            <Details {...request} />,
          ];
        })}
      empty="No request yet. What the dashboard does is not listed: it makes no request."
    />
  );
}

function Faults({ faults }: { faults: readonly FaultSpec[] }) {
  return (
    <DataTable
      caption="Armed faults"
      head={["Fault", "Hits", "Left", "Answer"]}
      rows={faults.map(({ kind, method, path, count, skip, status }) => [
        kind,
        `${method ?? "any method"} ${path ?? "/v1/whatsapp"}${skip ? `, after ${skip} more` : ""}`,
        count ?? "until cleared",
        status ?? "of the kind",
      ])}
      empty="No fault is armed."
    />
  );
}

const METHODS = ["", "GET", "POST", "PUT", "DELETE"];

/** What arrived, and what goes wrong on demand. */
export function requestRoutes(app: Hono, desk: Desk): void {
  const { world, controls, notices } = desk;

  app.get(ROUTE, (c) => {
    const account = accountOf(desk, c);
    const kind = kindOf(c.req.query("kind"));
    const path = (...more: string[]) => sectionPath(account.id, "requests", ...more);
    return page(
      c,
      desk,
      { title: "Requests and faults", account, section: "requests", isLive: true },
      <>
        <section class="card" aria-labelledby="faults-title">
          <h2 id="faults-title">Faults</h2>
          <p class="muted">
            A fault spoils the next calls that it fits, so that you see what a program makes of it.
          </p>
          <div id="faults" data-live>
            <Faults faults={world.faults.list()} />
          </div>
          <PostForm action={path("faults")} token={desk.token} label="Arm a fault" class="line">
            <SelectField
              name="kind"
              label="Fault"
              options={FAULT_KINDS.map((name) => [name, name])}
              value="status"
            />
            <SelectField
              name="method"
              label="Method"
              options={METHODS.map((name) => [name, name || "any"])}
            />
            <TextField name="path" label="Path begins with" value="/v1/whatsapp" />
            <TextField name="count" label="How often" value="1" inputmode="numeric" />
            <TextField name="status" label="Status (optional)" inputmode="numeric" />
            <button type="submit" class="primary">
              Arm fault
            </button>
          </PostForm>
          <ActionButton desk={desk} action={path("faults", "clear")} text="Clear faults" class="" />
        </section>
        <section class="card" aria-labelledby="requests-title">
          <div class="row spread">
            <h2 id="requests-title">Requests</h2>
            <ActionButton desk={desk} action={path("clear")} text="Clear the log" />
          </div>
          <nav class="tabs" aria-label="Kinds of requests">
            {KINDS.map((one) => (
              <a href={`${path()}?kind=${one.kind}`} aria-current={one.kind === kind ? "page" : undefined}>
                {one.text}
              </a>
            ))}
          </nav>
          <div id="requests" data-live>
            <Requests desk={desk} kind={kind} />
          </div>
        </section>
      </>,
    );
  });

  app.post(`${ROUTE}/faults`, async (c) => {
    const account = accountOf(desk, c);
    const posted = await postedOf(c);
    const number = (text: string | undefined) => (text ? Number(text) : undefined);
    const spec = {
      kind: posted.kind,
      method: posted.method || undefined,
      path: posted.path || undefined,
      count: number(posted.count),
      status: number(posted.status),
    };
    const [text, isGood] = armed(spec);
    return c.redirect(notices.add(sectionPath(account.id, "requests"), text, isGood), 303);
  });

  function armed(spec: unknown): [text: string, isGood: boolean] {
    try {
      controls.fault(valid(spec, FAULT));
      return ["The fault is armed.", true];
    } catch (error) {
      if (error instanceof Problem) return [error.message, false];
      throw error;
    }
  }

  app.post(`${ROUTE}/faults/clear`, (c) => {
    controls.clearFaults();
    return c.redirect(notices.add(sectionPath(accountOf(desk, c).id, "requests"), "No fault is armed."), 303);
  });
  app.post(`${ROUTE}/clear`, (c) => {
    controls.resetRequests();
    return c.redirect(notices.add(sectionPath(accountOf(desk, c).id, "requests"), "The log is empty."), 303);
  });
}

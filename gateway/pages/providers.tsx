import { Hono } from "hono";
import { PostForm, TextField } from "../../web/forms";
import { DataTable } from "../../web/table";
import { differences } from "../model/values";
import { type ProviderView, providerViews } from "../model/views";
import { askForLook } from "../model/work";
import type { Env, PageContext, Site } from "./context";
import { formOf } from "./form-body";
import { wordsOf } from "./form-fields";
import { Frame, mayAct, type PageProps, tokenOf } from "./frame";
import { AskerText } from "./marks";
import { listedPage, PAGE_SIZE, Paging, startOf } from "./paging";
import { TaskLink } from "./tasks";
import { When } from "./when";

const COLOURS = { active: "good", pending: "warn", refused: "bad", deleting: "warn" };

const DAY_MS = 24 * 60 * 60 * 1000;

/** What is declared, against what a person attested. */
function Attested({ view: { provider, attested } }: { view: ProviderView }) {
  if (!attested) return <span class="muted">never</span>;
  const different = differences(provider.values, attested.values);
  return (
    <>
      {different.length === 0 ? "equal" : `different: ${different.map(wordsOf).join(", ")}`}
      <br />
      <span class="muted">
        <When at={attested.at} /> by {attested.by}, <TaskLink n={attested.task} />
      </span>
    </>
  );
}

/** When somebody is asked to compare it with the dashboard, and a button to ask now. */
function NextLook({ site, c, view }: PageProps & { view: ProviderView }) {
  const { attested, look, status, provider } = view;
  if (look) return <TaskLink n={look.n} />;
  const days = site.options.attestEveryDays;
  const due = attested && days !== undefined && new Date(Date.parse(attested.at) + days * DAY_MS);
  const canAsk = attested && status === "active" && mayAct(c, "operator");
  return (
    <>
      {due ? <When at={due.toISOString()} /> : <span class="muted">none</span>}
      {canAsk && (
        <PostForm action="/providers/look" token={tokenOf(c)}>
          <input type="hidden" name="id" value={provider.id} />
          <button type="submit" class="small" aria-label={`Ask for a look at ${provider.values.nickname}`}>
            Ask now
          </button>
        </PostForm>
      )}
    </>
  );
}

function Status({ view: { status, task, provider } }: { view: ProviderView }) {
  return (
    <>
      <span class={`badge ${COLOURS[status]}`}>{status}</span> {task && <TaskLink n={task.n} />}
      {provider.statusReason && (
        <>
          <br />
          {provider.statusReason}
        </>
      )}
    </>
  );
}

function ProvidersPage({ site, c }: PageProps) {
  const { account = "", number = "", after } = c.req.query();
  const start = startOf(after);
  const views = providerViews(site.gateway, {
    account: account || undefined,
    number: number || undefined,
    after: start,
    most: PAGE_SIZE + 1,
  });
  const { items, next } = listedPage(views, ({ provider }) => provider.seq);
  const head = ["Provider", "Account", "Declared by", "Status", "Attested", "Next look"];
  const rows = items.map((view) => {
    const { values, account, externalReference } = view.provider;
    return [
      <>
        {values.nickname} {values.isDefault && <span class="badge">default</span>}
        <br />
        <span class="muted nowrap">{values.mobileNumber}</span>
      </>,
      <a class="nowrap" href={`/accounts/${encodeURIComponent(account)}`}>
        {account}
      </a>,
      <AskerText mark={externalReference} />,
      <Status view={view} />,
      <Attested view={view} />,
      <NextLook {...{ site, c, view }} />,
    ];
  });
  return (
    <Frame {...{ site, c }} title="Providers" current="/providers">
      <form method="get" action="/providers" class="filter" aria-label="Filter">
        <TextField name="number" label="Number" type="search" value={number} />
        <TextField name="account" label="Account" type="search" value={account} />
        <button type="submit">Filter</button>
      </form>
      <div data-live id="providers" class="card">
        <DataTable
          caption="What programs declare, and what a person last saw in the dashboard"
          {...{ head, rows }}
          empty={account || number ? "No provider fits." : "No program has declared a provider yet."}
        />
        <Paging path="/providers" parameters={{ account, number }} {...{ start, next }} />
      </div>
    </Frame>
  );
}

/** `/providers`: declared against attested. */
export function providerPages(site: Site): Hono<Env> {
  const app = new Hono<Env>();
  app.get("/providers", (c) => c.html(<ProvidersPage {...{ site, c }} />));
  app.post("/providers/look", async (c: PageContext) => {
    const id = (await formOf(c)).text("id");
    const { n } = askForLook(site.gateway, id, c.get("session").actor);
    return c.redirect(`/tasks/${n}`, 303);
  });
  return app;
}

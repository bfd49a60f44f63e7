import { Hono } from "hono";
import { CopyValue } from "../../web/copy";
import { ErrorSummary, PostForm, TextField } from "../../web/forms";
import { DataTable } from "../../web/table";
import { accountOf, listAccounts, setDefaults } from "../accounts";
import { baseOf } from "../trust/addresses";
import { Refused } from "../trust/roles";
import type { Env, Site } from "./context";
import { formOf, type SentForm } from "./form-body";
import { Frame, mayAct, type PageProps, tokenOf } from "./frame";
import { address } from "./paging";
import { STATUS } from "./refusal";
import { When } from "./when";

/** What the form shows before Save, and where the form is. */
const FIELDS = [
  { name: "inboundMessageCallbackUrl", label: "Inbound message callback URL" },
  { name: "deliveryReportCallbackUrl", label: "Delivery report callback URL" },
  { name: "payloadVersion", label: "Payload version" },
] as const;
const DASHBOARD = { name: "dashboardUrl", label: "Address of the dashboard" } as const;

function AccountsPage({ site, c }: PageProps) {
  const rows = listAccounts(site.gateway).map(({ id, defaults }) => [
    <a href={`/accounts/${encodeURIComponent(id)}`}>{id}</a>,
    defaults ? (
      <>
        <span class="badge good">entered</span> <When at={defaults.at} /> by {defaults.by}
      </>
    ) : (
      <span class="badge warn">to be entered</span>
    ),
  ]);
  return (
    <Frame {...{ site, c }} title="Accounts" current="/accounts">
      <div class="card">
        <DataTable
          caption="Accounts of CleverTap that programs may call for"
          head={["Account", "Callback URLs and payload version"]}
          rows={rows}
          empty={
            <>
              No account yet. Add one where the gateway runs: <code>gateway account add ID</code>
            </>
          }
        />
      </div>
    </Frame>
  );
}

interface AccountPageProps extends PageProps {
  readonly id: string;
  readonly fault?: string;
  readonly sent?: SentForm;
}

/** @throws Refused not-found */
function AccountPage({ site, c, id, fault, sent }: AccountPageProps) {
  const account = accountOf(site.gateway, id);
  if (!account) throw new Refused("not-found", "There is no such account.");
  const { defaults } = account;
  const wrong =
    fault === undefined ? undefined : [...FIELDS, DASHBOARD].find(({ name }) => fault.startsWith(name));
  const faults = fault === undefined ? [] : [{ field: wrong?.name, message: fault }];
  return (
    <Frame {...{ site, c }} title={`Account ${id}`} current="/accounts">
      <ErrorSummary title="Nothing was changed" faults={faults} />
      {!defaults && (
        <p class="notice warn">
          Programs of this account wait: copy the three values from its form, Settings &gt; Channels &gt;
          WhatsApp &gt; + Provider. The form shows them before Save.
        </p>
      )}
      <section class="card" aria-label="Values of the form">
        <h2>What the form shows before Save</h2>
        {defaults && (
          <p class="muted">
            Copied by {defaults.by}, <When at={defaults.at} />.
          </p>
        )}
        {mayAct(c, "operator") ? (
          <PostForm
            action={`/accounts/${encodeURIComponent(id)}`}
            token={tokenOf(c)}
            label="Values of the form"
          >
            {[...FIELDS, DASHBOARD].map(({ name, label }) => (
              <TextField
                {...{ name, label }}
                value={sent?.text(name) ?? defaults?.[name]}
                inputmode={name === "payloadVersion" ? "text" : "url"}
                hint={name === "dashboardUrl" ? "Optional: tasks link to it." : undefined}
                error={wrong?.name === name ? fault : undefined}
                required={name !== "dashboardUrl"}
              />
            ))}
            <button type="submit" class="primary">
              Save
            </button>
          </PostForm>
        ) : (
          <dl class="facts">
            {FIELDS.map(({ name, label }) => (
              <>
                <dt>{label}</dt>
                <dd>{defaults?.[name] ?? "not entered yet"}</dd>
              </>
            ))}
          </dl>
        )}
      </section>
      <section class="card" aria-label="For programs">
        <h2>For programs</h2>
        <p>Settings of a stack that declares providers of this account:</p>
        {[
          [
            "endpoint",
            `pulumi config set clevertap:endpoint ${baseOf(site.options.addressing, c.env.incoming)}`,
          ],
          ["accountId", `pulumi config set clevertap:accountId ${id}`],
          ["passcode", "pulumi config set --secret clevertap:passcode"],
        ].map(([name, command]) => (
          <p>
            <CopyValue id={`command-${name}`}>{command}</CopyValue>
          </p>
        ))}
      </section>
      <p>
        <a href={address("/providers", { account: id })}>Providers of this account</a> ·{" "}
        <a href={address("/tasks", { account: id })}>Tasks of this account</a>
      </p>
    </Frame>
  );
}

/** `/accounts` and `/accounts/ID`. */
export function accountPages(site: Site): Hono<Env> {
  const app = new Hono<Env>();
  app.get("/accounts", (c) => c.html(<AccountsPage {...{ site, c }} />));
  app.get("/accounts/:id", (c) => c.html(<AccountPage {...{ site, c }} id={c.req.param("id")} />));
  app.post("/accounts/:id", async (c) => {
    const id = c.req.param("id");
    const form = await formOf(c);
    const [inboundMessageCallbackUrl, deliveryReportCallbackUrl, payloadVersion] = FIELDS.map(({ name }) =>
      form.text(name).trim(),
    ) as [string, string, string];
    const dashboardUrl = form.text(DASHBOARD.name).trim() || undefined;
    const given = { inboundMessageCallbackUrl, deliveryReportCallbackUrl, payloadVersion, dashboardUrl };
    try {
      setDefaults(site.gateway, id, given, c.get("session").actor);
      return c.redirect(`/accounts/${encodeURIComponent(id)}`, 303);
    } catch (error) {
      if (!(error instanceof Refused) || error.kind === "not-found") throw error;
      return c.html(
        <AccountPage {...{ site, c, id }} fault={error.message} sent={form} />,
        STATUS[error.kind],
      );
    }
  });
  return app;
}

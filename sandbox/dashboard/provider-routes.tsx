import type { Context, Hono } from "hono";
import { HTTPException } from "hono/http-exception";
import type { Provider } from "../../contract/types";
import { PostForm } from "../../web/forms";
import type { SandboxAccount } from "../options";
import { callApi, type Outcome } from "./api";
import { accountOf, type Desk, page, postedOf } from "./desk";
import { drafts } from "./drafts";
import { formFaults } from "./faults";
import { Origin } from "./origin";
import { sectionPath, sectionRoute } from "./paths";
import { ProviderForm, type ProviderFormProps } from "./provider-form";
import { filledRows, type PairRow, postedRows, requestFrom, requestOf, startValues } from "./provider-input";
import { ProviderList } from "./provider-list";

const TRAIL = ["Settings", "Channels"];
const ROUTE = sectionRoute("whatsapp");

const listPath = ({ id }: SandboxAccount) => sectionPath(id, "whatsapp");

/** Settings > Channels > WhatsApp: the list of an account, + Provider, edit, delete and the default. */
export function providerRoutes(app: Hono, desk: Desk): void {
  const { world, controls, notices } = desk;
  const unsaved = drafts();

  /** @throws HTTPException 404 */
  function providerOf(c: Context, account: SandboxAccount): Provider {
    const found = controls.providers(account.id).find(({ id }) => id === c.req.param("id"));
    if (!found) throw new HTTPException(404, { message: "This account has no such provider any more." });
    return found;
  }

  function showForm(
    c: Context,
    account: SandboxAccount,
    form: Pick<ProviderFormProps, "values" | "rows" | "draft" | "faults" | "provider" | "newRow">,
    status = 200,
  ) {
    const { provider } = form;
    const { readOnly = false } = account;
    const title = provider ? `${readOnly ? "" : "Edit "}${provider.nickname}` : "+ Provider";
    return page(
      c,
      desk,
      { title, account, section: "whatsapp", trail: [...TRAIL, "WhatsApp"], status },
      <>
        {provider && (
          <p class="muted">
            <Origin mark={provider.externalReference} />, id <code>{provider.id}</code>, revision{" "}
            {provider.revision}
          </p>
        )}
        <ProviderForm
          {...form}
          desk={desk}
          action={sectionPath(account.id, "whatsapp", provider?.id ?? "new")}
          back={listPath(account)}
          defaults={world.defaults(account.id)}
          isLocked={readOnly}
        />
      </>,
    );
  }

  /** What a button of the posted form asks for: another pair, one less, or Save. */
  async function answerForm(c: Context, provider?: Provider) {
    const account = accountOf(desk, c);
    const values = await postedOf(c);
    const { id: draftId, draft } = unsaved.open(values.draft);
    const rows = postedRows(values, draft, provider);
    const { intent = "save" } = values;
    const form = { values, draft: draftId, provider };
    if (intent === "add") {
      const added = emptyRow(rows);
      return showForm(c, account, { ...form, rows: [...rows, added], newRow: added.row });
    }
    const removed = /^remove-(\d+)$/.exec(intent)?.[1];
    if (removed !== undefined) {
      draft.delete(Number(removed));
      return showForm(c, account, { ...form, rows: rows.filter(({ row }) => row !== Number(removed)) });
    }
    const body = requestFrom(values, rows, draft, provider);
    const { refusal } = provider
      ? await callApi(world, account, "PUT", `/${provider.id}`, { body, revision: values.revision })
      : await callApi(world, account, "POST", "", { body });
    if (refusal)
      return showForm(
        c,
        account,
        { ...form, rows, faults: formFaults(refusal, filledRows(rows)) },
        refusal.status,
      );
    unsaved.drop(draftId);
    const text = `Provider Details ${provider ? "Updated" : "Added"} Successfully`;
    return c.redirect(notices.add(listPath(account), text), 303);
  }

  /** Back to the list, with what came of the action. */
  function backToList(c: Context, account: SandboxAccount, { refusal }: Outcome, done: string) {
    const text = refusal
      ? formFaults(refusal, [])
          .map(({ message }) => message)
          .join(". ")
      : done;
    return c.redirect(notices.add(listPath(account), text, !refusal), 303);
  }

  app.get(ROUTE, (c) => {
    const account = accountOf(desk, c);
    return page(
      c,
      desk,
      { title: "WhatsApp", account, section: "whatsapp", trail: TRAIL, isLive: true },
      <section class="card">
        {!account.readOnly && (
          <p>
            <a class="button primary" href={sectionPath(account.id, "whatsapp", "new")}>
              + Provider
            </a>
          </p>
        )}
        <div id="providers" data-live>
          <ProviderList desk={desk} account={account} />
        </div>
      </section>,
    );
  });

  app.get(`${ROUTE}/new`, (c) => showForm(c, accountOf(desk, c), startValues(undefined)));
  app.post(`${ROUTE}/new`, (c) => answerForm(c));
  app.get(`${ROUTE}/:id`, (c) => {
    const account = accountOf(desk, c);
    const provider = providerOf(c, account);
    return showForm(c, account, { ...startValues(provider), provider });
  });
  app.post(`${ROUTE}/:id`, (c) => answerForm(c, providerOf(c, accountOf(desk, c))));

  app.post(`${ROUTE}/:id/default`, async (c) => {
    const account = accountOf(desk, c);
    const provider = providerOf(c, account);
    const outcome = await callApi(world, account, "PUT", `/${provider.id}`, {
      body: requestOf(provider, { markAsDefault: true }),
      revision: String(provider.revision),
    });
    return backToList(c, account, outcome, `${provider.nickname} is the default now.`);
  });

  app.get(`${ROUTE}/:id/delete`, (c) => {
    const account = accountOf(desk, c);
    const { id, nickname, mobileNumber, revision, externalReference } = providerOf(c, account);
    return page(
      c,
      desk,
      { title: `Delete ${nickname}?`, account, section: "whatsapp", trail: [...TRAIL, "WhatsApp"] },
      <section class="card">
        <p>
          Campaigns can no longer send from {mobileNumber}. The provider is{" "}
          <Origin mark={externalReference} />.
        </p>
        <PostForm action={sectionPath(account.id, "whatsapp", id, "delete")} token={desk.token} class="row">
          <input type="hidden" name="revision" value={revision} />
          <button type="submit" class="danger">
            Delete
          </button>
          <a class="button" href={listPath(account)}>
            Cancel
          </a>
        </PostForm>
      </section>,
    );
  });
  app.post(`${ROUTE}/:id/delete`, async (c) => {
    const account = accountOf(desk, c);
    const provider = providerOf(c, account);
    const { revision } = await postedOf(c);
    const outcome = await callApi(world, account, "DELETE", `/${provider.id}`, { revision });
    return backToList(c, account, outcome, `${provider.nickname} is deleted.`);
  });
}

function emptyRow(rows: readonly PairRow[]): PairRow {
  return { row: Math.max(-1, ...rows.map(({ row }) => row)) + 1, key: "", value: "", isKept: false };
}

import type { Hono } from "hono";
import { Problem } from "../../server/problem";
import { PostForm, SelectField, TextField } from "../../web/forms";
import { DataTable } from "../../web/table";
import { callbackCounts, receivedCallbacks } from "../clevertap/callbacks";
import { BarChart } from "./chart";
import { accountOf, type Desk, page, postedOf } from "./desk";
import { sectionPath, sectionRoute } from "./paths";
import { Time } from "./time";

const ROUTE = sectionRoute("campaigns");
/** The most rows of a table: the newest. */
const SHOWN = 20;

function Statistics({ desk: { world }, account }: { desk: Desk; account: string }) {
  const { sent, delivered, read, failed } = callbackCounts(world, account);
  const campaigns = world.campaigns.all().filter(({ accountId }) => accountId === account);
  return (
    <>
      <BarChart
        label="Delivery reports"
        bars={[
          { text: "Sent", count: sent, kind: "neutral" },
          { text: "Delivered", count: delivered, kind: "good" },
          { text: "Read", count: read, kind: "good" },
          { text: "Failed", count: failed, kind: "bad" },
        ]}
      />
      <DataTable
        caption="Campaigns, the newest first"
        head={[
          "Number",
          "Messages",
          "Refused",
          "Sent",
          "Delivered",
          "Read",
          "Failed",
          "Replies",
          "Why refused",
        ]}
        numbers={[1, 2, 3, 4, 5, 6, 7]}
        rows={campaigns
          .reverse()
          .slice(0, SHOWN)
          .map((one) => [
            one.mobileNumber,
            one.recipients,
            one.refused,
            one.sent,
            one.delivered,
            one.read,
            one.failed,
            one.replies,
            one.reasons.join("; "),
          ])}
        empty="No campaign yet."
      />
    </>
  );
}

/** What Kaleyra passed on, as far as it has the documented shape. */
interface InboundBody {
  readonly from?: unknown;
  readonly wabaNumber?: unknown;
  readonly text?: { readonly body?: unknown };
  readonly context?: { readonly id?: unknown };
}

function InboundMessages({ desk: { world }, account }: { desk: Desk; account: string }) {
  const messages = receivedCallbacks(world, account).filter(({ kind }) => kind === "inbound");
  const words = (value: unknown) => (typeof value === "string" ? value : "");
  return (
    <DataTable
      caption="Inbound messages, the newest first"
      head={["From", "To", "Message", "Answer to", "Received"]}
      rows={messages
        .reverse()
        .slice(0, SHOWN)
        .map(({ body, status, receivedAt }) => {
          const { from, wabaNumber, text, context } = body as InboundBody;
          return [
            words(from),
            words(wabaNumber),
            words(text?.body) || `(${status})`,
            words(context?.id),
            <Time at={receivedAt} />,
          ];
        })}
      empty="No inbound message yet."
    />
  );
}

/** Campaign statistics and inbound messages of an account, and the two buttons that make some. */
export function campaignRoutes(app: Hono, desk: Desk): void {
  const { controls, notices } = desk;

  app.get(ROUTE, (c) => {
    const account = accountOf(desk, c);
    const numbers = controls.providers(account.id).map(({ mobileNumber, nickname }) => {
      return [mobileNumber, `${mobileNumber} (${nickname})`] as const;
    });
    const path = (...more: string[]) => sectionPath(account.id, "campaigns", ...more);
    return page(
      c,
      desk,
      { title: "Campaigns and messages", account, section: "campaigns", isLive: true },
      <>
        <section class="card" aria-labelledby="statistics-title">
          <h2 id="statistics-title">Campaigns</h2>
          <div id="statistics" data-live>
            <Statistics desk={desk} account={account.id} />
          </div>
          {/* Up to date as long as there is nothing to type into. */}
          <div id="campaign-form" data-live={numbers.length === 0 || undefined}>
            {numbers.length > 0 ? (
              <PostForm action={path("send")} token={desk.token} label="Send a campaign" class="line">
                <SelectField name="campaign-number" label="From" options={numbers} />
                <TextField name="recipients" label="Recipients (1 to 99)" value="10" inputmode="numeric" />
                <button type="submit" class="primary">
                  Send campaign
                </button>
              </PostForm>
            ) : (
              <p class="muted">A campaign needs a provider.</p>
            )}
          </div>
        </section>
        <section class="card" aria-labelledby="inbound-title">
          <h2 id="inbound-title">Inbound messages</h2>
          <div id="inbound" data-live>
            <InboundMessages desk={desk} account={account.id} />
          </div>
          <div id="inbound-form" data-live={numbers.length === 0 || undefined}>
            {numbers.length > 0 && (
              <PostForm action={path("inbound")} token={desk.token} label="Write to a number" class="line">
                <SelectField name="inbound-number" label="To" options={numbers} />
                <TextField name="from" label="From" value="14155550101" inputmode="numeric" />
                <TextField name="text" label="Message" value="Hello" />
                <button type="submit">Send inbound message</button>
              </PostForm>
            )}
          </div>
        </section>
      </>,
    );
  });

  app.post(`${ROUTE}/send`, async (c) => {
    const account = accountOf(desk, c);
    const { "campaign-number": mobileNumber = "", recipients = "" } = await postedOf(c);
    const back = (text: string, isGood: boolean) =>
      c.redirect(notices.add(sectionPath(account.id, "campaigns"), text, isGood), 303);
    const count = Number(recipients);
    if (!Number.isInteger(count) || count < 1 || count > 99)
      return back("Recipients: must be 1 to 99.", false);
    const { accepted, refused, reasons } = await controls.campaign({
      mobileNumber,
      accountId: account.id,
      recipients: count,
    });
    if (refused === 0) return back(`The HTTP End Point took all ${accepted} messages.`, true);
    return back(`The HTTP End Point refused ${refused} of ${count} messages: ${reasons.join("; ")}.`, false);
  });

  app.post(`${ROUTE}/inbound`, async (c) => {
    const account = accountOf(desk, c);
    const { "inbound-number": number = "", from, text } = await postedOf(c);
    if (!controls.providers(account.id).some(({ mobileNumber }) => mobileNumber === number))
      throw new Problem("provider-not-found", `No provider has the number ${number}.`);
    const { delivered, reason } = await controls.receiveInbound(number, { from, text });
    const words = delivered ? "The message arrived." : `The message did not arrive: ${reason}.`;
    return c.redirect(notices.add(sectionPath(account.id, "campaigns"), words, delivered), 303);
  });
}

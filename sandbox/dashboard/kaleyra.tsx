import { randomBytes } from "node:crypto";
import type { Context, Hono } from "hono";
import { HTTPException } from "hono/http-exception";
import { KALEYRA_HEADERS } from "../../contract/headers";
import { incomingUrlQuery } from "../../contract/incoming-url";
import { CopyValue } from "../../web/copy";
import { PostForm, TextField } from "../../web/forms";
import { DataTable } from "../../web/table";
import { addresses } from "../addresses";
import { incomingTarget } from "../kaleyra/incoming";
import { numbersText } from "../kaleyra/numbers";
import { apiKeysOf, type SandboxAccount } from "../options";
import type { World } from "../world";
import { ActionButton, accountOf, type Desk, page, postedOf } from "./desk";
import { sectionPath, sectionRoute } from "./paths";

const ROUTE = sectionRoute("kaleyra");

/** A key as a page may show it before somebody asks for it. */
const shape = (text: string) => `${text.slice(0, 1)}${"•".repeat(7)} (${text.length} characters)`;

function Credentials({ desk, account, isOpen }: { desk: Desk; account: SandboxAccount; isOpen: boolean }) {
  const { kaleyra } = desk.world;
  const path = (...more: string[]) => sectionPath(account.id, "kaleyra", ...more);
  const keys = apiKeysOf(kaleyra);
  const secret = (id: string, text: string) => (isOpen ? <CopyValue id={id}>{text}</CopyValue> : shape(text));
  return (
    <>
      <DataTable
        caption="What the stand-in accepts as header values"
        head={["Header", "Value", "Use", "Actions"]}
        rows={[
          [KALEYRA_HEADERS.sid, secret("sid", kaleyra.sid), "every call", ""],
          ...keys.map((key, index) => [
            KALEYRA_HEADERS.apiKey,
            secret(`api-key-${index}`, key),
            index === 0 ? "new providers" : "also valid",
            keys.length > 1 && (
              <ActionButton
                desk={desk}
                action={path("retire")}
                text="Retire"
                about={`key ${index + 1}`}
                values={{ index: String(index) }}
              />
            ),
          ]),
        ]}
        empty=""
      />
      <div class="row">
        {!isOpen && (
          <ActionButton desk={desk} action={path("reveal")} text="Reveal" about="SID and keys" class="" />
        )}
        <ActionButton desk={desk} action={path("add-key")} text="Add a key" class="" />
      </div>
      <p class="hint">
        To rehearse a rotation: add a key, set it with <code>pulumi config set --secret apiKey</code>, run{" "}
        <code>pulumi up</code>, and retire the old one.
      </p>
    </>
  );
}

/** What has to be typed at Kaleyra for a number: the base address that its support hands out, and what CleverTap shows. */
function incomingUrlFor(world: World, account: string): string {
  return `${addresses(world).incomingBaseUrl}?${incomingUrlQuery(world.defaults(account))}`;
}

function IncomingUrls({ world, account }: { world: World; account: SandboxAccount }) {
  const numbers = world.providers
    .all()
    .filter((kept) => kept.account === account.id)
    .map(({ mobileNumber }) => mobileNumber);
  return (
    <DataTable
      caption={`Incoming URLs of the numbers of account ${account.id}`}
      head={["Number", "Incoming URL", "State"]}
      rows={numbers.map((number) => {
        const url = world.incomingUrls.get(number);
        const target = incomingTarget(world, url);
        const isGood = typeof target !== "string";
        return [
          number,
          url ?? <span class="muted">not set</span>,
          isGood ? (
            <span class="badge good">leads to CleverTap</span>
          ) : (
            <span class="badge warn">{target}</span>
          ),
        ];
      })}
      empty="This account has no provider, and so no number to set one for."
    />
  );
}

/** Kaleyra's side: numbers, credentials, and the Incoming URLs, with what to type where. */
export function kaleyraRoutes(app: Hono, desk: Desk): void {
  const { world, controls, notices } = desk;

  function show(c: Context, isOpen = false) {
    const account = accountOf(desk, c);
    const { httpEndpoint, kaleyraHost } = addresses(world);
    return page(
      c,
      desk,
      { title: "Kaleyra's side", account, section: "kaleyra", isLive: !isOpen },
      <>
        <section class="card" aria-labelledby="type-title">
          <h2 id="type-title">What to type in + Provider</h2>
          <dl class="facts">
            <dt>Mobile number</dt>
            <dd>{numbersText(controls.state().numbers)}</dd>
            <dt>HTTP End Point</dt>
            <dd>
              <CopyValue id="http-end-point">{httpEndpoint}</CopyValue>
            </dd>
            <dt>{KALEYRA_HEADERS.kaleyraHost}</dt>
            <dd>
              <CopyValue id="host">{kaleyraHost}</CopyValue>
              <span class="hint">or one of {world.settings.kaleyraHosts.join(", ")}</span>
            </dd>
          </dl>
          <div id="credentials" data-live>
            <Credentials desk={desk} account={account} isOpen={isOpen} />
          </div>
        </section>
        <section class="card" aria-labelledby="incoming-title">
          <h2 id="incoming-title">Incoming URL</h2>
          <p>
            Inbound messages reach CleverTap when the number's Incoming URL is the base that Kaleyra's support
            hands out, followed by the callback URL and the payload version of Setup:
          </p>
          <p>
            <CopyValue id="incoming-url">{incomingUrlFor(world, account.id)}</CopyValue>
          </p>
          <div id="incoming" data-live>
            <IncomingUrls world={world} account={account} />
          </div>
          <PostForm
            action={sectionPath(account.id, "kaleyra", "incoming")}
            token={desk.token}
            label="Set an Incoming URL"
            class="line"
          >
            <TextField name="number" label="Number" inputmode="numeric" />
            <TextField name="url" label="Incoming URL" inputmode="url" />
            <button type="submit">Set Incoming URL</button>
          </PostForm>
        </section>
      </>,
    );
  }

  const back = (c: Context, text: string, isGood = true) =>
    c.redirect(notices.add(sectionPath(accountOf(desk, c).id, "kaleyra"), text, isGood), 303);

  app.get(ROUTE, (c) => show(c));
  app.post(`${ROUTE}/reveal`, (c) => show(c, true));
  app.post(`${ROUTE}/add-key`, (c) => {
    const { sid } = world.kaleyra;
    const apiKey = `A${randomBytes(16).toString("hex")}`;
    controls.setKaleyra({ sid, apiKey, otherApiKeys: apiKeysOf(world.kaleyra) });
    return back(c, "A new key is valid beside the others. Reveal shows it.");
  });
  app.post(`${ROUTE}/retire`, async (c) => {
    const { index } = await postedOf(c);
    const { sid } = world.kaleyra;
    const [apiKey, ...otherApiKeys] = apiKeysOf(world.kaleyra).filter((_, at) => String(at) !== index);
    if (apiKey === undefined) throw new HTTPException(409, { message: "The last key can't be retired." });
    controls.setKaleyra({ sid, apiKey, otherApiKeys });
    return back(c, "The key is no longer valid.");
  });
  app.post(`${ROUTE}/incoming`, async (c) => {
    const { number = "", url = "" } = await postedOf(c);
    if (!/^\d+$/.test(number)) return back(c, "Number: must be digits.", false);
    if (!URL.canParse(url)) return back(c, "Incoming URL: must be an absolute URL.", false);
    controls.setIncomingUrl(number, url);
    return back(c, `The Incoming URL of ${number} is set.`);
  });
}

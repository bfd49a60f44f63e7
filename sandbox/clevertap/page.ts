import type { Answer } from "../../server/http";
import { router } from "../../server/routes";
import { controlsOf } from "../control/controls";
import { numbersText } from "../kaleyra/numbers";
import type { World } from "../world";

const ESCAPES: Record<string, string> = { "&": "amp", "<": "lt", ">": "gt", '"': "quot", "'": "#39" };

function escapeHtml(value: unknown): string {
  return String(value).replace(/[&<>"']/g, (sign) => `&${ESCAPES[sign]};`);
}

function table(head: readonly string[], rows: readonly (readonly unknown[])[], empty: string): string {
  if (rows.length === 0) return `<p>${escapeHtml(empty)}</p>`;
  const cells = (tag: string, values: readonly unknown[]) =>
    values.map((value) => `<${tag}>${escapeHtml(value)}</${tag}>`).join("");
  const lines = rows.map((row) => `<tr>${cells("td", row)}</tr>`).join("\n");
  return `<table>\n<thead><tr>${cells("th", head)}</tr></thead>\n<tbody>\n${lines}\n</tbody>\n</table>`;
}

const STYLE = `body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:70rem;padding:0 1rem;color:#1b1b1b;background:#fff}
table{border-collapse:collapse;width:100%}td:last-child{overflow-wrap:anywhere}th,td{border-bottom:1px solid #ccc;padding:.4rem .8rem;text-align:left}
code{overflow-wrap:anywhere}@media(prefers-color-scheme:dark){body{color:#eee;background:#161616}th,td{border-color:#444}}`;

/** The page to look at: what the accounts hold and what arrived. It shows no secret. */
function page(world: World): Answer {
  const state = controlsOf(world).state();
  const sections = state.accounts.map((account) => {
    const rows = account.providers.map((item) => [
      item.nickname,
      item.mobileNumber,
      item.id,
      item.isDefault ? "yes" : "",
      item.revision,
      item.externalReference === undefined ? "made by hand" : `made by Pulumi (${item.externalReference})`,
    ]);
    const { inbound, sent, delivered, read, failed } = account.callbacks;
    return `<section><h2>Account ${escapeHtml(account.id)}${account.readOnly ? " (may only read)" : ""}</h2>
${table(["Nickname", "Number", "Id", "Default", "Revision", "Origin"], rows, "No WhatsApp provider.")}
<p>Received: ${inbound} inbound messages; delivery reports: ${sent} sent, ${delivered} delivered, ${read} read, ${failed} failed.</p></section>`;
  });
  const last = state.lastCampaign;
  const campaign = last && {
    Number: last.mobileNumber,
    Messages: last.recipients,
    Accepted: last.accepted,
    Sent: last.sent,
    Delivered: last.delivered,
    Read: last.read,
    Failed: last.failed,
    Replies: last.replies,
  };
  const body = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>WhatsApp provider sandbox</title><style>${STYLE}</style></head>
<body><main><h1>WhatsApp provider sandbox</h1>
<p>It stands in for CleverTap and Kaleyra on this machine. API base: <code>${escapeHtml(state.endpoint)}</code>.
HTTP End Point: <code>${escapeHtml(state.httpEndpoint)}</code></p>
<p>${escapeHtml(numbersText(state.numbers))}</p>
${sections.join("\n")}
<section><h2>Last campaign</h2>${campaign ? table(Object.keys(campaign), [Object.values(campaign)], "") : "<p>None yet.</p>"}</section></main></body></html>
`;
  const policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";
  return {
    status: 200,
    headers: { "Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": policy },
    body,
  };
}

export const pageCall = router<World>({ "GET /": page, "HEAD /": page }, "");

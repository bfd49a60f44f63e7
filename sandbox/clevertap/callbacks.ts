import { type Answer, type Call, json, jsonBody } from "../../server/http";
import { Problem } from "../../server/problem";
import type { SandboxAccount } from "../options";
import { callbackToken, type World } from "../world";

/** A delivery report or an inbound message that arrived. */
export interface ReceivedCallback {
  readonly account: string;
  readonly kind: "delivery" | "inbound";
  /** The message that it is about. */
  readonly subject: string;
  /** sent, delivered, read or failed; the message's type for an inbound one. */
  readonly status: string;
  readonly body: unknown;
  readonly receivedAt: string;
}

/** How many callbacks of an account arrived. */
export interface CallbackCounts {
  readonly inbound: number;
  readonly sent: number;
  readonly delivered: number;
  readonly read: number;
  readonly failed: number;
}

const STATUSES = ["sent", "delivered", "read", "failed"];

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function refuse(why: string): Problem {
  return new Problem("invalid-field", why, { errors: [{ pointer: "", code: "invalid", message: why }] });
}

/** What is to be kept of a callback's body. @throws Problem when it has not the documented shape */
function entries(
  kind: string,
  body: Record<string, unknown>,
): { subject: string; status: string; body: unknown }[] {
  if (kind === "inbound") {
    const from = text(body.from);
    const type = text(body.type);
    if (!from || !type || !text(body.wabaNumber))
      throw refuse("An inbound message has from, wabaNumber and type.");
    const context = body.context as { id?: unknown } | undefined;
    return [{ subject: text(context?.id) ?? from, status: type, body }];
  }
  if (!Array.isArray(body.statuses)) throw refuse("A delivery report has statuses.");
  return body.statuses.map((entry: { msgId?: unknown; status?: unknown }) => {
    const subject = text(entry?.msgId);
    const status = text(entry?.status);
    if (!subject || !status || !STATUSES.includes(status))
      throw refuse(`Each status has a msgId and is one of ${STATUSES.join(", ")}.`);
    return { subject, status, body: entry };
  });
}

/** The receivers behind the two callback URLs. @throws Problem */
export function callbackCall(world: World, call: Call): Answer {
  const [, token, kind = ""] = /^\/callbacks\/([^/]+)\/(inbound|delivery)$/.exec(call.path) ?? [];
  const account = world.settings.accounts.find((candidate) => callbackToken(candidate) === token);
  if (!account) throw new Problem("not-found", "There is no such callback address.");
  if (call.method !== "POST") throw new Problem("method-not-allowed", "Post to it.", {}, { Allow: "POST" });
  const body = jsonBody(call);
  if (typeof body !== "object" || body === null) throw refuse("The body must be an object.");
  const version = (body as { payloadVersion?: unknown }).payloadVersion;
  if (version !== world.settings.payloadVersion)
    throw refuse(`payloadVersion must be ${world.settings.payloadVersion}.`);
  const kept = entries(kind, body as Record<string, unknown>);
  const insert = world.database.prepare(
    "INSERT INTO callbacks (account, kind, subject, status, body, received_at) VALUES (?, ?, ?, ?, ?, ?)",
  );
  for (const entry of kept)
    insert.run(
      account.id,
      kind,
      entry.subject,
      entry.status,
      JSON.stringify(entry.body),
      new Date().toISOString(),
    );
  return json(200, { status: "success" });
}

/** What arrived, oldest first; `about` is the start of the message ids. */
export function receivedCallbacks(world: World, account?: string, about = ""): ReceivedCallback[] {
  const rows = world.database
    .prepare(
      "SELECT * FROM callbacks WHERE (?1 IS NULL OR account = ?1) AND substr(subject, 1, length(?2)) = ?2 ORDER BY seq",
    )
    .all(account ?? null, about);
  return rows.map((row) => ({
    account: String(row.account),
    kind: row.kind === "inbound" ? "inbound" : "delivery",
    subject: String(row.subject),
    status: String(row.status),
    body: JSON.parse(String(row.body)),
    receivedAt: String(row.received_at),
  }));
}

export function callbackCounts(world: World, account: SandboxAccount): CallbackCounts {
  const rows = world.database
    .prepare("SELECT kind, status, count(*) AS n FROM callbacks WHERE account = ? GROUP BY kind, status")
    .all(account.id);
  const counts = { inbound: 0, sent: 0, delivered: 0, read: 0, failed: 0 };
  for (const row of rows) {
    const name = row.kind === "inbound" ? "inbound" : String(row.status);
    if (name in counts) counts[name as keyof typeof counts] += Number(row.n);
  }
  return counts;
}

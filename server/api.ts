import type { Backend, Session } from "./backend";
import { type Answer, type Call, json, NO_CONTENT } from "./http";
import { invalidField, Problem } from "./problem";
import { listed, matchRevision, providerAnswer, shown } from "./providers";
import { router } from "./routes";
import { create, existing, replace } from "./saving";

/** @throws Problem unauthenticated, with one text whichever part is wrong */
function sessionOf(backend: Backend, call: Call): Session {
  const id = call.headers["x-clevertap-account-id"];
  const passcode = call.headers["x-clevertap-passcode"];
  const known = typeof id === "string" && typeof passcode === "string";
  const account = known ? backend.authenticate(id, passcode) : undefined;
  if (!account)
    throw new Problem("unauthenticated", "These are not the credentials of an account of this server.");
  return { backend, account };
}

function listing({ backend, account }: Session, call: Call): Answer {
  const asked = call.query.get("pageSize") ?? "50";
  const token = call.query.get("pageToken");
  const after =
    token === null ? 0 : Number(/^page:(\d{1,15})$/.exec(Buffer.from(token, "base64url").toString())?.[1]);
  const errors = [];
  if (!/^\d{1,3}$/.test(asked) || Number(asked) < 1 || Number(asked) > 100)
    errors.push({ pointer: "/pageSize", code: "invalid", message: "must be 1 to 100" });
  if (Number.isNaN(after))
    errors.push({ pointer: "/pageToken", code: "invalid", message: "is not one that this server gave" });
  if (errors.length > 0) throw invalidField(errors);
  const size = Math.min(Number(asked), backend.settings.pageSize);
  const mobileNumber = call.query.get("mobileNumber") ?? undefined;
  const rest = listed(backend.providers, account.id, mobileNumber).filter(({ seq }) => seq > after);
  const page = rest.slice(0, size);
  const next = Buffer.from(`page:${page.at(-1)?.seq}`).toString("base64url");
  const items = page.map((kept) => shown(backend, kept));
  return json(200, { items, ...(rest.length > size && { nextPageToken: next }) });
}

function remove(session: Session, call: Call): Answer {
  const kept = existing(session, call);
  matchRevision(call, kept);
  if (kept.inUse)
    throw new Problem(
      "provider-in-use",
      "Campaigns or journeys still send with this provider: end them first.",
    );
  session.backend.providers.remove(kept.id);
  return NO_CONTENT;
}

const route = router<Session>(
  {
    "GET /v1/whatsapp/provider-defaults": ({ backend, account }) => json(200, backend.defaults(account.id)),
    "GET /v1/whatsapp/providers": listing,
    "POST /v1/whatsapp/providers": create,
    "GET /v1/whatsapp/providers/:id": (session, call) =>
      providerAnswer(session.backend, existing(session, call)),
    "PUT /v1/whatsapp/providers/:id": replace,
    "DELETE /v1/whatsapp/providers/:id": remove,
  },
  "The contract has no such call.",
);

/**
 * One call of the contract.
 *
 * @throws Problem every answer that is not a success
 */
export function apiCall(backend: Backend, call: Call): Answer | Promise<Answer> {
  const session = sessionOf(backend, call);
  if (session.account.readOnly && ["POST", "PUT", "DELETE"].includes(call.method))
    throw new Problem("forbidden", "This account may only read.");
  return route(session, call);
}

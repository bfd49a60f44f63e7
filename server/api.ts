import type { Account, Backend, Session } from "./backend";
import { type Answer, type Call, json, NO_CONTENT } from "./http";
import { askedPage, pageOf } from "./paging";
import { Problem } from "./problem";
import { listed, matchRevision, providerAnswer, shown } from "./providers";
import { router } from "./routes";
import { create, existing, replace } from "./saving";

/**
 * The account that calls.
 *
 * @throws Problem unauthenticated, with one text whichever part is wrong
 */
export function accountOf(backend: Pick<Backend, "authenticate">, call: Call): Account {
  const id = call.headers["x-clevertap-account-id"];
  const passcode = call.headers["x-clevertap-passcode"];
  const known = typeof id === "string" && typeof passcode === "string";
  const account = known ? backend.authenticate(id, passcode) : undefined;
  if (!account)
    throw new Problem("unauthenticated", "These are not the credentials of an account of this server.");
  return account;
}

function listing({ backend, account }: Session, call: Call): Answer {
  const page = askedPage(call, backend.settings.pageSize);
  const mobileNumber = call.query.get("mobileNumber") ?? undefined;
  const rest = listed(backend.providers, account.id, mobileNumber).filter(({ seq }) => seq > page.after);
  return json(
    200,
    pageOf(rest, page, (kept) => shown(backend, kept)),
  );
}

function remove(session: Session, call: Call): Answer {
  const kept = existing(session, call);
  matchRevision(call, kept);
  if (kept.inUse)
    throw new Problem(
      "provider-in-use",
      "Campaigns or journeys still send with this provider: end them first.",
    );
  const { providers, people } = session.backend;
  if (people.leaves(kept)) return providerAnswer(session.backend, kept, 202);
  providers.remove(kept.id);
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
  const session = { backend, account: accountOf(backend, call) };
  if (session.account.readOnly && ["POST", "PUT", "DELETE"].includes(call.method))
    throw new Problem("forbidden", "This account may only read.");
  return route(session, call);
}

import type { Backend, Session } from "./backend";
import { checkEndpoint } from "./endpoint-check";
import { type Answer, type Call, json, jsonBody } from "./http";
import { idempotent } from "./idempotency";
import { invalidField, Problem } from "./problem";
import { insert, matchRevision, numberIsFree, providerAnswer, update } from "./providers";
import { pairsToKeep, parseSaveRequest, type SaveRequest } from "./save-request";
import type { KeptProvider, ProviderValues } from "./storage";

/** The answer of a dry run that found nothing wrong. */
export const VALID = json(200, { valid: true });

/** @throws Problem invalid-field */
export function validateOnly(call: Call): boolean {
  const value = call.query.get("validateOnly");
  if (value === null || value === "false") return false;
  if (value === "true") return true;
  throw invalidField([{ pointer: "/validateOnly", code: "invalid", message: "must be true or false" }]);
}

/** What Save finds out and would store; the secrets that the request leaves out are those of `before`. */
async function checked(
  { backend, account }: Session,
  request: SaveRequest,
  before?: KeptProvider,
): Promise<ProviderValues> {
  const { provider, markAsDefault, ...members } = request;
  const headers = pairsToKeep(request.headers, before?.headers ?? [], backend.defaults(account.id));
  const values = { ...members, headers, isDefault: markAsDefault };
  if (!before || !backend.people.isKnown(before, values))
    await checkEndpoint(request, headers, backend.settings.verificationLimitMs, backend.closing);
  return values;
}

/** POST. @throws Problem whatever stands against it */
export async function create(session: Session, call: Call): Promise<Answer> {
  const { backend, account } = session;
  const isDryRun = validateOnly(call);
  // A body that can't be read is answered first: there is nothing to keep a key for.
  const body = jsonBody(call);
  const { providers, people } = backend;
  const check = async () => {
    const request = parseSaveRequest(body);
    const leaving = () => numberIsFree(providers, account.id, request.mobileNumber, people.isLeaving);
    leaving();
    const values = await checked(session, request);
    return () => {
      // Looked at again: another create may have got the number while the endpoint was asked.
      const before = leaving();
      const kept = insert(providers, account.id, values);
      people.saved(kept, before);
      return providerAnswer(backend, kept, 201, { Location: `/v1/whatsapp/providers/${kept.id}` });
    };
  };
  if (!isDryRun) return idempotent(session, call, check);
  await check();
  return VALID;
}

/**
 * The provider of this account.
 *
 * @throws Problem provider-not-found
 */
export function existing({ backend, account }: Session, call: Call): KeptProvider {
  const kept = backend.providers.get(call.param("id"));
  if (kept?.account !== account.id)
    throw new Problem("provider-not-found", "This account has no provider with this id.");
  return kept;
}

/**
 * What a PUT asks for, where it may.
 *
 * @throws Problem precondition-required, revision-mismatch or invalid-field
 */
export function replacement(
  call: Call,
  body: unknown,
  before: Pick<KeptProvider, "revision" | "mobileNumber">,
  isDryRun: boolean,
): SaveRequest {
  // A dry run carries none, so that one whose query is lost on the way writes nothing.
  if (!isDryRun && call.headers["if-match"] === undefined)
    throw new Problem(
      "precondition-required",
      "Send If-Match with the ETag of the revision that you change.",
    );
  matchRevision(call, before);
  const request = parseSaveRequest(body);
  if (request.mobileNumber !== before.mobileNumber)
    throw invalidField([{ pointer: "/mobileNumber", code: "immutable", message: "cannot change" }]);
  return request;
}

/** PUT: replaces everything that may change. @throws Problem whatever stands against it */
export async function replace(session: Session, call: Call): Promise<Answer> {
  const { backend } = session;
  const isDryRun = validateOnly(call);
  const body = jsonBody(call);
  const before = existing(session, call);
  const request = replacement(call, body, before, isDryRun);
  const values = await checked(session, request, before);
  if (isDryRun) return VALID;
  // Looked at again: it may have been changed while the endpoint was asked.
  const now = existing(session, call);
  matchRevision(call, now);
  const isDefault = now.isDefault || values.isDefault;
  const kept = stored(backend, now, { ...values, isDefault });
  backend.people.saved(kept, now);
  return providerAnswer(backend, kept);
}

/** Stores a replacement. One that changes nothing, and that people know, moves no revision. */
function stored({ providers, people }: Backend, now: KeptProvider, values: ProviderValues): KeptProvider {
  const { isDefault, externalReference } = values;
  const isAsItWas = isDefault === now.isDefault && externalReference === now.externalReference;
  return isAsItWas && people.isKnown(now, values) ? now : update(providers, now, values);
}

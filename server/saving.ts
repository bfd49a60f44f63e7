import type { SandboxAccount } from "../sandbox/options";
import type { KeptHeader, KeptProvider } from "../sandbox/storage/providers";
import { providerDefaults, type World } from "../sandbox/world";
import { etag, providerAnswer } from "./answers";
import { verify } from "./endpoint-check";
import { type Answer, type Call, json, jsonBody } from "./http";
import { Problem } from "./problem";
import { invalidField, pairsToKeep, parseSaveRequest, type SaveRequest } from "./save-request";

/** What both forms of Save do, with the choice to store nothing. */
interface Save {
  readonly world: World;
  readonly account: SandboxAccount;
  readonly call: Call;
  readonly validateOnly: boolean;
}

function numberIsFree({ world, account }: Save, request: SaveRequest, except?: string): void {
  const holder = world.store.byNumber(account.id, request.mobileNumber);
  if (!holder || holder.id === except) return;
  const { id, nickname, externalReference } = holder;
  throw new Problem("number-in-use", `The provider ${id} has the number ${request.mobileNumber}.`, {
    conflict: { id, nickname, ...(externalReference === undefined ? {} : { externalReference }) },
    errors: [
      { pointer: "/mobileNumber", code: "number-in-use", message: "is the number of another provider" },
    ],
  });
}

function fields(request: SaveRequest, headers: KeptHeader[]) {
  const { nickname, mobileNumber, httpEndpoint, autoReplyUntracked, maxConcurrentRequests } = request;
  const { externalReference } = request;
  return {
    nickname,
    mobileNumber,
    httpEndpoint,
    headers,
    autoReplyUntracked,
    maxConcurrentRequests,
    externalReference,
  };
}

/** POST. @throws Problem whatever stands against it */
export async function create(save: Save): Promise<Answer> {
  const { world, account, call, validateOnly } = save;
  const request = parseSaveRequest(jsonBody(call));
  const headers = pairsToKeep(request.headers, [], providerDefaults(world, account));
  numberIsFree(save, request);
  await verify(request, headers, world.settings.verificationLimitMs, world.closing);
  if (validateOnly) return json(200, { valid: true });
  // Looked at again: another create may have got the number while the endpoint was asked.
  numberIsFree(save, request);
  const kept = world.store.insert({
    ...fields(request, headers),
    account: account.id,
    isDefault: request.markAsDefault,
  });
  const location = `/v1/whatsapp/providers/${kept.id}`;
  return json(201, providerAnswer(world, kept), { Location: location, ETag: etag(kept) });
}

/**
 * The provider of this account.
 *
 * @throws Problem provider-not-found
 */
export function existing({ world, account }: Pick<Save, "world" | "account">, id: string): KeptProvider {
  const kept = world.store.get(account.id, id);
  if (!kept) throw new Problem("provider-not-found", "This account has no provider with this id.");
  return kept;
}

/** @throws Problem revision-mismatch */
export function matchRevision(call: Call, kept: KeptProvider): void {
  const wanted = call.headers["if-match"];
  if (wanted === undefined || wanted.trim() === "*") return;
  const tags = wanted.split(",").map((tag) => tag.trim());
  if (!tags.includes(etag(kept)))
    throw new Problem("revision-mismatch", `The provider is at revision ${kept.revision}.`);
}

/** PUT: replaces everything that may change. @throws Problem whatever stands against it */
export async function replace(save: Save, id: string): Promise<Answer> {
  const { world, account, call, validateOnly } = save;
  const body = jsonBody(call);
  const before = existing(save, id);
  // A dry run carries none, so that one whose query is lost on the way writes nothing.
  if (!validateOnly && call.headers["if-match"] === undefined)
    throw new Problem(
      "precondition-required",
      "Send If-Match with the ETag of the revision that you change.",
    );
  matchRevision(call, before);
  const request = parseSaveRequest(body);
  if (request.mobileNumber !== before.mobileNumber)
    throw invalidField([{ pointer: "/mobileNumber", code: "immutable", message: "cannot change" }]);
  const headers = pairsToKeep(request.headers, before.headers, providerDefaults(world, account));
  await verify(request, headers, world.settings.verificationLimitMs, world.closing);
  if (validateOnly) return json(200, { valid: true });
  // Looked at again: it may have been changed while the endpoint was asked.
  const now = existing(save, id);
  matchRevision(call, now);
  const isDefault = now.isDefault || request.markAsDefault;
  const kept = world.store.update({ ...now, ...fields(request, headers), isDefault });
  return json(200, providerAnswer(world, kept), { ETag: etag(kept) });
}

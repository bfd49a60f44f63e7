import { setMaxListeners } from "node:events";
import type { ProviderDefaults } from "../../contract/types";
import { VERIFICATION_LIMIT_MS } from "../../contract/verification-message";
import { accountOf as callingAccount } from "../../server/api";
import type { Account } from "../../server/backend";
import { checkEndpoint } from "../../server/endpoint-check";
import { type Answer, type Call, json, jsonBody, NO_CONTENT } from "../../server/http";
import { type Idempotency, idempotent } from "../../server/idempotency";
import { askedPage, pageOf } from "../../server/paging";
import { invalidField, Problem } from "../../server/problem";
import { etag, matchRevision } from "../../server/providers";
import { router } from "../../server/routes";
import {
  missingValue,
  pairsToKeep,
  parseSaveRequest,
  type SaveRequest,
  type StoredPair,
} from "../../server/save-request";
import { replacement, VALID, validateOnly } from "../../server/saving";
import type { KeptHeader } from "../../server/storage";
import { accountOf } from "../accounts";
import type { Gateway } from "../gateway";
import {
  declareAgain,
  declareGone,
  declareNew,
  type Wish,
  type WishedPair,
  type Written,
} from "../model/declare";
import type { Declared, Place } from "../model/documents";
import { keptSecret } from "../model/secrets";
import { placeOf, providerOf } from "../model/tables";
import type { FormPair } from "../model/values";
import { providerView, providerViews } from "../model/views";
import { answersOf } from "./answers";
import { authentication } from "./authentication";
import { shownProvider } from "./shown";

/** How the API is patient. */
export interface ApiSettings {
  /** How long the check waits for the HTTP End Point, in milliseconds. Default: as long as CleverTap. */
  readonly verificationLimitMs?: number;
  /** How long an Idempotency-Key is kept, in milliseconds. Default: 24 hours. */
  readonly idempotencyMs?: number;
}

/** The contract's calls of a gateway. */
export interface Api {
  /** @param base the root under which the caller reaches the gateway, without a slash at the end */
  answer(call: Call, base: string): Answer | Promise<Answer>;
  /** Ends what is under way. */
  close(): void;
}

/** What one call needs. */
interface Room {
  readonly gateway: Gateway;
  readonly backend: Idempotency;
  readonly account: Account;
  readonly base: string;
  readonly limitMs: number;
  readonly closing: AbortSignal;
}

const MOST_ITEMS = 100;
const DAY_MS = 24 * 60 * 60 * 1000;

export function createApi(gateway: Gateway, settings: ApiSettings = {}): Api {
  const { verificationLimitMs: limitMs = VERIFICATION_LIMIT_MS, idempotencyMs = DAY_MS } = settings;
  const end = new AbortController();
  // Every running check listens to it.
  setMaxListeners(0, end.signal);
  const backend: Idempotency = {
    answers: answersOf(gateway),
    running: new Set(),
    settings: { idempotencyMs },
    atOnce: (work) => gateway.database.atOnce(work),
  };
  const authenticate = authentication(gateway);
  return {
    answer(call, base) {
      const account = callingAccount({ authenticate }, call);
      return route({ gateway, backend, account, base, limitMs, closing: end.signal }, call);
    },
    close: () => end.abort(),
  };
}

/** @throws Problem defaults-not-set */
function defaultsOf({ gateway, account, base }: Room): ProviderDefaults {
  const { defaults } = accountOf(gateway, account.id) ?? {};
  if (defaults) {
    const { inboundMessageCallbackUrl, deliveryReportCallbackUrl, payloadVersion } = defaults;
    return { inboundMessageCallbackUrl, deliveryReportCallbackUrl, payloadVersion };
  }
  const page = `${base}/accounts/${encodeURIComponent(account.id)}`;
  throw new Problem(
    "defaults-not-set",
    `Nobody has entered the callback URLs and the payload version of this account yet: an operator copies them from CleverTap's form to ${page}.`,
  );
}

function providerAnswer(
  room: Room,
  { id }: Declared,
  status = 200,
  headers: Record<string, string> = {},
): Answer {
  const view = providerView(room.gateway, id);
  if (!view) throw unknownProvider();
  const shown = shownProvider(view, defaultsOf(room), room.base);
  return json(status, shown, { ...headers, ETag: etag(view.provider) });
}

function unknownProvider(): Problem {
  return new Problem("provider-not-found", "This account has no provider with this id.");
}

/** @throws Problem provider-not-found */
function existing({ gateway, account }: Room, call: Call): Declared {
  const provider = providerOf(gateway, call.param("id"));
  if (provider?.account !== account.id) throw unknownProvider();
  return provider;
}

function listing(room: Room, call: Call): Answer {
  const page = askedPage(call, MOST_ITEMS);
  const number = call.query.get("mobileNumber") ?? undefined;
  const { id: account } = room.account;
  const found = providerViews(room.gateway, { account, number, after: page.after, most: page.size + 1 });
  if (found.length === 0) return json(200, { items: [] });
  const defaults = defaultsOf(room);
  const rows = found.map((view) => ({ seq: view.provider.seq, view }));
  return json(
    200,
    pageOf(rows, page, ({ view }) => shownProvider(view, defaults, room.base)),
  );
}

async function create(room: Room, call: Call): Promise<Answer> {
  const { gateway, account, backend } = room;
  const isDryRun = validateOnly(call);
  // A body that can't be read is answered first: there is nothing to keep a key for.
  const body = jsonBody(call);
  const check = async () => {
    const request = parseSaveRequest(body);
    const defaults = defaultsOf(room);
    const place = { account: account.id, number: request.mobileNumber };
    const { wish, headers } = wishOf(room, place, request, [], defaults);
    const write = () => declareNew(gateway, account.id, wish);
    await verify(room, request, headers, write);
    return () => {
      const { provider } = write();
      return providerAnswer(room, provider, 201, { Location: `/v1/whatsapp/providers/${provider.id}` });
    };
  };
  if (!isDryRun) return idempotent({ backend, account }, call, check);
  await check();
  return VALID;
}

async function replace(room: Room, call: Call): Promise<Answer> {
  const { gateway } = room;
  const isDryRun = validateOnly(call);
  const body = jsonBody(call);
  const before = existing(room, call);
  const { revision, values } = before;
  const request = replacement(call, body, { revision, mobileNumber: values.mobileNumber }, isDryRun);
  const { wish, headers } = wishOf(room, placeOf(before), request, values.headers, defaultsOf(room));
  const write = (): Written => {
    // Looked at again: it may have been changed while the endpoint was asked.
    const now = existing(room, call);
    matchRevision(call, now);
    const written = declareAgain(gateway, now, {
      ...wish,
      isDefault: now.values.isDefault || wish.isDefault,
    });
    requireValues(request, written.missing);
    return written;
  };
  await verify(room, request, headers, write);
  return isDryRun ? VALID : providerAnswer(room, gateway.database.atOnce(write).provider);
}

function remove(room: Room, call: Call): Answer {
  return room.gateway.database.atOnce(() => {
    const before = existing(room, call);
    matchRevision(call, before);
    const { gone, provider } = declareGone(room.gateway, before);
    return gone ? NO_CONTENT : providerAnswer(room, provider, 202);
  });
}

/**
 * What the request asks for, and its header pairs with their values as far as the gateway has them.
 *
 * @param stored what is kept of each pair
 */
function wishOf(
  { gateway }: Room,
  place: Place,
  request: SaveRequest,
  stored: readonly FormPair[],
  defaults: ProviderDefaults,
): { wish: Wish; headers: StoredPair<string | undefined>[] } {
  const before = stored.map(
    (pair): StoredPair<FormPair> => ({ key: pair.key, value: pair, secret: "digest" in pair }),
  );
  const kept = pairsToKeep(request.headers, before, defaults);
  const headers = kept.map(({ key, value, secret }): StoredPair<string | undefined> => {
    if (typeof value === "string") return { key, value, secret };
    return {
      key,
      value: "digest" in value ? keptSecret(gateway, place, key, value.digest) : undefined,
      secret,
    };
  });
  const pairs = kept.map(({ key, value, secret }): WishedPair => {
    if (typeof value === "string") return { key, value, secret };
    return "digest" in value ? { key, digest: value.digest } : { key, value: value.value, secret };
  });
  const { provider, markAsDefault, ...members } = request;
  return { wish: { ...members, headers: pairs, isDefault: markAsDefault }, headers };
}

/**
 * Sends the verification message, where a person would have something to type and all values are known: what Save would refuse
 * becomes no task. Where somebody changes things in the meantime, it is worked out again.
 *
 * @param write what the request will do; here it is only rehearsed
 */
async function verify(
  { gateway, limitMs, closing }: Room,
  request: SaveRequest,
  headers: readonly StoredPair<string | undefined>[],
  write: () => Written,
): Promise<void> {
  const { asks } = gateway.database.rehearse(write);
  const known = headers.flatMap(({ key, value, secret }): KeptHeader[] =>
    value === undefined ? [] : [{ key, value, secret }],
  );
  if (asks && known.length === headers.length) await checkEndpoint(request, known, limitMs, closing);
}

/** @throws Problem invalid-field where a person would need a value that nobody has */
function requireValues(request: SaveRequest, missing: readonly string[]): void {
  const errors = missing.map((name) => {
    const index = request.headers.findIndex(({ key }) => key.toLowerCase() === name.toLowerCase());
    return missingValue(index, name);
  });
  if (errors.length > 0) throw invalidField(errors);
}

const route = router<Room>(
  {
    "GET /v1/whatsapp/provider-defaults": (room) => json(200, defaultsOf(room)),
    "GET /v1/whatsapp/providers": listing,
    "POST /v1/whatsapp/providers": create,
    "GET /v1/whatsapp/providers/:id": (room, call) => providerAnswer(room, existing(room, call)),
    "PUT /v1/whatsapp/providers/:id": replace,
    "DELETE /v1/whatsapp/providers/:id": remove,
  },
  "The contract has no such call.",
);

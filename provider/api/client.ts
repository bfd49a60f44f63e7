import { randomUUID } from "node:crypto";
import { KALEYRA_HEADER_NAMES, SECRET_HEADER_NAMES } from "../../contract/headers";
import type { Provider, ProviderDefaults, ProviderRequest } from "../../contract/types";
import { type ErrorCode, WhatsAppProviderError } from "../model/errors";
import { quoted } from "../model/text";
import { urlProblem } from "../model/url";
import type { RawProblem } from "./answers";
import { ApiError, type Failure, failureOf, isFailEnvelope } from "./problem";
import { type Redactor, redactor } from "./redact";
import { type Clock, operationBound, realClock, withRetries } from "./retry";
import type { Answer, Request, Transport } from "./transport";

/** Where the API is, who we are, and how patient we are. */
export interface ClientOptions {
  /** Base URL: https, or http on loopback. */
  readonly endpoint: string;
  readonly accountId: string;
  readonly passcode: string;
  /** Seconds per attempt. */
  readonly requestTimeout: number;
  /** Attempts per call, the first included. */
  readonly maxAttempts: number;
  /** Told before each wait, like `waiting 8 s, the API asked for it: attempt 2 of 5`. */
  readonly onWait?: (line: string) => void;
  /** Ends every call with the code `cancelled`. */
  readonly signal?: AbortSignal;
}

/**
 * The calls of the contract. Each is bounded (see `operationBound`), repeats what can heal, and throws an
 * {@link ApiError} that holds no secret.
 */
export interface ProviderApi {
  /** What the dashboard shows before Save. */
  defaults(): Promise<ProviderDefaults>;
  /** Every provider of the account, each once. */
  list(): Promise<Provider[]>;
  /** The provider that holds a number. */
  findByNumber(mobileNumber: string): Promise<Provider | undefined>;
  /** A provider; undefined only after the API's own 404 to valid credentials. */
  get(id: string): Promise<Provider | undefined>;
  /** Creates. Every call has its own Idempotency-Key, which only its own retries repeat. */
  create(body: ProviderRequest): Promise<Provider>;
  /** The server's dry run of a create. A verification that timed out is not tried again. */
  validateCreate(body: ProviderRequest): Promise<DryRun>;
  /** The server's dry run of an update. A verification that timed out is not tried again. */
  validateUpdate(id: string, body: ProviderRequest): Promise<DryRun>;
  /** Replaces under If-Match; `changed-elsewhere` when the revision is another. */
  update(id: string, body: ProviderRequest, revision: number): Promise<Provider>;
  /** Deletes under If-Match; what is gone already is a success. */
  delete(id: string, revision: number): Promise<void>;
  /** Values that no text of the API may bring out, beside those that a call carries: what state knows, for one. */
  conceal(values: readonly string[]): void;
  /** Ends all connections; calls under way fail. */
  close(): Promise<void>;
}

/** What a dry run found. "not verified": something on the way dropped its query, so the API asked for what only a write carries. */
export type DryRun = "valid" | "not verified";

/** Pages that a listing may have: more is a server that goes round in circles. */
const MAX_PAGES = 1000;
const PAGE_SIZE = 100;
/** Seconds that all pages together may take, where one call's bound is shorter. */
const LISTING_BOUND = 60;

/** Codes after which it is known that nothing was done, even if an earlier attempt was lost: the server looked at the same request. */
const SETTLED: readonly string[] = [
  "number-in-use",
  "invalid-field",
  "verification-failed",
  "verification-timeout",
  "provider-not-found",
];

/** A call and how its answer is read. */
interface Call<T> extends Omit<Request, "headers" | "body"> {
  /** As it stands in messages: "the create". */
  readonly name: string;
  readonly headers?: Record<string, string>;
  readonly body?: ProviderRequest;
  /** It changes something, so a lost answer leaves the outcome open. */
  readonly write?: boolean;
  /** Attempts after a verification that timed out. */
  readonly probeOnce?: boolean;
  /** Reads a 2xx. @throws WireError */
  read(json: unknown, answer: Answer): T;
  /** What codes of an error mean where they are no error. */
  readonly accepted?: Partial<Record<ErrorCode, { readonly value: T }>>;
  /** A success has status 204 and nothing else. */
  readonly empty?: boolean;
}

/**
 * Makes a client. Nothing is loaded or opened before the first call.
 * @throws WhatsAppProviderError invalid-configuration
 */
export function createClient(options: ClientOptions, clock: Partial<Clock> = {}): ProviderApi {
  const { accountId, passcode, requestTimeout, maxAttempts, onWait, signal } = options;
  const { origin, path: base } = baseOf(options.endpoint);
  headerValue("accountId", accountId);
  headerValue("passcode", passcode);
  const policy = { ...realClock, ...clock, maxAttempts, onWait, signal };
  const root = `${base}/v1/whatsapp`;
  // Kept over calls: an answer to a read may speak of what an earlier write carried.
  const secrets = redactor([passcode]);
  let transport: Transport | undefined;

  async function call<T>(spec: Call<T>): Promise<T> {
    for (const secret of secretsOf(spec.body)) secrets.add(secret);
    const body = spec.body && JSON.stringify(spec.body);
    const headers = {
      "X-CleverTap-Account-Id": accountId,
      "X-CleverTap-Passcode": passcode,
      "User-Agent": userAgent(),
      Accept: "application/json, application/problem+json",
      ...(body !== undefined && { "Content-Type": "application/json" }),
      ...spec.headers,
    };
    const ended = await withRetries(async () => {
      const requestId = randomUUID();
      transport ??= open(origin, requestTimeout);
      const request = {
        method: spec.method,
        path: spec.path,
        headers: { ...headers, "X-Request-Id": requestId },
        body,
      };
      const result = await transport.send(request, signal);
      if ("status" in result) {
        const outcome = judge(spec, result, secrets);
        return "value" in outcome ? outcome : { ...outcome, requestId };
      }
      const { code, what, sent, heals } = result;
      const lost = sent && spec.write === true;
      // A write whose answer was too large has to be asked for again, under the same key or revision.
      return { code, what, retry: heals || (lost && code !== "cancelled"), lost, requestId };
    }, policy);
    if ("value" in ended) return ended.value;
    throw errorOf(spec, ended.failure, ended.attempts, ended.lostBefore);
  }

  async function pages<T>(
    query: Record<string, string>,
    visit: (items: Provider[]) => T | undefined,
  ): Promise<T | undefined> {
    const limit = Math.max(LISTING_BOUND, operationBound(requestTimeout, maxAttempts));
    const end = Date.now() + limit * 1000;
    const seen = new Set<string>();
    let pageToken: string | undefined;
    for (let count = 1; ; count++) {
      const parameters = new URLSearchParams({
        ...query,
        pageSize: String(PAGE_SIZE),
        ...(pageToken && { pageToken }),
      });
      const page = await call({
        name: "the listing",
        method: "GET",
        path: `${root}/providers?${parameters}`,
        read: (json, answer) => wire().readPage(json, dateOf(answer)),
      });
      const found = visit(page.items);
      pageToken = page.nextPageToken;
      if (found !== undefined || !pageToken) return found;
      if (seen.has(pageToken))
        throw new ApiError("bad-answer", "the listing goes round in circles: a page token came twice");
      if (count >= MAX_PAGES)
        throw new ApiError("bad-answer", `the listing has more than ${MAX_PAGES} pages`);
      if (Date.now() > end)
        throw new ApiError("unavailable", `the listing did not end within ${limit} s (${count} pages)`);
      seen.add(pageToken);
    }
  }

  const item = (id: string) => `${root}/providers/${pathSegment(id)}`;
  const sameProvider = (id: string) => (json: unknown, answer: Answer) => {
    const provider = wire().readProvider(json, dateOf(answer));
    if (provider.id !== id) throw new (wire().WireError)("it is another provider than the one asked for");
    return provider;
  };
  /** An answer that does not repeat what was sent belongs to another create: a cache answered, for one. */
  const newProvider = (sent: ProviderRequest) => (json: unknown, answer: Answer) => {
    const provider = wire().readProvider(json, dateOf(answer));
    const { mobileNumber, externalReference } = provider;
    if (mobileNumber !== sent.mobileNumber || externalReference !== sent.externalReference)
      throw new (wire().WireError)("it does not repeat the number and the mark that were sent");
    return provider;
  };
  // Without If-Match and Idempotency-Key: where its query is lost, the API refuses to write.
  const dryRun = {
    name: "the dry run",
    probeOnce: true,
    accepted: { "precondition-required": { value: "not verified" } },
    read(json: unknown, answer: Answer) {
      // 201 to a dry run would mean that something was made.
      if (answer.status !== 200) throw new (wire().WireError)("a dry run answers 200");
      wire().readValid(json);
      return "valid";
    },
  } satisfies Partial<Call<DryRun>>;

  return {
    defaults: () =>
      call({
        name: "the query for the defaults",
        method: "GET",
        path: `${root}/provider-defaults`,
        read: (json) => wire().readDefaults(json),
      }),
    async list() {
      // Pages can overlap when something is added in between.
      const byId = new Map<string, Provider>();
      await pages({}, (items) => {
        for (const provider of items) byId.set(provider.id, provider);
      });
      return [...byId.values()];
    },
    findByNumber: (mobileNumber) =>
      pages({ mobileNumber }, (items) => items.find((provider) => provider.mobileNumber === mobileNumber)),
    get: async (id) =>
      call<Provider | undefined>({
        name: "the read",
        method: "GET",
        path: item(id),
        read: sameProvider(id),
        accepted: { "provider-not-found": { value: undefined } },
      }),
    create: (body) =>
      call({
        name: "the create",
        method: "POST",
        path: `${root}/providers`,
        headers: { "Idempotency-Key": randomUUID() },
        body,
        write: true,
        read: newProvider(body),
      }),
    validateCreate: (body) =>
      call<DryRun>({ ...dryRun, method: "POST", path: `${root}/providers?validateOnly=true`, body }),
    validateUpdate: async (id, body) =>
      call<DryRun>({ ...dryRun, method: "PUT", path: `${item(id)}?validateOnly=true`, body }),
    update: async (id, body, revision) =>
      call({
        name: "the update",
        method: "PUT",
        path: item(id),
        headers: { "If-Match": etag(revision) },
        body,
        write: true,
        read: sameProvider(id),
      }),
    delete: async (id, revision) =>
      call<void>({
        name: "the delete",
        method: "DELETE",
        path: item(id),
        headers: { "If-Match": etag(revision) },
        write: true,
        empty: true,
        read: () => {},
        accepted: { "provider-not-found": { value: undefined } },
      }),
    conceal(values) {
      values.forEach(secrets.add);
    },
    close: async () => transport?.close(),
  };
}

function dateOf({ headers }: Answer): string | undefined {
  return headers.date;
}

/** What one answer means for a call. */
function judge<T>(spec: Call<T>, answer: Answer, redact: Redactor): { value: T } | Failure {
  const { status } = answer;
  const success = status >= 200 && status < 300;
  if (status === 204 && spec.empty) return { value: spec.read(undefined, answer) };
  const json = parse(answer.body);
  const problem: RawProblem | undefined = json === undefined ? undefined : wire().readProblem(json);
  if (!success || isFailEnvelope(problem)) {
    const failure = failureOf(answer, problem, redact);
    const accepted = spec.accepted?.[failure.code];
    if (accepted) return accepted;
    if (failure.code === "verification-timeout" && spec.probeOnce) return { ...failure, retry: false };
    return spec.write ? failure : { ...failure, lost: false };
  }
  let what: string;
  let shape = false;
  if (spec.empty) what = "a delete answers 204";
  else if (json === undefined) what = answer.body.trim() === "" ? "it is empty" : "it is not JSON";
  else {
    try {
      return { value: spec.read(json, answer) };
    } catch (error) {
      if (!(error instanceof wire().WireError)) throw error;
      what = error.message;
      shape = true;
    }
  }
  return {
    code: "bad-answer",
    what: `the answer to ${spec.name} (status ${status}) can't be used: ${what}`,
    // A broken body of a write is a lost answer. A read of a wrong shape stays wrong.
    retry: spec.write === true || !shape,
    lost: spec.write === true,
    status,
  };
}

function errorOf(spec: Call<unknown>, failure: Failure, attempts: number, lostBefore: boolean): ApiError {
  const { code, what, status, requestId, problems, conflict, verification } = failure;
  const open = spec.write === true && (lostBefore || failure.lost) && !SETTLED.includes(code);
  const details = { status, requestId, afterLostAttempt: lostBefore, outcomeUnknown: open };
  if (open && failure.retry && code !== "request-in-progress") {
    const tried = attempts === 1 ? "" : ` in ${attempts} attempts`;
    const text = `${spec.name} got no usable answer${tried}, so it is not known whether it took effect: ${what}`;
    return new ApiError("outcome-unknown", text, details);
  }
  const tried = failure.retry && attempts > 1 ? ` (${attempts} attempts)` : "";
  return new ApiError(code, `${what}${tried}`, { ...details, problems, conflict, verification });
}

/** Undefined where it is no JSON. */
function parse(body: string): unknown {
  try {
    return JSON.parse(body.replace(/^\uFEFF/, "")) as unknown;
  } catch {
    return undefined;
  }
}

/** Headers of Kaleyra whose values are no secret. */
const OPEN = KALEYRA_HEADER_NAMES.filter((name) => !SECRET_HEADER_NAMES.includes(name));

/** Every secret value that a request carries. A header is secret unless it is one that is known not to be. */
function secretsOf(body: ProviderRequest | undefined): string[] {
  const secret = body?.headers.filter((h) => h.secret || !OPEN.includes(h.key.toLowerCase())) ?? [];
  return secret.flatMap((h) => h.value ?? []);
}

function baseOf(endpoint: string): { origin: string; path: string } {
  const problem =
    urlProblem(endpoint) ?? (endpoint.includes("?") ? "must not contain a query (?…)" : undefined);
  if (problem) throw new WhatsAppProviderError("invalid-configuration", `clevertap:endpoint ${problem}`);
  const { origin, pathname } = new URL(endpoint);
  return { origin, path: pathname.replace(/\/+$/, "") };
}

/** Nothing that could end a header may get into one. */
function headerValue(name: string, value: string): void {
  if (typeof value === "string" && /^[\x21-\x7e]+$/.test(value)) return;
  throw new WhatsAppProviderError(
    "invalid-configuration",
    `clevertap:${name} must be visible ASCII characters without spaces`,
  );
}

/** An id as one segment of a path: what a URL parser would take for "here" or "above" is refused. */
function pathSegment(id: string): string {
  const usable = id !== "" && id !== "." && id !== ".." && !/\p{Cs}/u.test(id);
  if (usable) return encodeURIComponent(id);
  throw new WhatsAppProviderError("invalid-input", `${quoted(id)} can't be the id of a provider`, {
    property: "id",
  });
}

function etag(revision: number): string {
  if (Number.isSafeInteger(revision)) return `"${revision}"`;
  throw new WhatsAppProviderError("invalid-input", "the revision must be an integer", {
    property: "revision",
  });
}

/** Undici takes its time to load too. */
function open(origin: string, requestTimeout: number): Transport {
  const { openTransport } = require("./transport") as typeof import("./transport");
  return openTransport(origin, requestTimeout * 1000);
}

/** Zod takes 0.1 s to load: a process that asks nothing should not pay for it. */
function wire(): typeof import("./answers") {
  return require("./answers") as typeof import("./answers");
}

function userAgent(): string {
  const { version } = require("pulumi-clevertap-whatsapp/package.json") as { version: string };
  return `pulumi-clevertap-whatsapp/${version}`;
}

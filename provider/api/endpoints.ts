import { randomUUID } from "node:crypto";
import type { Provider, ProviderDefaults, ProviderRequest } from "../../contract/types";
import { WhatsAppProviderError } from "../model/errors";
import { quoted } from "../model/text";
import type { Call, Caller, Reading } from "./call";
import { pages } from "./listing";
import { UnfitAnswer } from "./unfit-answer";

/**
 * The calls of the contract. Each is bounded (see `operationBound`), repeats what can heal, and throws an `ApiError` that
 * holds no secret.
 */
export interface Endpoints {
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
}

/** What a dry run found. "not verified": something on the way dropped its query, so the API asked for what only a write carries. */
export type DryRun = "valid" | "not verified";

/** @param root path of the API's calls */
export function endpoints(caller: Caller, root: string): Endpoints {
  const collection = `${root}/providers`;
  const item = (id: string) => `${collection}/${pathSegment(id)}`;
  return {
    defaults: () =>
      caller.call({
        name: "the query for the defaults",
        method: "GET",
        path: `${root}/provider-defaults`,
        success: { read: ({ readDefaults }, json) => readDefaults(json) },
      }),
    async list() {
      // Pages can overlap when something is added in between.
      const byId = new Map<string, Provider>();
      for await (const items of pages(caller, collection))
        for (const provider of items) byId.set(provider.id, provider);
      return [...byId.values()];
    },
    async findByNumber(mobileNumber) {
      for await (const items of pages(caller, collection, { mobileNumber })) {
        const found = items.find((provider) => provider.mobileNumber === mobileNumber);
        if (found) return found;
      }
      return undefined;
    },
    get: async (id) =>
      caller.call<Provider | undefined>({
        name: "the read",
        method: "GET",
        path: item(id),
        success: sameProvider(id),
        accepted: { "provider-not-found": { value: undefined } },
      }),
    create: (body) =>
      caller.call({
        name: "the create",
        method: "POST",
        path: collection,
        headers: { "Idempotency-Key": randomUUID() },
        body,
        isWrite: true,
        success: newProvider(body),
      }),
    validateCreate: (body) =>
      caller.call({ ...dryRun, method: "POST", path: `${collection}?validateOnly=true`, body }),
    validateUpdate: async (id, body) =>
      caller.call({ ...dryRun, method: "PUT", path: `${item(id)}?validateOnly=true`, body }),
    update: async (id, body, revision) =>
      caller.call({
        name: "the update",
        method: "PUT",
        path: item(id),
        headers: { "If-Match": etag(revision) },
        body,
        isWrite: true,
        success: sameProvider(id),
      }),
    delete: async (id, revision) =>
      caller.call<void>({
        name: "the delete",
        method: "DELETE",
        path: item(id),
        headers: { "If-Match": etag(revision) },
        isWrite: true,
        success: { noContent: undefined },
        accepted: { "provider-not-found": { value: undefined } },
      }),
  };
}

/** Reads a provider that has to be the one with that id. */
function sameProvider(id: string): Reading<Provider> {
  return {
    read({ readProvider }, json, { headers }) {
      const provider = readProvider(json, headers.date);
      if (provider.id !== id) throw new UnfitAnswer("it is another provider than the one asked for");
      return provider;
    },
  };
}

/** An answer that does not repeat what was sent belongs to another create: a cache answered, for one. */
function newProvider(sent: ProviderRequest): Reading<Provider> {
  return {
    read({ readProvider }, json, { headers }) {
      const provider = readProvider(json, headers.date);
      const { mobileNumber, externalReference } = provider;
      if (mobileNumber !== sent.mobileNumber || externalReference !== sent.externalReference)
        throw new UnfitAnswer("it does not repeat the number and the mark that were sent");
      return provider;
    },
  };
}

/** Without If-Match and Idempotency-Key: where its query is lost, the API refuses to write. */
const dryRun: Omit<Call<DryRun>, "method" | "path"> = {
  name: "the dry run",
  verifiesOnce: true,
  accepted: { "precondition-required": { value: "not verified" } },
  success: {
    read({ readValid }, json, { status }) {
      // 201 to a dry run would mean that something was made.
      if (status !== 200) throw new UnfitAnswer("a dry run answers 200");
      readValid(json);
      return "valid";
    },
  },
};

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

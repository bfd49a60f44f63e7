import { randomUUID } from "node:crypto";
import type { Provider, ProviderDefaults, ProviderRequest } from "../../contract/types";
import { WhatsAppProviderError } from "../model/errors";
import { quoted } from "../model/text";
import { readDefaults, readProvider, readValid } from "./answers";
import type { Call, Caller, Reading } from "./call";
import { pages } from "./listing";
import { UnfitAnswer } from "./unfit-answer";

/** Result of a dry run. "not verified": a proxy dropped its query, so the API asked for a header that only writes carry. */
export type DryRun = "valid" | "not verified";

/** The calls of the contract, as a client offers them. */
export type Endpoints = ReturnType<typeof endpoints>;

/**
 * Makes the calls of the contract. Each is bounded (see `operationBound`), repeats what can heal, and throws an `ApiError`
 * that holds no secret.
 * @param root path of the API's calls
 */
export function endpoints(caller: Caller, root: string) {
  const providers = `${root}/providers`;
  const item = (id: string) => `${providers}/${pathSegment(id)}`;
  return {
    /** What the dashboard shows before Save. */
    defaults: () =>
      caller.call<ProviderDefaults>({
        name: "the query for the defaults",
        method: "GET",
        path: `${root}/provider-defaults`,
        success: { read: readDefaults },
      }),
    /** Every provider of the account, each once. */
    async list() {
      // Pages can overlap when something is added in between.
      const byId = new Map<string, Provider>();
      for await (const items of pages(caller, providers))
        for (const provider of items) byId.set(provider.id, provider);
      return [...byId.values()];
    },
    /** The provider that holds a number; one whose delete waits only where there is no other. */
    async findByNumber(mobileNumber: string) {
      let leaving: Provider | undefined;
      for await (const items of pages(caller, providers, { mobileNumber })) {
        for (const provider of items.filter((item) => item.mobileNumber === mobileNumber)) {
          if (provider.status !== "deleting") return provider;
          leaving = provider;
        }
      }
      return leaving;
    },
    /** A provider; undefined only after the API's own 404 to valid credentials. */
    get: async (id: string) =>
      caller.call<Provider | undefined>({
        name: "the read",
        method: "GET",
        path: item(id),
        success: sameProvider(id),
        accepted: { "provider-not-found": { value: undefined } },
      }),
    /** Creates. Every call has its own Idempotency-Key, which only its own retries repeat. */
    create: (body: ProviderRequest) =>
      caller.call<Provider>({
        name: "the create",
        method: "POST",
        path: providers,
        headers: { "Idempotency-Key": randomUUID() },
        body,
        isWrite: true,
        success: newProvider(body),
      }),
    /** The server's dry run of a create. A verification that timed out is not tried again. */
    validateCreate: (body: ProviderRequest) =>
      caller.call({ ...dryRun, method: "POST", path: `${providers}?validateOnly=true`, body }),
    /** The server's dry run of an update. A verification that timed out is not tried again. */
    validateUpdate: async (id: string, body: ProviderRequest) =>
      caller.call({ ...dryRun, method: "PUT", path: `${item(id)}?validateOnly=true`, body }),
    /** Replaces under If-Match; `changed-elsewhere` when the revision is another. */
    update: async (id: string, body: ProviderRequest, revision: number) =>
      caller.call<Provider>({
        name: "the update",
        method: "PUT",
        path: item(id),
        headers: { "If-Match": etag(revision) },
        body,
        isWrite: true,
        success: sameProvider(id),
      }),
    /**
     * Deletes under If-Match; succeeds also where the provider is gone already.
     * @returns the provider where the delete is accepted and a person has to do it
     */
    delete: async (id: string, revision: number) =>
      caller.call<Provider | undefined>({
        name: "the delete",
        method: "DELETE",
        path: item(id),
        headers: { "If-Match": etag(revision) },
        isWrite: true,
        success: { noContent: undefined, ...acceptedDelete(id) },
        accepted: { "provider-not-found": { value: undefined } },
      }),
  };
}

function sameProvider(id: string): Reading<Provider> {
  return providerThat((found) => found.id === id, "it is another provider than the one asked for");
}

function acceptedDelete(id: string): Reading<Provider> {
  return {
    read(json, answer) {
      if (answer.status !== 202) throw new UnfitAnswer("a delete answers 204 or 202");
      return sameProvider(id).read(json, answer);
    },
  };
}

/** An answer with another number or mark belongs to another create: a cache gave it, for example. */
function newProvider({ mobileNumber, externalReference }: ProviderRequest): Reading<Provider> {
  return providerThat(
    (found) => found.mobileNumber === mobileNumber && found.externalReference === externalReference,
    "it does not repeat the number and the mark that were sent",
  );
}

/** Reads a provider and refuses an unexpected one. @param otherwise the reason, for the message */
function providerThat(isExpected: (found: Provider) => boolean, otherwise: string): Reading<Provider> {
  return {
    read(json, { headers }) {
      const provider = readProvider(json, headers.date);
      if (!isExpected(provider)) throw new UnfitAnswer(otherwise);
      return provider;
    },
  };
}

/** It has no If-Match and no Idempotency-Key, so that the API refuses to write where a proxy drops the query. */
const dryRun: Omit<Call<DryRun>, "method" | "path"> = {
  name: "the dry run",
  verifiesOnce: true,
  accepted: { "precondition-required": { value: "not verified" } },
  success: {
    read(json, { status }) {
      // A 201 would mean that the API made a provider.
      if (status !== 200) throw new UnfitAnswer("a dry run answers 200");
      readValid(json);
      return "valid";
    },
  },
};

/** An id as one segment of a path. "." and ".." are refused: a URL parser would resolve them. */
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

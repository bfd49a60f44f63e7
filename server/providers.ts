import { randomBytes } from "node:crypto";
import type { Provider, StoredHeader } from "../contract/types";
import type { Backend } from "./backend";
import { type Answer, type Call, json } from "./http";
import { Problem } from "./problem";
import type { KeptProvider, Providers, ProviderValues } from "./storage";

/** Counts the changes of a provider; `If-Match` says which one a write has seen. */
export function etag(kept: Pick<KeptProvider, "revision">): string {
  return `"${kept.revision}"`;
}

/** @throws Problem revision-mismatch */
export function matchRevision(call: Call, kept: Pick<KeptProvider, "revision">): void {
  const wanted = call.headers["if-match"];
  if (wanted === undefined || wanted.trim() === "*") return;
  const tags = wanted.split(",").map((tag) => tag.trim());
  if (!tags.includes(etag(kept)))
    throw new Problem("revision-mismatch", `The provider is at revision ${kept.revision}.`);
}

/** Those of an account, or of all; with the number, where one is named. */
export function listed(providers: Providers, account?: string, mobileNumber?: string): KeptProvider[] {
  return providers
    .all()
    .filter((kept) => account === undefined || kept.account === account)
    .filter((kept) => mobileNumber === undefined || kept.mobileNumber === mobileNumber);
}

/**
 * One provider per number and account.
 *
 * @param isLeaving whether a holder does not count
 * @returns the holder that does not count, if there is one
 * @throws Problem number-in-use
 */
export function numberIsFree(
  providers: Providers,
  account: string,
  mobileNumber: string,
  isLeaving: (holder: KeptProvider) => boolean = () => false,
): KeptProvider | undefined {
  const [holder] = listed(providers, account, mobileNumber);
  if (holder && !isLeaving(holder)) throw numberInUse(holder);
  return holder;
}

/** What a create gets whose number is taken. */
export function numberInUse(
  holder: Pick<KeptProvider, "id" | "nickname" | "mobileNumber" | "externalReference">,
): Problem {
  const { id, nickname, mobileNumber, externalReference } = holder;
  return new Problem("number-in-use", `The provider ${id} has the number ${mobileNumber}.`, {
    conflict: { id, nickname, externalReference },
    errors: [
      { pointer: "/mobileNumber", code: "number-in-use", message: "is the number of another provider" },
    ],
  });
}

/** Stores a change under the next revision. A new default demotes the earlier one. */
export function update(
  providers: Providers,
  before: KeptProvider,
  changes: Partial<ProviderValues>,
  updatedAt = new Date().toISOString(),
): KeptProvider {
  if (changes.isDefault)
    for (const other of listed(providers, before.account))
      if (other.isDefault && other.id !== before.id) update(providers, other, { isDefault: false });
  const kept = { ...before, ...changes, revision: before.revision + 1, updatedAt };
  providers.put(kept.id, kept);
  return kept;
}

/** Stores a new provider. */
export function insert(providers: Providers, account: string, values: ProviderValues): KeptProvider {
  const id = `wap_${randomBytes(8).toString("hex")}`;
  const seq = (providers.all().at(-1)?.seq ?? 0) + 1;
  const now = new Date().toISOString();
  const fresh = { ...values, seq, id, account, inUse: false, revision: 0, createdAt: now, updatedAt: now };
  return update(providers, fresh, values, now);
}

/** A provider as the API shows it: of a secret header only that a value is set. */
export function shown(backend: Backend, kept: KeptProvider): Provider {
  const { id, seq, account, inUse, headers, ...open } = kept;
  const pairs = headers.map(
    ({ key, value, secret }): StoredHeader => (secret ? { key, secret, valueSet: true } : { key, value }),
  );
  const rest = { headers: pairs, ...backend.defaults(account), ...backend.people.condition(kept) };
  return { id, provider: "generic", ...open, ...rest };
}

/** A provider with its ETag. */
export function providerAnswer(
  backend: Backend,
  kept: KeptProvider,
  status = 200,
  headers: Record<string, string> = {},
): Answer {
  return json(status, shown(backend, kept), { ...headers, ETag: etag(kept) });
}

import { KALEYRA_HEADERS, pairOf } from "../../contract/headers";
import { isPlain, type PlainMembers, STANDARDS } from "../../contract/members";
import type { Provider } from "../../contract/types";
import { Problem } from "../../server/problem";
import { insert, numberIsFree, shown, update } from "../../server/providers";
import type { KeptHeader, KeptProvider, ProviderValues } from "../../server/storage";
import { addresses } from "../addresses";
import type { World } from "../world";

/** What somebody at the dashboard does to providers, past the API. */

/** An edit past the API, as somebody at the dashboard would make it. Left out: stays as it is. */
export interface ProviderPatch extends Readonly<Partial<Omit<PlainMembers, "externalReference">>> {
  /** Values by header name, secret ones included; null removes the header. */
  readonly headers?: Readonly<Record<string, string | null>>;
  readonly isDefault?: boolean;
  /** The owner's mark; null removes it. */
  readonly externalReference?: string | null;
  /** True: delete is refused with provider-in-use. Alone it is no change of the revision. */
  readonly inUse?: boolean;
}

/** A provider made past the API, without an owner's mark unless one is given. */
export interface HandMade extends ProviderPatch {
  /** Default: the first account. */
  readonly accountId?: string;
  readonly mobileNumber: string;
}

/** Changes a provider; its revision goes up by one. @throws Problem provider-not-found */
export function patchProvider(world: World, id: string, patch: ProviderPatch): Provider {
  const { providers } = world;
  const before = existing(world, id);
  const { mobileNumber = before.mobileNumber, headers, inUse = before.inUse } = patch;
  if (mobileNumber !== before.mobileNumber) numberIsFree(providers, before.account, mobileNumber);
  const changed = (stored: readonly KeptHeader[]) => ({
    ...plain(patch),
    ...(headers && { headers: patchedHeaders(stored, headers) }),
  });
  const changes = changed(before.headers);
  const kept = { ...before, inUse };
  world.work.changedByHand(kept, changed);
  if (Object.keys(changes).length > 0) return shown(world, update(providers, kept, changes));
  providers.put(id, kept);
  return shown(world, kept);
}

/** @throws Problem provider-not-found */
export function deleteProvider(world: World, id: string): void {
  world.work.removedByHand(existing(world, id));
  world.providers.remove(id);
}

/** Makes a provider that works, but for what is given. @throws Problem invalid-field or number-in-use */
export function createProvider(world: World, values: HandMade): Provider {
  const { providers, settings } = world;
  const { accountId, mobileNumber, inUse = false } = values;
  const account = accountId === undefined ? settings.accounts[0] : world.account(accountId);
  if (!account) throw new Problem("invalid-field", "There is no such account.");
  numberIsFree(providers, account.id, mobileNumber);
  const { markAsDefault: isDefault = false, ...standards } = STANDARDS;
  const { httpEndpoint, kaleyraHost } = addresses(world);
  const carried = { ...world.kaleyra, kaleyraHost, ...world.defaults(account.id) };
  const names = Object.keys(KALEYRA_HEADERS) as (keyof typeof KALEYRA_HEADERS)[];
  const pairs = Object.fromEntries(names.map((name) => [KALEYRA_HEADERS[name], carried[name]]));
  const kept = insert(providers, account.id, {
    ...standards,
    nickname: "Made by hand",
    mobileNumber,
    httpEndpoint,
    headers: patchedHeaders([], { ...pairs, ...values.headers }),
    isDefault,
    ...plain(values),
  });
  providers.put(kept.id, { ...kept, inUse });
  return shown(world, kept);
}

function existing({ providers }: World, id: string): KeptProvider {
  const kept = providers.get(id);
  if (!kept) throw new Problem("provider-not-found", `There is no provider ${id}.`);
  return kept;
}

/** Of a header that is made by hand its name says whether it is open: the host of Kaleyra and callback URLs are. */
function isOpen(name: string): boolean {
  return name.toLowerCase() === KALEYRA_HEADERS.kaleyraHost || /-callback-url$/i.test(name);
}

function patchedHeaders(
  before: readonly KeptHeader[],
  patch: Readonly<Record<string, string | null>>,
): KeptHeader[] {
  let headers = [...before];
  for (const [key, value] of Object.entries(patch)) {
    const old = pairOf(headers, key);
    const fresh = value === null ? [] : [{ key, secret: !isOpen(key), ...old, value }];
    headers = old ? headers.flatMap((header) => (header === old ? fresh : [header])) : [...headers, ...fresh];
  }
  return headers;
}

/** What is kept as it comes; null takes it away. */
function plain(patch: ProviderPatch): Partial<ProviderValues> {
  const given = Object.entries(patch).filter(
    ([name, value]) => value !== undefined && (isPlain(name) || name === "isDefault"),
  );
  return Object.fromEntries(given.map(([name, value]) => [name, value ?? undefined]));
}

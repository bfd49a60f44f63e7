import type { Provider, StoredHeader } from "../contract/types";
import type { KeptProvider } from "../sandbox/storage/providers";
import { accountOf, providerDefaults, type World } from "../sandbox/world";

/** A provider as the API shows it: of a secret header only that a value is set. */
export function providerAnswer(world: World, kept: KeptProvider): Provider {
  const account = accountOf(world, kept.account) ?? { id: kept.account, passcode: "" };
  const headers = kept.headers.map(
    ({ key, value, secret }): StoredHeader => (secret ? { key, secret, valueSet: true } : { key, value }),
  );
  return {
    id: kept.id,
    provider: "generic",
    nickname: kept.nickname,
    mobileNumber: kept.mobileNumber,
    httpEndpoint: kept.httpEndpoint,
    headers,
    autoReplyUntracked: kept.autoReplyUntracked,
    maxConcurrentRequests: kept.maxConcurrentRequests,
    ...(kept.externalReference === undefined ? {} : { externalReference: kept.externalReference }),
    isDefault: kept.isDefault,
    ...providerDefaults(world, account),
    status: "active",
    revision: kept.revision,
    createdAt: kept.createdAt,
    updatedAt: kept.updatedAt,
  };
}

export function etag(kept: KeptProvider): string {
  return `"${kept.revision}"`;
}

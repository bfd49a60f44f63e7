import type { Account } from "../../server/backend";
import { Problem } from "../../server/problem";
import { accountOf, isPasscode } from "../accounts";
import type { Gateway } from "../gateway";

/** Wrong passcodes for one account within a quarter of an hour. */
const MOST_BY_ACCOUNT = 20;

/**
 * Tells whether an account id and a passcode belong together. A passcode that was right is remembered by its digest, so that
 * scrypt, which is slow on purpose, is asked once and not with every call.
 */
export function authentication(gateway: Gateway): (id: string, passcode: string) => Account | undefined {
  const right = new Map<string, string>();
  return (id, passcode) => {
    const hash = accountOf(gateway, id)?.passcode;
    const digest = gateway.keys.digest("passcode", JSON.stringify([id, hash, passcode]));
    if (right.get(id) === digest) return { id };
    const key = `account ${id.slice(0, 100)}`;
    const waitSeconds = gateway.attempts.waitSeconds(key, MOST_BY_ACCOUNT);
    if (waitSeconds > 0)
      throw new Problem(
        "too-many-requests",
        "Too many calls with a wrong passcode: wait before the next one.",
        {},
        { "Retry-After": String(waitSeconds) },
      );
    if (passcode.length > 1_000 || !isPasscode(gateway, id, passcode)) {
      gateway.attempts.failed(key);
      return undefined;
    }
    gateway.attempts.succeeded(key);
    right.set(id, digest);
    return { id };
  };
}

import type { ProviderDefaults } from "../contract/types";
import type { Idempotency } from "./idempotency";
import type { People } from "./people";
import type { Providers } from "./storage";

/** Who calls. */
export interface Account {
  readonly id: string;
  /** True: its writes are answered with 403 forbidden. */
  readonly readOnly?: boolean;
}

/** What a server of the contract brings along: its accounts, its storage, and how long it is patient. */
export interface Backend extends Idempotency {
  /** @returns undefined when the account or its passcode is not known */
  authenticate(accountId: string, passcode: string): Account | undefined;
  defaults(accountId: string): ProviderDefaults;
  readonly providers: Providers;
  readonly people: People;
  readonly settings: Idempotency["settings"] & {
    /** The most items of one page. */
    readonly pageSize: number;
    /** How long Save waits for the HTTP End Point, in milliseconds. */
    readonly verificationLimitMs: number;
  };
  /** Aborts when the server closes. */
  readonly closing: AbortSignal;
}

/** A call that has shown who it is. */
export interface Session {
  readonly backend: Backend;
  readonly account: Account;
}

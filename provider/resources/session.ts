import { AsyncResource } from "node:async_hooks";
import type { Provider, ProviderDefaults } from "../../contract/types";
import type { ProviderApi } from "../api/client";
import type { Account } from "../configuration/settings";

/**
 * What one process knows of one account. Checks of a whole stack come one after the other, so a request in each
 * would cost its latency times the number of resources: ask once and remember, failures included.
 */
export class Session {
  #defaults?: Promise<ProviderDefaults>;
  #listing?: Promise<Provider[]>;
  #firstListing?: Promise<Provider[]>;
  #waiting: ((providers: readonly Provider[]) => void)[] = [];
  readonly #declared = new Map<string, string>();
  /** Endpoint and credentials that were verified, for `previewProbe: once`. */
  readonly probed = new Set<string>();

  constructor(
    readonly account: Account,
    readonly api: ProviderApi,
  ) {}

  /**
   * A resource of the program says something that only one may say of this account.
   * @returns the URN of the first that did
   */
  declare(what: string, urn: string): string {
    const first = this.#declared.get(what) ?? urn;
    this.#declared.set(what, first);
    return first;
  }

  defaults(): Promise<ProviderDefaults> {
    this.#defaults ??= this.api.defaults();
    return this.#defaults;
  }

  /** Every provider of the account. */
  listing(): Promise<Provider[]> {
    this.#listing ??= this.api.list().then((providers) => {
      for (const tell of this.#waiting.splice(0)) tell(providers);
      return providers;
    });
    return this.#listing;
  }

  /** The first listing of this process, older than its writes: for what other people do, one look is enough. */
  firstListing(): Promise<Provider[]> {
    this.#firstListing ??= this.listing();
    return this.#firstListing;
  }

  /** Looks at the listing as soon as this process has one, and asks for none itself. */
  async onceListed(tell: (providers: readonly Provider[]) => void): Promise<void> {
    if (this.#listing) tell(await this.#listing);
    // Told next to the resource that asked, not next to the one whose call brings the listing.
    else this.#waiting.push(AsyncResource.bind(tell));
  }

  /** To be called after every write: what was listed before is old. */
  forget(): void {
    this.#listing = undefined;
  }
}

import { WhatsAppProviderError } from "../model/errors";
import type { Properties } from "../model/unknown";
import { nameOf } from "../model/urn";

/** What a resource says of the Incoming URL of its number. */
interface Saying {
  readonly number: string;
  /** Missing while it is not known. */
  readonly query?: string;
}

/**
 * What the resources of one program say of Incoming URLs, as far as this process has checked them: a number has one such URL,
 * and its query must be that of the number's provider. Values that are not known yet are compared at the update.
 */
export class DeclaredUrls {
  /** By URN. */
  readonly #providers = new Map<string, Saying>();
  readonly #setters = new Map<string, Saying>();

  /** A provider, which makes the query of its number. @returns the failure where the program sets another one already */
  provider(urn: string, values: Properties): WhatsAppProviderError[] {
    const own = keep(this.#providers, urn, values);
    if (own?.query === undefined) return [];
    const setters = [...this.#setters].filter(([, { number }]) => number === own.number);
    const wrong = setters.find(([, { query }]) => query !== undefined && !this.#isMade(own.number, query));
    if (!wrong) return [];
    return [
      new WhatsAppProviderError(
        "invalid-input",
        `KaleyraIncomingUrl "${nameOf(wrong[0])}" sets another incomingUrlQuery for this number, so inbound messages would not arrive`,
        { property: "mobileNumber", remedy: "Give it the incomingUrlQuery of this provider" },
      ),
    ];
  }

  /** A resource that sets the URL of a number. @returns what it must not say beside the others */
  setter(urn: string, values: Properties): WhatsAppProviderError[] {
    const own = keep(this.#setters, urn, values);
    if (!own) return [];
    const failures: WhatsAppProviderError[] = [];
    const twin = [...this.#setters].find(([other, { number }]) => other !== urn && number === own.number);
    if (twin) {
      // The first keeps the number.
      this.#setters.delete(urn);
      failures.push(
        new WhatsAppProviderError(
          "number-declared-twice",
          `resource "${nameOf(twin[0])}" of this program sets the Incoming URL of the same number`,
          { property: "mobileNumber", remedy: "Keep one: a number has one Incoming URL" },
        ),
      );
    }
    const [maker] =
      [...this.#providers].find(([, { number, query }]) => number === own.number && query) ?? [];
    if (maker !== undefined && own.query !== undefined && !this.#isMade(own.number, own.query))
      failures.push(
        new WhatsAppProviderError(
          "invalid-input",
          `is not that of WhatsAppProvider "${nameOf(maker)}", which has the same number, so inbound messages would not arrive`,
          { property: "incomingUrlQuery", remedy: "Pass the incomingUrlQuery of that provider" },
        ),
      );
    return failures;
  }

  /** Whether a provider of the number makes this query. Two accounts may have one number. */
  #isMade(number: string, query: string): boolean {
    return [...this.#providers.values()].some((made) => made.number === number && made.query === query);
  }
}

/** What a check has found takes the place of what an earlier one did. */
function keep(map: Map<string, Saying>, urn: string, values: Properties): Saying | undefined {
  map.delete(urn);
  const { mobileNumber: number, incomingUrlQuery: query } = values;
  if (typeof number !== "string") return undefined;
  const saying = { number, query: typeof query === "string" ? query : undefined };
  map.set(urn, saying);
  return saying;
}

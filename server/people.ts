import type { Provider } from "../contract/types";
import type { KeptProvider, ProviderValues } from "./storage";

/** The people, if any, who make at the dashboard what the API was told. Without them everything is there at once. */
export interface People {
  /** What an answer says of a provider beside its settings. */
  condition(kept: KeptProvider): Pick<Provider, "status" | "statusReason" | "task">;
  /** Whether it waits for its deletion: then its number is as good as free. */
  isLeaving(kept: KeptProvider): boolean;
  /** Whether nobody, and no HTTP End Point, is to be asked about this write: what it would change at the dashboard is nothing. */
  isKnown(before: KeptProvider, wanted: ProviderValues): boolean;
  /**
   * A write was stored.
   *
   * @param before what was stored before: under the same id, or the provider that is leaving and whose number this one has
   */
  saved(kept: KeptProvider, before?: KeptProvider): void;
  /** A delete was asked for. @returns whether somebody has to do it; else it is to be removed at once */
  leaves(kept: KeptProvider): boolean;
}

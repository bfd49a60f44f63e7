import type { Provider } from "../contract/types";
import type { KeptProvider } from "./storage";

/**
 * People who make at the dashboard what the API was told. A server without them has everything at once.
 */
export interface People {
  /** What an answer says of it beside its settings. */
  condition(kept: KeptProvider): Pick<Provider, "status" | "statusReason" | "task">;
  /** Whether it waits for its deletion: then its number is as good as free. */
  isLeaving(kept: KeptProvider): boolean;
  /** Whether everything that the write says is known already, so that nobody and no HTTP End Point is to be asked again. */
  isKnown(before: KeptProvider, wanted: Omit<KeptProvider, "revision" | "updatedAt">): boolean;
  /**
   * A write was stored.
   *
   * @param before what was stored before: under the same id, or the provider that was leaving and whose number this one has
   */
  saved(kept: KeptProvider, before?: KeptProvider): void;
  /** A delete was asked for. @returns whether somebody has to do it; else it is to be removed at once */
  leaves(kept: KeptProvider): boolean;
}

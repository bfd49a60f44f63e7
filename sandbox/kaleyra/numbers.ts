import type { Settings } from "../options";

/** What Kaleyra's stand-in knows of numbers: single ones, and ranges such as `14155550100-14155550199`. */
export interface NumberLists {
  readonly approved: readonly string[];
  /** Approved, but answered as not subscribed (code 2003). */
  readonly unsubscribed: readonly string[];
  /** Answered as invalid (code 2002). */
  readonly invalid: readonly string[];
}

export function numberLists(settings: Settings): NumberLists {
  const { approvedNumbers, unsubscribedNumbers, invalidNumbers } = settings;
  return { approved: approvedNumbers, unsubscribed: unsubscribedNumbers, invalid: invalidNumbers };
}

/** The lists in words. */
export function numbersText({ approved, unsubscribed, invalid }: NumberLists): string {
  const words = (list: readonly string[]) => list.map((entry) => entry.replace("-", " to ")).join(", ");
  const refused = [
    ...(unsubscribed.length > 0 ? [`not subscribed: ${words(unsubscribed)}`] : []),
    ...(invalid.length > 0 ? [`invalid: ${words(invalid)}`] : []),
  ];
  return `${words(approved) || "none"}${refused.length > 0 ? ` (refused: ${refused.join("; ")})` : ""}`;
}

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
  const part = (title: string, list: readonly string[]) =>
    list.length === 0 ? [] : [`${title}: ${list.map((entry) => entry.replace("-", " to ")).join(", ")}.`];
  return [
    ...part("Approved numbers", approved),
    ...part("Not subscribed", unsubscribed),
    ...part("Invalid", invalid),
  ].join(" ");
}

/** Is the number in the list of single numbers and ranges? */
export function listsNumber(list: readonly string[], number: string): boolean {
  return list.some((entry) => {
    const [from = "", to = from] = entry.split("-");
    return number.length === from.length && number >= from && number <= to;
  });
}

/** Is the number approved and subscribed? */
export function isServed({ approvedNumbers, unsubscribedNumbers }: Settings, number: string): boolean {
  return listsNumber(approvedNumbers, number) && !listsNumber(unsubscribedNumbers, number);
}

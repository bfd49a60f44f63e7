import { KALEYRA_HEADERS } from "../../contract/headers";
import { type Answer, type Call, json } from "../../server/http";
import type { Settings } from "../options";
import type { World } from "../world";

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

/** Kaleyra's own answers have one envelope. */
function answer(status: number, code: string, message: string, data: object, error: object): Answer {
  return json(status, { code, message, data, error });
}

/** Kaleyra's public API: details of a number. */
export function numberDetails(world: World, call: Call): Answer {
  const number = call.param("number");
  if (!world.isKaleyra(call.param("sid"), call.headers[KALEYRA_HEADERS.apiKey]))
    return answer(401, "RBC001", "Invalid SID or API key", {}, { error: "unauthorized" });
  const { approvedNumbers, unsubscribedNumbers } = world.settings;
  if (!listsNumber(approvedNumbers, number) || listsNumber(unsubscribedNumbers, number))
    return answer(404, "RBC404", "The number is not one of this account", {}, { number: "not found" });
  return answer(200, "RBC000", "Success", { phone_number: number, status: "CONNECTED" }, {});
}

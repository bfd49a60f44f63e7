import { urlFault } from "../../contract/url";
import { isVisibleAscii } from "../model/text";
import type { Key } from "./table";

/** What is wrong with the text of a setting. The text may hold a secret, so it is not quoted. */
export function problemOf(key: Key, text: string): string | undefined {
  switch (key.kind) {
    case "url":
      return urlFault(text);
    case "token":
      return isVisibleAscii(text) ? undefined : "must be visible ASCII without spaces";
    case "choice": {
      const choices = Object.keys(key.choices);
      return choices.includes(text) ? undefined : `must be ${choices.join(", ")}`;
    }
    case "number":
    case "integer": {
      const [least, most] = key.range;
      const number = Number(text);
      return number >= least && number <= most ? undefined : `must be ${least} to ${most} ${key.unit}`;
    }
    default:
      return undefined;
  }
}

/** The value of a text that has no problem. */
export function parsed({ kind }: Key, text: string): string | number {
  if (kind === "number") return Number(text);
  return kind === "integer" ? Math.floor(Number(text)) : text;
}

/** The value of a setting that is not set. */
export function defaultOf(key: Key): string | number | undefined {
  if (key.kind === "choice") return Object.keys(key.choices)[0];
  return "default" in key ? key.default : undefined;
}

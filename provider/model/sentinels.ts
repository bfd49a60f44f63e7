import { wellFormed } from "./text";

/** Texts by which the engine says something else than what they are. */

/** In place of an unknown string, boolean, number, array, asset, archive and object. */
export const UNKNOWNS = [
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
] as const;

/** The key by which a map is no map but a secret, an output, an asset or a reference. */
export const SIGNATURE = "4dabf18193072939515e22adb298388d";

const SENTINEL = new RegExp([...UNKNOWNS, SIGNATURE].join("|"), "g");

/**
 * A text of a server as state may hold it: no half of a surrogate pair, which the engine can't read, and none of its own
 * signs. Such a sign gets a `_`, so that the text still differs from what a program wants, and `up` repairs it.
 */
export function harmless(text: string): string {
  let safe = wellFormed(text);
  // Two signs can share a character.
  for (let before = ""; before !== safe; ) {
    before = safe;
    safe = safe.replace(SENTINEL, (sign) => `${sign.slice(0, 8)}_${sign.slice(8)}`);
  }
  return safe;
}

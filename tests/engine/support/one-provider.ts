import type { Provider } from "../../../contract/types";
import type { Sandbox } from "../../../sandbox";
import { LONG } from "../../reliability/figures";
import { DOORS, type Door } from "./stack";

/** What the tests of ownership share: programs of one provider, and the commands around them. */

/** The line of a program that declares a provider. */
export const declare = (name: string, over: object = {}, options: object = {}) =>
  `new wa.WhatsAppProvider("${name}", settings(${JSON.stringify(over)}), ${JSON.stringify(options)});\n`;

export const kaleyra = (over: object = {}, options: object = {}) => declare("kaleyra", over, options);

export const UP = ["up", "--yes", "--skip-preview"] as const;

/** The plugin's import, to be followed by name and id. The Node language host has no code generation. */
export const IMPORT = [
  "import",
  "clevertap:index:WhatsAppProvider",
  "--yes",
  "--generate-code=false",
  "--protect=false",
] as const;

/** The one provider that the server has. */
export function only(sandbox: Sandbox): Provider {
  const found = sandbox.providers();
  expect(found).toHaveLength(1);
  return found[0] as Provider;
}

/** Both doors in the long run; in the normal one a scenario of shared code goes through one of them. */
export const through = (door: Door): readonly Door[] => (LONG ? DOORS : [door]);

let scenarios = 0;

/**
 * A scenario whose code both doors share: the scenarios of a file go through the doors in turn. In the long run each goes
 * through both.
 */
export function scenario(name: string, work: (door: Door) => Promise<void>): void {
  const next = DOORS[scenarios++ % DOORS.length] as Door;
  describe.each(through(next))("%s", (door) => {
    test(name, () => work(door));
  });
}

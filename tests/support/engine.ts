import { tmpdir } from "node:os";
import { join } from "node:path";
import { engineEnvironment } from "../../tools/environment.cjs";

/**
 * Where the engine is, for tests that run it. `npm test` sets the engine up for the tests that import this file, and
 * `npm run test:fast` leaves them out: no test finds the engine in another way.
 */
export const ENGINE_PATH = process.env.CLEVERTAP_TEST_ENGINE_PATH ?? process.env.PATH ?? "";

/**
 * The environment of a run of the engine that sees nothing of the machine's: with a home and a state of its own.
 *
 * @param folder an existing folder
 * @param state an existing folder for the state
 */
export function isolatedEnvironment(
  folder: string,
  state: string,
  extra: Record<string, string> = {},
): Record<string, string> {
  const home = join(folder, ".home");
  return engineEnvironment({
    home: join(home, ".pulumi"),
    state,
    path: ENGINE_PATH,
    compileCache: join(tmpdir(), "wa-compile-cache"),
    base: {},
    extra: { HOME: home, NO_COLOR: "1", ...extra },
  });
}

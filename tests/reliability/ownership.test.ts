import * as fc from "fast-check";
import { amount, report } from "./figures";
import { World } from "./owners";
import { life } from "./ownership-steps";

jest.mock("../../provider/api/transport", () => require("./in-memory"));
jest.mock("../../server/endpoint-check", () => ({ checkEndpoint: async () => {} }));

/**
 * Several states of one account, whose names and numbers are used again: stacks are renamed and made anew, the same names
 * exist on two backends, states are copied and restored, resources move, providers are imported twice, runs are killed.
 * After each step a model that knows who owns what looks at every provider that a state names.
 */

const RUNS = amount(4_000, 40_000, "CLEVERTAP_TEST_OWNERSHIP");

test(`${RUNS} random lives of several states`, async () => {
  jest.useFakeTimers({ now: Date.now(), doNotFake: FAKED_NOT });
  let done = 0;
  await fc.assert(
    fc.asyncProperty(life, async (steps) => {
      const world = new World();
      for (const one of steps) await world.step(one);
      done++;
    }),
    { numRuns: RUNS, seed: Number(process.env.CLEVERTAP_TEST_SEED ?? 9) },
  );
  report("random lives of several states, in process: sequences", Math.min(done, RUNS), RUNS);
}, 1_800_000);

/** Only the clock is ours. */
const FAKED_NOT: (
  | "nextTick"
  | "setImmediate"
  | "setTimeout"
  | "setInterval"
  | "queueMicrotask"
  | "performance"
  | "hrtime"
  | "clearImmediate"
  | "clearInterval"
  | "clearTimeout"
)[] = [
  "nextTick",
  "setImmediate",
  "setTimeout",
  "setInterval",
  "queueMicrotask",
  "performance",
  "hrtime",
  "clearImmediate",
  "clearInterval",
  "clearTimeout",
];

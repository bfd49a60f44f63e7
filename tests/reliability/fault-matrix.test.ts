import { type Sandbox, startSandbox } from "../../sandbox";
import { optionsOf, runCell } from "./cell";
import { Driver } from "./driver";
import { FAULTS, VERBS } from "./faults";
import { counted } from "./figures";

/** Every verb against every fault, once and for ever, in this process. */

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(async () => {
  await sandbox.close();
});

const cells = Object.entries(FAULTS).flatMap(([fault, { modes = ["once", "for ever"] as const }]) =>
  Object.keys(VERBS).flatMap((verb) => modes.map((mode) => ({ verb, fault, mode }))),
);

describe.each(Object.keys(FAULTS))("%s", (faultName) => {
  test.each(cells.filter(({ fault }) => fault === faultName))("$verb, $mode", async (cell) => {
    sandbox.reset();
    await counted("fault matrix, in process: cells", (attempt) =>
      attempt(() => runCell(new Driver(optionsOf(sandbox, faultName)), sandbox, cell)),
    );
  });
});

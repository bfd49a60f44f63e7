import { RESOURCES } from "../../provider/resources";
import { type Sandbox, startSandbox } from "../../sandbox";
import { optionsOf, runCell } from "./cell";
import { Driver } from "./driver";
import { counted } from "./figures";
import { BY_PEOPLE, specimenOf } from "./specimen";

/** Every verb of every resource against every fault, once and for ever, in this process. */

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ showsIncomingUrl: true });
});
afterAll(async () => {
  await sandbox.close();
});

describe.each([...RESOURCES.map(specimenOf), BY_PEOPLE])("$title", (specimen) => {
  const { resource, verbs, faults } = specimen;
  describe.each(Object.entries(faults))("%s", (faultName, fault) => {
    const { modes = ["once", "for ever"] as const } = fault;
    const cells = Object.keys(verbs).flatMap((verb) => modes.map((mode) => ({ verb, mode })));
    test.each(cells)("$verb, $mode", async ({ verb, mode }) => {
      sandbox.reset();
      sandbox.setManual(specimen.byPeople ?? false);
      await counted("fault matrix, in process: cells", (attempt) =>
        attempt(() =>
          runCell(new Driver(optionsOf(sandbox, fault), resource), sandbox, {
            specimen,
            verb,
            fault: faultName,
            mode,
          }),
        ),
      );
    });
  });
});

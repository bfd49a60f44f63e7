import type { Provider } from "../../contract/types";
import { readMark } from "../../provider/resources/whatsapp-provider/mark";
import { LONG } from "../reliability/figures";
import { kaleyra, only, UP } from "./support/one-provider";
import { DOORS, type Door, type Stack, settle, withStack } from "./support/stack";

/** Names are used again: what a live state names survives, and whoever lost a provider is told. */

/** Ways in which the names of a live resource become free. Each leaves a stack selected that has them, and names the one that has the resource. */
const WAYS: Record<string, (stack: Stack) => Promise<() => void>> = {
  "a renamed stack": async (stack) => {
    await stack.rename("prod");
    await stack.init("dev");
    return () => stack.select("prod");
  },
  "a resource that was moved to another stack": async (stack) => {
    const { urn } = await stack.resource();
    await stack.init("prod");
    await stack.ok("state", "move", "--source", "dev", "--dest", "prod", "--yes", urn);
    stack.select("dev");
    return () => stack.select("prod");
  },
  "a second backend": async (stack) => {
    stack.login("second");
    await stack.init("dev");
    return () => stack.login();
  },
};
const CASES = Object.keys(WAYS).flatMap((way, i) =>
  DOORS.filter((_, j) => LONG || i % 2 === j).map((door): [string, Door] => [way, door]),
);

/** The message names what was lost, whose it is now, and both ways out. */
function expectTold(output: string, { id, externalReference: mark }: Provider): void {
  expect(output).toContain("[taken-over]");
  expect(output).toContain(`provider ${id} carries the mark "${mark}"`);
  expect(output).toContain("pulumi state delete URN");
  expect(output).toContain(`adoptExisting: "${mark}"`);
}

test.each(CASES)("%s: its provider was written since, so its names take nothing, %s", async (way, door) => {
  await withStack({ door, program: kaleyra() }, async (stack, sandbox) => {
    await stack.up();
    stack.program(kaleyra({ nickname: "Live" }));
    await stack.up();
    const live = only(sandbox);
    const back = await (WAYS[way] as (typeof WAYS)[string])(stack);
    for (const output of [await stack.fails("preview"), await stack.fails(...UP)]) {
      expect(output).toContain(`held by provider ${live.id} ("Live")`);
      expect(output).toContain(`"${live.externalReference}"`);
      expect(output).toContain("the live provider of a renamed stack or of a resource that was moved");
      expect(output).toContain(`adoptExisting: "${live.externalReference}"`);
    }
    expect(only(sandbox)).toEqual(live);
    back();
    await stack.refresh("--expect-no-changes");
    await stack.preview("--expect-no-changes");
  });
});

test.each(CASES)(
  "%s: its provider is fresh, so the new one takes it (the known limit) and the earlier owner is told, %s",
  async (way, door) => {
    await withStack({ door, program: kaleyra() }, async (stack, sandbox) => {
      await stack.up();
      const before = only(sandbox);
      const back = await (WAYS[way] as (typeof WAYS)[string])(stack);
      expect(await stack.preview()).toContain(`takes over provider ${before.id} ("Kaleyra")`);
      await stack.up();
      const taken = only(sandbox);
      expect(taken).toMatchObject({ id: before.id, revision: 2 });
      expect(readMark(taken.externalReference)).toMatchObject({
        owner: "organization/test/dev/kaleyra",
        n: 1,
      });
      await settle(stack);
      back();
      expectTold(await stack.refresh(), taken);
      stack.program(kaleyra({ nickname: "Edit" }));
      expectTold(await stack.preview(), taken);
      expectTold(await stack.fails(...UP), taken);
      expect(await stack.destroy()).toContain(
        `provider ${taken.id} carries the mark "${taken.externalReference}"`,
      );
      expect(only(sandbox)).toEqual(taken);
    });
  },
);

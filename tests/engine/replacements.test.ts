import type { Provider } from "../../contract/types";
import { declare, through, UP } from "./support/one-provider";
import { settle, withStack } from "./support/stack";

/** A replacement meets a provider that is still there: its own, or the one of a sibling whose number it takes. */

const [N1, N2, N3] = ["14155550101", "14155550102", "14155550103"] as const;

test.each(through("dynamic"))(
  "a number moves to a sibling, and two are swapped: refused with the way out, which takes one up, %s",
  async (door) => {
    const pair = (a: object, b: object) => `${declare("a", a)} ${declare("b", b)}`;
    const before = pair({ mobileNumber: N1 }, { mobileNumber: N2 });
    await withStack({ door, program: before }, async (stack, sandbox) => {
      const holder = (number: string) =>
        sandbox.providers().find((p) => p.mobileNumber === number) as Provider;
      const adoptionOf = (number: string) => ({
        mobileNumber: number,
        adoptExisting: holder(number).externalReference,
      });
      await stack.up();
      const live = sandbox.providers();
      stack.program(pair({ mobileNumber: N2 }, { mobileNumber: N1 }));
      for (const output of [await stack.fails("preview"), await stack.fails(...UP)]) {
        // The engine checks several resources at once: either of the two may be first.
        const told = live.filter(({ id }) => output.includes(`held by provider ${id}`));
        expect(told).not.toEqual([]);
        for (const { externalReference } of told)
          expect(output).toContain(`set adoptExisting: "${externalReference}" (in a swap, on both)`);
      }
      expect(sandbox.providers()).toEqual(live);
      stack.program(pair(adoptionOf(N2), adoptionOf(N1)));
      await stack.preview();
      await stack.up();
      await settle(stack);
      // Nobody was without a provider in between.
      expect(sandbox.providers().map(({ id }) => id)).toEqual(live.map(({ id }) => id));
      for (const { id, inputs } of await stack.resources())
        expect(id).toBe(holder(String(inputs?.mobileNumber)).id);

      const swapped = sandbox.providers();
      stack.program(pair({ mobileNumber: N3 }, { mobileNumber: N2 }));
      for (const output of [await stack.fails("preview"), await stack.fails(...UP)])
        expect(output).toContain(
          `where its holder gets another number, to take it over set adoptExisting: "${holder(N2).externalReference}"`,
        );
      expect(sandbox.providers()).toEqual(expect.arrayContaining(swapped));
      stack.program(pair({ mobileNumber: N3 }, adoptionOf(N2)));
      await stack.up();
      expect(
        sandbox
          .providers()
          .map((p) => p.mobileNumber)
          .sort(),
      ).toEqual([N2, N3]);
      await settle(stack);
    });
  },
);

test.each(through("plugin"))(
  "--replace of a provider that was written since its create: refused, with --refresh it works, %s",
  async (door) => {
    await withStack({ door, program: declare("a", {}) }, async (stack, sandbox) => {
      await stack.up();
      stack.program(declare("a", { nickname: "Edit" }));
      await stack.up();
      const [live] = sandbox.providers();
      const { urn } = await stack.resource();
      for (const command of [["preview"], UP]) {
        const output = await stack.fails(...command, "--replace", urn);
        expect(output).toContain("the name of this very resource, but not its own fresh create");
        expect(output).toContain("For a forced replacement run `pulumi up --refresh` with it");
      }
      expect(sandbox.providers()).toEqual([live]);
      await stack.preview("--refresh", "--replace", urn);
      await stack.up("--refresh", "--replace", urn);
      await stack.ok("state", "taint", urn, "--yes");
      await stack.up("--refresh");
      // Here the engine hands the old state to a diff, so there is no need of a refresh.
      stack.program(declare("a", { nickname: "Replaced" }, { replaceOnChanges: ["nickname"] }));
      await stack.preview();
      await stack.up();
      expect(sandbox.providers()).toMatchObject([{ id: live?.id, nickname: "Replaced" }]);
      expect(await stack.resources()).toMatchObject([{ id: live?.id }]);
      await settle(stack);
      await stack.destroy();
      expect(sandbox.providers()).toEqual([]);
    });
  },
);

test.each(through("dynamic"))(
  "a failed move of a number is taken back: the provider that waits for its deletion is kept, %s",
  async (door) => {
    const pair = (a: string, b: string) =>
      `${declare("a", { mobileNumber: a, nickname: "Edit" })} ${declare("b", { mobileNumber: b })}`;
    await withStack(
      { door, program: `${declare("a", { mobileNumber: N1 })} ${declare("b", { mobileNumber: N2 })}` },
      async (stack, sandbox) => {
        await stack.up();
        stack.program(pair(N1, N2));
        await stack.up();
        const live = sandbox.providers();
        stack.program(pair(N3, N1));
        await stack.fails(...UP);
        stack.program(pair(N1, N2));
        expect(await stack.fails(...UP)).toContain("what this resource has already");
        await stack.up("--refresh");
        expect(sandbox.providers().map(({ id }) => id)).toEqual(live.map(({ id }) => id));
        await settle(stack);
      },
    );
  },
);

import type { Provider } from "../../provider/api/types";
import type { Sandbox } from "../../sandbox";
import { LONG } from "../reliability/figures";
import { DOORS, type Door, settle, withStack } from "./support/stack";

/** A replacement meets a provider that is still there: its own, or the one of a sibling whose number it takes. */

const UP = ["up", "--yes", "--skip-preview"] as const;
const one = (name: string, over: object, options: object = {}) =>
  `new wa.WhatsAppProvider("${name}", settings(${JSON.stringify(over)}), ${JSON.stringify(options)});`;
const [N1, N2, N3] = ["14155550101", "14155550102", "14155550103"];
const pair = (a: string | undefined, b: string | undefined) =>
  `${one("a", { mobileNumber: a })} ${one("b", { mobileNumber: b })}`;
const target = (name: string) => ["--target", `**::${name}`];

const numbers = (sandbox: Sandbox) => sandbox.providers().map((p: Provider) => p.mobileNumber);
/** In the normal suite a scenario runs on one door. */
const on = (i: 0 | 1): readonly Door[] => (LONG ? DOORS : [DOORS[i] as Door]);

test.each(on(0))("a number goes from a to b while a gets a free one: refused with the way out, which works, %s", async (door) => {
  await withStack({ door, program: pair(N1, N2) }, async (stack, sandbox) => {
    await stack.up();
    const live = sandbox.providers();
    stack.program(pair(N3, N1));
    for (const output of [await stack.fails("preview"), await stack.fails(...UP)]) {
      expect(output).toContain(`held by provider ${live.find((p) => p.mobileNumber === N1)?.id}`);
      expect(output).toContain("`pulumi up --target '**::a'` and then `pulumi up` move it");
    }
    expect(numbers(sandbox)).toEqual(expect.arrayContaining([N1, N2]));
    await stack.up(...target("a"));
    await stack.up();
    expect(numbers(sandbox).sort()).toEqual([N1, N3]);
    await settle(stack);
  });
});

test.each(on(1))("a swap of two numbers: refused with the way out, which works, %s", async (door) => {
  await withStack({ door, program: pair(N1, N2) }, async (stack, sandbox) => {
    await stack.up();
    const live = sandbox.providers();
    stack.program(pair(N2, N1));
    for (const output of [await stack.fails("preview"), await stack.fails(...UP)])
      expect(output).toMatch(/for a swap run `pulumi destroy --target '\*\*::[ab]'` before/);
    expect(sandbox.providers()).toEqual(live);
    await stack.destroy(...target("a"));
    await stack.up(...target("b"));
    await stack.up();
    expect(numbers(sandbox).sort()).toEqual([N1, N2]);
    await settle(stack);
  });
});

test.each(on(1))("--replace of a provider that was written since its create: refused, with --refresh it works, %s", async (door) => {
  await withStack({ door, program: one("a", {}) }, async (stack, sandbox) => {
    await stack.up();
    stack.program(one("a", { nickname: "Edit" }));
    await stack.up();
    const [live] = sandbox.providers();
    const [{ urn }] = (await stack.resources()) as [{ urn: string }];
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
    stack.program(one("a", { nickname: "Replaced" }, { replaceOnChanges: ["nickname"] }));
    await stack.preview();
    await stack.up();
    expect(sandbox.providers()).toMatchObject([{ id: live?.id, nickname: "Replaced" }]);
    expect(await stack.resources()).toMatchObject([{ id: live?.id }]);
    await settle(stack);
    await stack.destroy();
    expect(sandbox.providers()).toEqual([]);
  });
});

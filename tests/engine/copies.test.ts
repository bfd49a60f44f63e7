import { startRewritingProxy } from "../reliability/rewriting-proxy";
import { declare, through, UP } from "./support/one-provider";
import { settle, withStack } from "./support/stack";

/** A state that is older than the provider, and an answer that is older than the question. */

test.each(through("plugin"))(
  "a state is restored from a copy: told as changed elsewhere, refresh and up heal, %s",
  async (door) => {
    await withStack({ door, program: declare("a", {}) }, async (stack, sandbox) => {
      await stack.up();
      const copy = await stack.exported();
      stack.program(declare("a", { nickname: "Edit" }));
      await stack.up();
      const [live] = sandbox.providers();
      await stack.edit(() => copy);
      stack.program(declare("a", { nickname: "After" }));
      for (const output of [await stack.fails("preview"), await stack.fails(...UP)]) {
        expect(output).toContain("was changed elsewhere (revision 1 to 2): nickname");
        expect(output).toContain("pulumi refresh");
      }
      expect(sandbox.providers()).toEqual([live]);
      await stack.refresh();
      await stack.up();
      expect(sandbox.providers()).toMatchObject([{ id: live?.id, nickname: "After", revision: 3 }]);
      await settle(stack);
      await stack.destroy();
      expect(sandbox.providers()).toEqual([]);
    });
  },
);

test.each(through("dynamic"))(
  "a cache answers the second create with the first one's answer: two resources never get one id, %s",
  async (door) => {
    const first = declare("first", { mobileNumber: "14155550101" });
    const second = declare("second", { mobileNumber: "14155550102" });
    await withStack(
      { door, program: first + second, config: { maxAttempts: "2" } },
      async (stack, sandbox) => {
        let answer: unknown;
        const cache = await startRewritingProxy(sandbox.endpoint, (json, { method }) => {
          if (method === "POST") answer ??= json;
          return method === "POST" ? answer : json;
        });
        try {
          await stack.config("endpoint", cache.url);
          expect(await stack.fails(...UP, "--parallel", "1")).toContain(
            "does not repeat the number and the mark that were sent",
          );
        } finally {
          await cache.close();
        }
        expect(sandbox.providers()).toHaveLength(2);
        expect(await stack.resources()).toHaveLength(1);
        await stack.configure({ endpoint: sandbox.endpoint, formerEndpoint: cache.url });
        await stack.up();
        const ids = (await stack.resources()).map(({ id }) => id);
        expect(ids.sort()).toEqual(
          sandbox
            .providers()
            .map(({ id }) => id)
            .sort(),
        );
        stack.program(second);
        await stack.up();
        expect(sandbox.providers()).toMatchObject([{ mobileNumber: "14155550102" }]);
        await settle(stack);
      },
    );
  },
);

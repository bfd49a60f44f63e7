import { startSandbox } from "../../sandbox";
import { startRewritingProxy } from "../reliability/rewriting-proxy";
import { kaleyra, through, UP } from "./support/one-provider";
import { type Stack, settle, withStack } from "./support/stack";

/** An id and a "not found" mean something at one API only: another one proves nothing, and one that moved stays the same. */

test.each(through("dynamic"))(
  "another endpoint with the same account and passcode takes nothing for gone, %s",
  async (door) => {
    const stranger = await startSandbox({ verificationLimitMs: 20_000 });
    try {
      await withStack({ door, program: kaleyra() }, async (stack, sandbox) => {
        await stack.up();
        const [live] = sandbox.providers();
        await stack.config("endpoint", stranger.endpoint);
        const refusals = [await stack.fails(...UP, "--refresh"), await stack.fails("preview")];
        stack.program("");
        refusals.push(await stack.fails(...UP));
        // These two go by the configuration that the last update left in the state.
        for (const command of ["refresh", "destroy"])
          refusals.push(await stack.fails(command, "--yes", "--skip-preview"));
        for (const output of refusals) {
          expect(output).toContain("[api-mismatch]");
          expect(output).toContain(`pulumi config set clevertap:formerEndpoint ${sandbox.endpoint}`);
        }
        expect(await stack.resources()).toMatchObject([{ id: live?.id }]);
        expect(sandbox.providers()).toEqual([live]);
        expect(stranger.requests()).toEqual([]);
      });
    } finally {
      await stranger.close();
    }
  },
);

const writes = (stack: Stack) => stack.sandbox.requests().filter(({ method }) => method !== "GET");

test.each(through("plugin"))(
  "an API that moved: formerEndpoint, one up without a write, and it can be removed again, %s",
  async (door) => {
    await withStack({ door, program: kaleyra() }, async (stack, sandbox) => {
      const moved = await startRewritingProxy(sandbox.endpoint, (json) => json);
      try {
        await stack.up();
        await stack.configure({ endpoint: moved.url, formerEndpoint: sandbox.endpoint });
        sandbox.resetRequests();
        expect(await stack.preview()).toMatch(/1 to update/);
        expect(await stack.up()).toMatch(/1 updated/);
        expect(writes(stack)).toEqual([]);
        await stack.ok("config", "rm", "clevertap:formerEndpoint");
        await settle(stack);
        await stack.destroy();
        expect(sandbox.providers()).toEqual([]);
      } finally {
        await moved.close();
      }
    });
  },
);

test("the API of a Provider moved: nothing is replaced", async () => {
  await withStack({ door: "plugin" }, async (stack, sandbox) => {
    const [account] = sandbox.accounts as [{ id: string; passcode: string }];
    const moved = await startRewritingProxy(sandbox.endpoint, (json) => json);
    const instance = (more: string) =>
      `const instance = new wa.Provider("instance", { accountId: "${account.id}", passcode: "${account.passcode}", ${more} });
      new wa.WhatsAppProvider("kaleyra", settings(), { provider: instance });`;
    try {
      stack.program(instance(`endpoint: "${sandbox.endpoint}"`));
      await stack.up();
      const live = sandbox.providers();
      sandbox.resetRequests();
      stack.program(instance(`endpoint: "${moved.url}", formerEndpoint: "${sandbox.endpoint}/"`));
      await stack.up();
      stack.program(instance(`endpoint: "${moved.url}/"`));
      await stack.up();
      await settle(stack);
      expect(writes(stack)).toEqual([]);
      expect(sandbox.providers()).toEqual(live);
    } finally {
      await moved.close();
    }
  });
});

test.each(through("dynamic"))(
  "an account gets another name in clevertap:accounts: state changes, nothing is sent, %s",
  async (door) => {
    const program = (account: string) =>
      `new wa.WhatsAppProvider("kaleyra", settings({ account: "${account}" }));`;
    await withStack({ door, program: program("emea") }, async (stack, sandbox) => {
      const [, { id, passcode }] = sandbox.accounts as [unknown, { id: string; passcode: string }];
      const entry = (name: string) => ({
        [`accounts.${name}.accountId`]: id,
        [`accounts.${name}.passcode`]: { secret: passcode },
      });
      await stack.configure(entry("emea"));
      await stack.up();
      await stack.ok("config", "rm", "--path", "clevertap:accounts.emea");
      await stack.configure(entry("europe"));
      stack.program(program("europe"));
      sandbox.resetRequests();
      expect(await stack.up()).toMatch(/1 updated/);
      expect(writes(stack)).toEqual([]);
      expect(await stack.resources()).toMatchObject([{ outputs: { account: "europe" } }]);
      await settle(stack);
    });
  },
);

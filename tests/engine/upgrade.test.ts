import type { Provider } from "../../contract/types";
import type { Sandbox } from "../../sandbox";
import { kaleyra, only, through, UP } from "./support/one-provider";
import { type Stack, settle, withStack } from "./support/stack";

/** States and marks of version 0.1, which named their owner by its URN and kept neither a claim nor the API. */

/** The provider as a create of 0.1 made it. */
function makeAs01(sandbox: Sandbox, urn: string): Provider {
  return sandbox.createProvider({
    nickname: "Kaleyra",
    mobileNumber: "919999999999",
    httpEndpoint: sandbox.httpEndpoint,
    externalReference: `organization/${urn}#0123456789ab`,
  });
}

/** Rewrites the state of the one resource, and its provider, as 0.1 left them. */
async function downgrade(stack: Stack): Promise<Provider> {
  const { urn, id } = await stack.resource();
  stack.sandbox.deleteProvider(id);
  const made = makeAs01(stack.sandbox, urn);
  await stack.edit((exported) => {
    for (const resource of exported.deployment.resources ?? []) {
      if (resource.urn !== urn) continue;
      const { __mark, __api, ...outputs } = resource.outputs ?? {};
      Object.assign(resource, {
        id: made.id,
        inputs: { ...resource.inputs, __owner: `organization/${urn}` },
        outputs: { ...outputs, externalReference: made.externalReference },
      });
    }
    return exported;
  });
  return made;
}

test.each(through("dynamic"))(
  "a state of 0.1 shows no change, its next write gives the mark today's form, and it can be destroyed, %s",
  async (door) => {
    await withStack({ door, program: kaleyra() }, async (stack, sandbox) => {
      await stack.up();
      const { id, externalReference } = await downgrade(stack);
      await settle(stack);
      expect(only(sandbox)).toMatchObject({ id, externalReference, revision: 1 });
      stack.program(kaleyra({ nickname: "Edit" }));
      await stack.up();
      expect(only(sandbox)).toMatchObject({
        id,
        externalReference: "organization/test/dev/kaleyra#0123456789ab",
      });
      await settle(stack);
      await stack.destroy();
      expect(sandbox.providers()).toEqual([]);
    });
  },
);

test.each(through("plugin"))(
  "a create of 0.1 that was killed is finished by today's up, %s",
  async (door) => {
    await withStack({ door, program: kaleyra() }, async (stack, sandbox) => {
      await stack.up();
      const { urn, id } = await stack.resource();
      await stack.forget();
      sandbox.deleteProvider(id);
      const left = makeAs01(sandbox, urn);
      await stack.up();
      expect(only(sandbox)).toMatchObject({ id: left.id, revision: 2 });
      await settle(stack);
      await stack.destroy();
      expect(sandbox.providers()).toEqual([]);
    });
  },
);

test.each(through("plugin"))(
  "a state of 0.1 whose stack was renamed since counts as imported: told, refused, and taken with its mark, %s",
  async (door) => {
    await withStack({ door, program: kaleyra() }, async (stack, sandbox) => {
      await stack.up();
      const { id, externalReference } = await downgrade(stack);
      await stack.rename("prod");
      expect(await stack.preview()).toContain(`adoptExisting: "${externalReference}"`);
      stack.program(kaleyra({ nickname: "Edit" }));
      expect(await stack.fails(...UP)).toContain("[taken-over]");
      expect(only(sandbox)).toMatchObject({ id, externalReference, revision: 1 });
      stack.program(kaleyra({ nickname: "Edit", adoptExisting: externalReference }));
      await stack.up();
      await settle(stack);
      await stack.destroy();
      expect(sandbox.providers()).toEqual([]);
    });
  },
);

import { scenario } from "./support/one-provider";
import { CANARIES, lifeCycle, PROGRAM_POSITION, settle, withStack } from "./support/stack";

const ONE = `exports.id = new wa.WhatsAppProvider("kaleyra", settings()).id;`;

describe("the life of a provider", () => {
  scenario("create, no change, no drift, destroy", async (door) => {
    const program = `const p = new wa.WhatsAppProvider("kaleyra", settings());
      exports.inbound = p.inboundMessageCallbackUrl; exports.delivery = p.deliveryReportCallbackUrl; exports.version = p.payloadVersion;
      exports.query = p.incomingUrlQuery; exports.status = p.status; exports.account = p.accountId; exports.mark = p.externalReference;
      exports.revision = p.revision; exports.isDefault = p.isDefault; exports.fingerprint = p.credentialFingerprint;`;
    await lifeCycle({ door, program }, async (stack, sandbox) => {
      const [provider] = sandbox.providers();
      const outputs = await stack.outputs();
      expect(outputs).toMatchObject({
        inbound: provider?.inboundMessageCallbackUrl,
        delivery: provider?.deliveryReportCallbackUrl,
        version: "0.1",
        query: `inbound_message_callback_url=${provider?.inboundMessageCallbackUrl}&payload_version=0.1`,
        status: "active",
        account: sandbox.accounts[0]?.id,
        mark: provider?.externalReference,
        revision: 1,
        isDefault: false,
        fingerprint: expect.stringMatching(/^[0-9a-f]{12}$/),
      });
      expect(outputs.mark).toMatch(/^organization\/test\/dev\/kaleyra#[0-9a-f]{12}$/);
      await stack.up("--expect-no-changes");
    });
  });

  scenario("every property updates in place", async (door) => {
    await lifeCycle({ door, program: ONE }, async (stack, sandbox) => {
      const { id } = await stack.outputs();
      const endpoint = sandbox.httpEndpoint;
      const changes = [
        `nickname: "Other", httpEndpoint: ${JSON.stringify(`${endpoint}?x=1`)}, headers: { "X-Team": "${CANARIES.header}" }`,
        `kaleyraHost: "api.in.kaleyra.io", headers: { "x-team": "${CANARIES.header}-2", "x-more": "more" }`,
        `autoReplyUntracked: true, maxConcurrentRequests: 30, markAsDefault: true`,
        ``,
      ];
      for (const change of changes) {
        stack.program(`exports.id = new wa.WhatsAppProvider("kaleyra", settings({ ${change} })).id;`);
        await stack.up();
        expect(sandbox.providers()).toMatchObject([{ id }]);
      }
      expect(sandbox.providers()).toMatchObject([
        { id, nickname: "Kaleyra", autoReplyUntracked: false, isDefault: true },
      ]);
    });
  });

  scenario("another number replaces, create first", async (door) => {
    await lifeCycle({ door, program: ONE }, async (stack, sandbox) => {
      stack.program(
        `exports.id = new wa.WhatsAppProvider("kaleyra", settings({ mobileNumber: "14155550100" })).id;`,
      );
      sandbox.resetRequests();
      await stack.up();
      expect(sandbox.providers()).toMatchObject([{ mobileNumber: "14155550100" }]);
      const writes = sandbox.requests().filter((r) => r.path.startsWith("/v1") && r.method !== "GET");
      expect(writes.map((r) => r.method)).toEqual(["POST", "DELETE"]);
    });
  });

  scenario("deleted by hand: refresh says so, up makes it again", async (door) => {
    await lifeCycle({ door, program: ONE }, async (stack, sandbox) => {
      sandbox.deleteProvider(sandbox.providers()[0]?.id as string);
      await stack.refresh();
      expect(await stack.resources()).toEqual([]);
      await stack.up();
      expect(sandbox.providers().length).toBe(1);
    });
  });

  scenario("drift: refresh shows it, up repairs it", async (door) => {
    await lifeCycle({ door, program: ONE }, async (stack, sandbox) => {
      const { id } = sandbox.providers()[0] as { id: string };
      sandbox.patchProvider(id, {
        nickname: "By hand",
        maxConcurrentRequests: 200,
        autoReplyUntracked: true,
      });
      await stack.refresh();
      const preview = await stack.preview("--diff");
      expect(preview).toContain('"By hand" => "Kaleyra"');
      expect(preview).toContain("maxConcurrentRequests");
      expect(preview).toContain("autoReplyUntracked");
      await stack.up();
      expect(sandbox.providers()).toMatchObject([
        { nickname: "Kaleyra", maxConcurrentRequests: 100, autoReplyUntracked: false },
      ]);
    });
  });

  scenario("a secret changed by hand is sent again", async (door) => {
    await lifeCycle({ door, program: ONE }, async (stack, sandbox) => {
      const { id } = sandbox.providers()[0] as { id: string };
      sandbox.patchProvider(id, { headers: { "api-key": "A00000000000000000000000000000000" } });
      await stack.refresh();
      await stack.refresh();
      expect(await stack.preview("--diff")).toContain("credentialFingerprint");
      sandbox.resetRequests();
      await stack.up();
      expect(sandbox.requests().filter((r) => r.method === "PUT").length).toBe(1);
    });
  });

  scenario("two accounts in one stack", async (door) => {
    const accounts = [
      { id: "ONE-111-111Z", passcode: "canary-passcode-one" },
      { id: "TWO-222-222Z", passcode: "canary-passcode-two" },
    ];
    const program = `new wa.WhatsAppProvider("one", settings()); new wa.WhatsAppProvider("two", settings({ account: "emea" }));`;
    await withStack({ door, program, sandbox: { accounts } }, async (stack, sandbox) => {
      const passcode = { secret: "canary-passcode-two" };
      await stack.configure({
        "accounts.emea.accountId": "TWO-222-222Z",
        "accounts.emea.passcode": passcode,
      });
      await stack.up();
      await settle(stack);
      expect(sandbox.providers("ONE-111-111Z").length).toBe(1);
      expect(sandbox.providers("TWO-222-222Z").length).toBe(1);
      stack.program(
        `new wa.WhatsAppProvider("one", settings({ account: "emea", mobileNumber: "14155550100" })); new wa.WhatsAppProvider("two", settings({ account: "emea" }));`,
      );
      await stack.up();
      expect(sandbox.providers("ONE-111-111Z").length).toBe(0);
      expect(sandbox.providers("TWO-222-222Z").length).toBe(2);
      await stack.destroy();
      expect(sandbox.providers().length).toBe(0);
    });
  });

  scenario("secrets are encrypted in exported state", async (door) => {
    const program = `new wa.WhatsAppProvider("kaleyra", settings({ headers: { "x-team": "${CANARIES.header}" } }));`;
    await lifeCycle({ door, program }, async (stack) => {
      const state = await stack.ok("stack", "export");
      for (const secret of Object.values(CANARIES)) expect(state).not.toContain(secret);
      // Where the program made it, and nothing of where the package or the SDK lie on this machine.
      const resource = await stack.resource();
      const position = { sourcePosition: PROGRAM_POSITION };
      expect(resource).toMatchObject({ ...position, stackTrace: [position] });
    });
  });

  scenario("get reads what something else manages, without secrets", async (door) => {
    await lifeCycle({ door, program: ONE }, async (stack, sandbox) => {
      const { id } = sandbox.providers()[0] as { id: string };
      stack.program(`${ONE} const g = wa.WhatsAppProvider.get("other", "${id}");
        exports.nickname = g.nickname; exports.inbound = g.inboundMessageCallbackUrl; exports.key = g.apiKey.apply((k) => k ?? "none");
        exports.found = wa.getWhatsAppProviderOutput({ mobileNumber: "919999999999" }).id;`);
      await stack.up();
      expect(JSON.parse(await stack.ok("stack", "output", "--json", "--show-secrets"))).toMatchObject({
        nickname: "Kaleyra",
        key: "none",
        found: id,
      });
    });
  });

  scenario("a provider made by hand is refused, then adopted", async (door) => {
    await withStack({ door, program: ONE }, async (stack, sandbox) => {
      const { id } = sandbox.createProvider({ nickname: "By hand", mobileNumber: "919999999999" });
      const refusal = await stack.fails("up", "--yes", "--skip-preview");
      expect(refusal).toContain(`the number is held by provider ${id} ("By hand")`);
      expect(refusal).toContain("adoptExisting: true");
      stack.program(`new wa.WhatsAppProvider("kaleyra", settings({ adoptExisting: true }));`);
      expect(await stack.preview()).toContain("overwrites");
      await stack.up();
      await settle(stack);
      expect(sandbox.providers()).toMatchObject([{ id, nickname: "Kaleyra" }]);
      await stack.destroy();
    });
  });

  scenario("up --replace on a live one, and a rename by alias: it survives", async (door) => {
    await lifeCycle({ door, program: ONE }, async (stack, sandbox) => {
      const urn = (await stack.resources())[0]?.urn as string;
      const { id } = sandbox.providers()[0] as { id: string };
      await stack.up("--replace", urn);
      expect(sandbox.providers()).toMatchObject([{ id }]);
      expect(await stack.resources()).toMatchObject([{ id }]);
      sandbox.resetRequests();
      stack.program(`new wa.WhatsAppProvider("renamed", settings(), { aliases: [{ name: "kaleyra" }] });`);
      await stack.up();
      expect(sandbox.requests()).toEqual([]);
    });
  });

  scenario("a swapped account: nothing is taken for gone", async (door) => {
    const accounts = [
      { id: "ONE-111-111Z", passcode: "canary-passcode-one" },
      { id: "TWO-222-222Z", passcode: "canary-passcode-two" },
    ];
    await withStack({ door, program: ONE, sandbox: { accounts } }, async (stack, sandbox) => {
      await stack.up();
      await stack.configure({ accountId: "TWO-222-222Z", passcode: { secret: "canary-passcode-two" } });
      // Refresh and destroy take the configuration that state has of the last update, so the first refresh is still right.
      await stack.refresh();
      for (const command of ["up", "refresh", "destroy"]) {
        expect(await stack.fails(command, "--yes", "--skip-preview")).toContain("account-mismatch");
      }
      expect(await stack.resources()).toHaveLength(1);
      expect(sandbox.providers("ONE-111-111Z").length).toBe(1);
    });
  });
});

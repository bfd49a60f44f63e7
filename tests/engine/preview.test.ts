import { startRewritingProxy } from "../reliability/rewriting-proxy";
import { scenario } from "./support/one-provider";
import { CANARIES, withStack } from "./support/stack";

/** Preview tells the truth: what Save would say, before anything is saved. */

const one = (over: string) => `new wa.WhatsAppProvider("kaleyra", settings({ ${over} }));`;

describe("preview", () => {
  scenario("all field errors at once, each with property, reason and remedy, and no secret", async (door) => {
    const program = one(`nickname: " ", mobileNumber: "+91 99999-99999", httpEndpoint: "http://example.com/x",
      apiKey: "canary key", kaleyraHost: "https://u:canary-password@x.io/", headers: { SID: "canary-header" }, maxConcurrentRequests: 5, apikey: "canary-misspelt"`);
    await withStack({ door, program }, async (stack, sandbox) => {
      const output = await stack.fails("preview");
      for (const text of [
        "nickname: must not be empty",
        "mobileNumber: digits only with the country code: use 919999999999",
        "httpEndpoint: must use https (http is accepted on loopback only)",
        "apiKey: must be visible ASCII without spaces (its value is not shown)",
        "kaleyraHost: must not contain a user name or password",
        "headers.sid: is set by sid itself: remove it",
        "maxConcurrentRequests: must be a whole number from 30 to 1000",
        "apikey: there is no such argument. Did you mean apiKey?",
      ]) {
        expect(output).toContain(text);
      }
      expect(output).not.toContain("canary");
      expect(sandbox.requests()).toEqual([]);
    });
  });

  scenario("the server's reasons, by property", async (door) => {
    const cases: [string, string][] = [
      [`apiKey: "A00000000000000000000000000000000"`, "apiKey: "],
      [`kaleyraHost: "api.nowhere.example"`, "kaleyraHost: "],
      [`mobileNumber: "14155550199"`, "mobileNumber: "],
      [`httpEndpoint: "http://127.0.0.1:9/x"`, "httpEndpoint: "],
    ];
    await withStack({ door, program: one("") }, async (stack, sandbox) => {
      for (const [over, text] of cases) {
        stack.program(one(over));
        const output = await stack.fails("preview");
        expect(output).toContain(text);
        expect(output).toContain("verification-failed");
      }
      stack.program(one(""));
      await stack.up();
      sandbox.resetRequests();
      stack.program(one(`apiKey: "A00000000000000000000000000000000"`));
      expect(await stack.fails("preview")).toContain("apiKey: ");
      await stack.config("previewProbe", "off");
      await stack.preview();
      expect(sandbox.requests().some((r) => r.method === "PUT" && !r.query?.validateOnly)).toBe(false);
    });
  });

  scenario(
    "a gateway that drops the query of a dry run: nothing is written, and the user is told",
    async (door) => {
      await withStack({ door, program: one("") }, async (stack, sandbox) => {
        let drops = true;
        const targetOf = (path: string) => (drops ? (path.split("?")[0] ?? "") : path);
        const gateway = await startRewritingProxy(sandbox.url, (answer) => answer, targetOf);
        try {
          await stack.config("endpoint", gateway.url);
          expect(await stack.preview()).toContain("kaleyra: could not be verified");
          expect(sandbox.providers()).toEqual([]);
          drops = false;
          await stack.up();
          const before = sandbox.providers();
          drops = true;
          stack.program(one(`nickname: "Changed"`));
          expect(await stack.preview()).toContain("kaleyra: could not be verified");
          expect(sandbox.providers()).toEqual(before);
        } finally {
          await gateway.close();
        }
        // What came without its query was no write that openapi.yaml knows.
        sandbox.resetRequests();
      });
    },
  );

  scenario("conflicts: a foreign holder, a number declared twice, two defaults, a swap", async (door) => {
    await withStack({ door }, async (stack, sandbox) => {
      const { id } = sandbox.createProvider({ nickname: "By hand", mobileNumber: "919999999999" });
      stack.program(one(""));
      const held = await stack.fails("preview");
      expect(held).toContain(
        `mobileNumber: the number is held by provider ${id} ("By hand"), which carries no owner's mark`,
      );
      expect(held).toContain("adoptExisting: true");
      sandbox.deleteProvider(id);

      const two = (a: string, b: string) =>
        `new wa.WhatsAppProvider("a", settings({ ${a} })); new wa.WhatsAppProvider("b", settings({ ${b} }));`;
      stack.program(two("", ""));
      expect(await stack.fails("preview")).toMatch(/mobileNumber: resource [ab] declares the same number/);
      stack.program(two("markAsDefault: true", `mobileNumber: "14155550100", markAsDefault: true`));
      expect(await stack.fails("preview")).toMatch(
        /markAsDefault: resource [ab] is marked as the default too/,
      );
      stack.program(two("", `mobileNumber: "14155550100"`));
      await stack.up();
      stack.program(two(`mobileNumber: "14155550100"`, ""));
      const swap = await stack.fails("preview");
      expect(swap).toMatch(/\(resource [ab] of stack test\/dev\)/);
      expect(swap).toContain("where its holder gets another number, to take it over set adoptExisting:");
    });
  });

  scenario("callback URLs are known at preview, and dependents show no false change", async (door) => {
    const program = (nickname: string, number = "919999999999", host = "") =>
      `const p = new wa.WhatsAppProvider("kaleyra", settings({ nickname: "${nickname}", mobileNumber: "${number}" ${host} }));
       new pulumi.Stash("dependent", { input: pulumi.interpolate\`\${p.inboundMessageCallbackUrl} \${p.deliveryReportCallbackUrl} \${p.payloadVersion} \${p.incomingUrlQuery}\` });
       exports.inbound = p.inboundMessageCallbackUrl;`;
    await withStack({ door, program: program("One") }, async (stack, sandbox) => {
      const first = await stack.preview("--diff");
      expect(first).toContain(`${sandbox.url}/callbacks/`);
      expect(first).toMatch(/input\s*: "http.* 0\.1 inbound_message_callb/);
      await stack.up();
      stack.program(program("Two"));
      const update = await stack.preview("--diff");
      expect(update).toContain("1 to update");
      expect(update).toContain('"One" => "Two"');
      stack.program(program("One", "14155550100"));
      const replace = await stack.preview("--diff");
      expect(replace).toContain("1 to replace");
      expect(replace).not.toContain("to update");
      expect(replace).toContain("mobileNumber");
      stack.program(program("Two"));
      await stack.up();
      await stack.refresh("--expect-no-changes");
      await stack.preview("--expect-no-changes");
    });
  });

  scenario("unknown values wait for the update, with the same texts", async (door) => {
    const program = (
      sid: string,
    ) => `const unknown = pulumi.runtime.isDryRun() ? new pulumi.Output([], Promise.resolve(undefined), Promise.resolve(false), Promise.resolve(false), Promise.resolve([])) : pulumi.output("${sid}");
      new wa.WhatsAppProvider("kaleyra", settings({ sid: unknown, headers: { "x-a": unknown } }));`;
    await withStack({ door, program: program("bad sid") }, async (stack, sandbox) => {
      const preview = await stack.preview("--diff");
      expect(preview).not.toContain("04da6b54");
      expect(JSON.stringify(sandbox.requests())).not.toContain("04da6b54");
      expect(await stack.fails("up", "--yes", "--skip-preview")).toContain(
        "sid: must be visible ASCII without spaces",
      );
      stack.program(program(CANARIES.sid));
      await stack.up();
      await stack.destroy();
    });
  });

  scenario("the budget of requests", async (door) => {
    const many = (n: number, nickname = "Kaleyra") =>
      `for (let i = 0; i < ${n}; i++) new wa.WhatsAppProvider("n" + i, settings({ nickname: "${nickname}", mobileNumber: String(14155550100 + i) }));`;
    await withStack({ door, program: many(12), config: { previewProbe: "once" } }, async (stack, sandbox) => {
      const count = async (...command: string[]) => {
        sandbox.resetRequests();
        await stack.ok(...command);
        return sandbox.requests().map((r) => `${r.method} ${r.path}`);
      };
      expect((await count("preview")).length).toBeLessThanOrEqual(3);
      const created = await count("up", "--yes", "--skip-preview");
      expect(created.filter((r) => r.startsWith("POST")).length).toBe(12);
      expect(created.length).toBeLessThanOrEqual(13);
      expect(await count("preview")).toEqual([]);
      expect(await count("up", "--yes")).toEqual([]);
      expect(await count("refresh", "--yes", "--skip-preview")).toEqual(["GET /v1/whatsapp/providers"]);
      stack.program(many(12, "Other"));
      const updated = await count("up", "--yes", "--skip-preview");
      expect(updated.filter((r) => r.startsWith("PUT")).length).toBe(12);
      expect(updated.length).toBe(12);
    });
  });

  scenario("drift in every readable field shows; errors remove nothing", async (door) => {
    await withStack({ door, program: `${one("markAsDefault: true")}` }, async (stack, sandbox) => {
      await stack.up();
      const { id } = sandbox.providers()[0] as { id: string };
      const drifts: [object, string][] = [
        [{ nickname: "By hand" }, "nickname"],
        [{ httpEndpoint: "https://example.com/other" }, "httpEndpoint"],
        [{ autoReplyUntracked: true }, "autoReplyUntracked"],
        [{ maxConcurrentRequests: 77 }, "maxConcurrentRequests"],
        [{ headers: { "kaleyra-host": "api.eu.kaleyra.io" } }, "kaleyraHost"],
        [
          { headers: { "inbound-message-callback-url": "https://example.com/elsewhere" } },
          "inboundMessageCallbackUrl",
        ],
        [{ isDefault: false }, "markAsDefault"],
      ];
      for (const [patch] of drifts) sandbox.patchProvider(id, patch);
      const shown = await stack.preview("--refresh", "--diff");
      for (const [, name] of drifts) expect(shown).toContain(name);
      await stack.up("--refresh");
      await stack.refresh("--expect-no-changes");
      await stack.preview("--expect-no-changes");
      expect(sandbox.providers()).toMatchObject([
        { nickname: "Kaleyra", maxConcurrentRequests: 100, isDefault: true },
      ]);

      await stack.config("maxAttempts", "1");
      await stack.up();
      for (const status of [401, 403, 500]) {
        sandbox.fault({ kind: "status", status });
        await stack.fails("refresh", "--yes", "--skip-preview");
        sandbox.clearFaults();
        expect(await stack.resources()).toHaveLength(1);
      }
      sandbox.deleteProvider(id);
      expect(await stack.preview("--refresh", "--diff")).toContain("to create");
    });
  });
});

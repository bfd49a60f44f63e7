import { settle, withStack } from "./support/stack";

/** A stack changes doors and comes back: nothing is made anew, nothing is deleted, the server sees no change. */

/** With a component, a child, a plain and a secret dependent. */
const program = (entry: "" | "/plugin", nickname = "Kaleyra") => `
const door = require("pulumi-clevertap-whatsapp${entry}");
class Team extends pulumi.ComponentResource {
  constructor(name) {
    super("acme:index:Team", name);
    this.inner = new door.WhatsAppProvider("inner", settings({ mobileNumber: "14155550101", nickname: "${nickname}" }), { parent: this });
  }
}
const kaleyra = new door.WhatsAppProvider("kaleyra", settings({ nickname: "${nickname}", headers: { "x-team": pulumi.secret("canary-header-value") } }));
const team = new Team("team");
const url = new door.KaleyraIncomingUrl("url", incoming(kaleyra, { baseUrl: "https://example.com/${nickname}" }));
new pulumi.Stash("query", { input: kaleyra.incomingUrlQuery });
new pulumi.Stash("key", { input: kaleyra.apiKey }, { parent: team.inner, dependsOn: [kaleyra], deletedWith: kaleyra });
module.exports = { id: kaleyra.id, inner: team.inner.id, query: kaleyra.incomingUrlQuery, url: url.incomingUrl, key: kaleyra.apiKey };`;

test("a stack moves to the plugin and back, with secrets and dependents", async () => {
  await withStack({ door: "plugin", program: program("") }, async (stack, sandbox) => {
    const requests = () => [...sandbox.requests(), ...sandbox.requests({ kind: "kaleyra", path: "/v1" })];
    const writes = () => requests().filter(({ method }) => method !== "GET").length;
    await stack.up();
    const outputs = await stack.outputs();
    const made = writes();

    stack.program(program("/plugin"));
    await stack.preview("--expect-no-changes");
    await stack.up("--expect-no-changes");
    expect((await stack.resources()).map(({ type }) => type)).toEqual([
      "clevertap:index:WhatsAppProvider",
      "clevertap:index:WhatsAppProvider",
    ]);
    expect(await stack.resources("KaleyraIncomingUrl")).toMatchObject([
      { type: "clevertap:index:KaleyraIncomingUrl", id: "919999999999" },
    ]);
    await settle(stack);
    expect(await stack.outputs()).toEqual(outputs);
    expect(writes()).toBe(made);

    stack.program(program("/plugin", "Renamed"));
    await stack.up();
    expect(writes()).toBe(made + 3);

    // The dynamic host finds its code in state only, where the plugin has put none: an update adds it, with no request.
    stack.program(program("", "Renamed"));
    expect(await stack.preview()).toMatch(/~ 3 to update\n +4 unchanged/);
    expect(await stack.up()).toMatch(/~ 3 updated\n +4 unchanged/);
    expect(writes()).toBe(made + 3);
    await settle(stack);
    const url = `https://example.com/Renamed?${outputs.query}`;
    expect(await stack.outputs()).toEqual({ ...outputs, url });
    const exported = JSON.stringify(await stack.exported());
    expect(exported).not.toContain("clevertap:index");
    expect(exported).not.toContain("canary-header-value");
    expect(exported).not.toContain(sandbox.kaleyra.apiKey);
    await stack.destroy();
    expect(sandbox.providers().length).toBe(0);
  });
});

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { startRewritingProxy } from "../reliability/rewriting-proxy";
import { IMPORT, kaleyra, only } from "./support/one-provider";
import { type Stack, withStack } from "./support/stack";

/** `orphans` lists what no state names, and deletes only what a person named. */

const projectFile = (stack: Stack, text: string) => writeFileSync(join(stack.directory, "Pulumi.yaml"), text);

test("a live provider of a renamed stack, or moved to another state, is no orphan of the old name", async () => {
  await withStack({ program: kaleyra() }, async (stack, sandbox) => {
    await stack.up();
    const live = only(sandbox);
    const findsNothing = async (...args: string[]) => {
      const { code, output } = await stack.cli("orphans", ...args);
      expect({ code, output }).toMatchObject({ code: 0, output: expect.stringContaining("No orphans") });
    };
    const isLeftAlone = async (...args: string[]) => {
      const { code, output } = await stack.cli("orphans", ...args, "--remove", live.id);
      expect(output).toContain(`not an orphan of this stack, left alone: ${live.id}`);
      expect(code).toBe(1);
    };

    await stack.rename("prod");
    await stack.init("dev");
    const neverWritten = await stack.cli("orphans", "--remove", live.id);
    expect(neverWritten.output).toContain("holds nothing");
    expect(neverWritten.code).toBe(2);
    stack.program("");
    await stack.up();
    await findsNothing();
    await isLeftAlone();
    const all = await stack.cli("orphans", "--remove-all");
    expect(all).toMatchObject({ code: 2, output: expect.stringContaining("Unknown option '--remove-all'") });

    projectFile(stack, "{name: test, runtime: nodejs, main: index.js}\n");
    await isLeftAlone();

    // Another project has a stack of that name too, and this folder is the other's.
    projectFile(stack, "name: shop\nruntime: nodejs\nmain: index.js\n");
    await stack.init("dev");
    await stack.up();
    await isLeftAlone("--stack", "organization/test/dev");
    projectFile(stack, "name: test\nruntime: nodejs\nmain: index.js\n");
    await isLeftAlone("--stack", "organization/shop/dev");

    stack.select("prod");
    const { urn } = await stack.resource();
    await stack.ok("state", "move", "--source", "prod", "--dest", "organization/shop/dev", "--yes", urn);
    stack.select("dev");
    await isLeftAlone();
    expect(sandbox.providers()).toEqual([live]);
  });
});

test("what retainOnDelete kept is listed and stays until it is named; what another stack imported is not listed", async () => {
  await withStack(
    { door: "plugin", program: kaleyra({}, { retainOnDelete: true }) },
    async (stack, sandbox) => {
      await stack.up();
      stack.program("");
      await stack.up();
      const kept = only(sandbox);
      const listed = await stack.cli("orphans");
      expect(listed.output).toContain(kept.id);
      expect(listed.output).toContain("To remove one: --remove ID");
      expect(listed.code).toBe(1);

      // The same names on a backend that can't see the first one.
      stack.login("second");
      await stack.init("dev");
      await stack.up();
      expect(await stack.cli("orphans")).toMatchObject({ code: 1, output: expect.stringContaining(kept.id) });
      stack.login();
      expect(only(sandbox)).toEqual(kept);

      await stack.init("other");
      await stack.ok(...IMPORT, "mine", kept.id);
      stack.select("dev");
      const left = await stack.cli("orphans", "--remove", kept.id);
      expect(left).toMatchObject({ code: 1, output: expect.stringContaining("not an orphan of this stack") });
      expect(only(sandbox)).toEqual(kept);
      await stack.ok("stack", "rm", "other", "--force", "--yes");

      sandbox.patchProvider(kept.id, { externalReference: "elsewhere/test/dev/kaleyra#0123456789ab" });
      expect((await stack.cli("orphans")).output).toContain("No orphans");
      sandbox.patchProvider(kept.id, { externalReference: kept.externalReference });
      const between = await startRewritingProxy(sandbox.endpoint, (json, { url = "" }) => {
        // Somebody writes after the listing.
        if (url.includes("/providers?")) sandbox.patchProvider(kept.id, { nickname: "By hand" });
        return json;
      });
      await stack.config("endpoint", between.url);
      const changed = await stack.cli("orphans", "--remove", kept.id);
      expect(changed).toMatchObject({ code: 1, output: expect.stringContaining(`${kept.id}: left alone`) });
      await between.close();
      await stack.config("endpoint", sandbox.endpoint);
      const removed = await stack.cli("orphans", "--remove", kept.id);
      expect(removed).toMatchObject({ code: 0, output: expect.stringContaining(`removed ${kept.id}`) });
      expect(sandbox.providers()).toEqual([]);
    },
  );
});

test("it refuses while an update is running, although that has made what no state names yet", async () => {
  await withStack(
    { door: "dynamic", program: " ", config: { maxAttempts: "20" } },
    async (stack, sandbox) => {
      await stack.up();
      stack.program(kaleyra());
      // The create is carried out, and its answer does not come before the fault is over.
      sandbox.fault({ kind: "status", status: 503, method: "POST", stored: true, retryAfter: 2 });
      const running = stack.up();
      while (sandbox.providers().length === 0) await pause(20);
      const { id } = only(sandbox);
      const refused = await stack.cli("orphans", "--remove", id);
      sandbox.clearFaults();
      expect(refused.output).toContain("an update of organization/test/dev is running");
      expect(refused.code).toBe(2);
      await running;
      expect(await stack.cli("orphans")).toMatchObject({ code: 0 });
      expect(sandbox.providers()).toMatchObject([{ id, revision: 1 }]);
    },
  );
});

test("it finds what was made before clevertap:owner was set, under a long one, and in the account of a Provider", async () => {
  await withStack({ door: "plugin" }, async (stack, sandbox) => {
    const [, other] = sandbox.accounts as [unknown, { id: string; passcode: string }];
    const instance = `const instance = new wa.Provider("instance", { endpoint: ${JSON.stringify(sandbox.endpoint)}, accountId: "${other.id}",
      passcode: "${other.passcode}", owner: "team" });`;
    const early = `new wa.WhatsAppProvider("early", settings(), { retainOnDelete: true });`;
    const there = `new wa.WhatsAppProvider("there", settings(), { retainOnDelete: true, provider: instance });`;
    const long = `new wa.WhatsAppProvider("long", settings({ mobileNumber: "14155550100" }), { retainOnDelete: true });`;
    stack.program(`${instance} ${early} ${there}`);
    await stack.up();
    await stack.config("owner", "o".repeat(250));
    stack.program(`${instance} ${early} ${there} ${long}`);
    await stack.up();
    stack.program(instance);
    await stack.up();
    const kept = sandbox.providers();
    expect(kept).toHaveLength(3);
    const listed = await stack.cli("orphans");
    for (const { id } of kept) expect(listed.output).toContain(id);
    expect(listed.code).toBe(1);
    const removed = await stack.cli("orphans", ...kept.flatMap(({ id }) => ["--remove", id]));
    expect(removed.code).toBe(0);
    expect(sandbox.providers()).toEqual([]);
  });
});

const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

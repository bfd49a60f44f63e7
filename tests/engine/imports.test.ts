import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { ModuleKind, transpileModule } from "typescript";
import { readMark } from "../../provider/resources/whatsapp-provider/mark";
import { IMPORT, kaleyra, only, UP } from "./support/one-provider";
import { settle, withStack } from "./support/stack";

/** An import takes nothing over: what it found stays its owner's until a person names its mark. Only the plugin can import. */

test("an unmarked provider is imported and replaced by force with adoptExisting: true: it survives", async () => {
  await withStack({ door: "plugin", program: kaleyra({ adoptExisting: true }) }, async (stack, sandbox) => {
    const { id } = sandbox.createProvider({
      mobileNumber: "919999999999",
      nickname: "Kaleyra",
      httpEndpoint: sandbox.httpEndpoint,
    });
    await stack.ok(...IMPORT, "kaleyra", id);
    const { urn } = await stack.resource();
    await stack.up("--replace", urn);
    expect(only(sandbox).id).toBe(id);
    expect(await stack.resources()).toMatchObject([{ id }]);
    await settle(stack);
    await stack.destroy();
    expect(sandbox.providers()).toEqual([]);
  });
});

test("another stack's provider is imported under the very same names: up is refused, destroy leaves it alone, import-file leaves it out", async () => {
  await withStack({ door: "plugin", program: kaleyra() }, async (stack, sandbox) => {
    await stack.up();
    const live = only(sandbox);
    const mark = `carries the mark "${live.externalReference}"`;
    await stack.rename("prod");
    await stack.init("dev");
    const file = await stack.cli("import-file");
    expect(JSON.parse(file.stdout)).toEqual({ resources: [] });
    expect(file.output).toContain(`left out: ${live.id}, number 919999999999, which ${mark}`);
    await stack.ok(...IMPORT, "kaleyra", live.id);
    for (const output of [await stack.refresh(), await stack.preview(), await stack.fails(...UP)]) {
      expect(output).toContain("[taken-over]");
      expect(output).toContain(mark);
      expect(output).toContain("pulumi state delete URN");
      expect(output).toContain(`adoptExisting: "${live.externalReference}"`);
    }
    expect(await stack.destroy()).toContain(
      `${mark} (resource kaleyra of stack test/dev), which this state did not write: left alone`,
    );
    expect(only(sandbox)).toEqual(live);
    stack.select("prod");
    await settle(stack);
  });
});

test("a lost state: import-file, import and one up bring its provider back under management, protected", async () => {
  await withStack({ door: "plugin", program: kaleyra() }, async (stack, sandbox) => {
    await stack.up();
    const live = only(sandbox);
    await stack.forget();
    const { stdout: code } = await stack.cli("import-file", "--code", "typescript");
    expect(code).toContain(`adoptExisting: ${JSON.stringify(live.externalReference)}`);
    expect(code).toContain("protect: true");
    expect(code).toContain(`// with this stack's own mark: ${live.id}, number 919999999999`);
    writeFileSync(join(stack.directory, "import.json"), (await stack.cli("import-file")).stdout);
    await stack.ok("import", "--file", "import.json", "--yes", "--generate-code=false");
    const { outputText } = transpileModule(code, { compilerOptions: { module: ModuleKind.CommonJS } });
    writeFileSync(join(stack.directory, "index.js"), outputText);
    const { apiKey, sid } = sandbox.kaleyra;
    await stack.ok(
      "config",
      "set-all",
      "--secret",
      `kaleyraApiKey=${apiKey}`,
      "--secret",
      `kaleyraSid=${sid}`,
    );
    const preview = await stack.preview();
    expect(preview).toContain(`takes over provider ${live.id} ("Kaleyra"): overwrites the credentials`);
    expect(preview).toContain("[diff: ~apiKey,externalReference,sid]");
    await stack.up();
    await settle(stack);
    expect(await stack.resources()).toMatchObject([{ id: live.id, protect: true }]);
    expect(readMark(only(sandbox).externalReference)).toMatchObject({
      owner: "organization/test/dev/kaleyra",
      n: 1,
    });
  });
});

test("the option import takes nothing over, and a get gives a provider up", async () => {
  await withStack({ door: "plugin", program: kaleyra() }, async (stack, sandbox) => {
    await stack.up();
    const live = only(sandbox);
    const adoption = `adoptExisting: "${live.externalReference}"`;
    await stack.rename("prod");
    await stack.init("dev");
    stack.program(kaleyra({ maxConcurrentRequests: 100 }, { import: live.id }));
    expect(await stack.fails(...UP)).toContain(adoption);
    expect(await stack.destroy()).toContain("left alone");
    expect(only(sandbox)).toEqual(live);

    stack.select("prod");
    stack.program(`wa.WhatsAppProvider.get("kaleyra", "${live.id}");`);
    await stack.up();
    // The same program again, after the state has let go: the name alone takes nothing once something was written.
    sandbox.patchProvider(live.id, { nickname: "By hand" });
    stack.program(kaleyra());
    expect(await stack.fails(...UP)).toContain(adoption);
    stack.program(kaleyra({ adoptExisting: live.externalReference }));
    await stack.up();
    await settle(stack);
    expect(only(sandbox).id).toBe(live.id);
  });
});

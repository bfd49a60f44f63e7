import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { ModuleKind, transpileModule } from "typescript";
import type { Sandbox } from "../../sandbox";
import { CANARIES, type Stack, settle, withStack } from "./support/stack";

/** What only the plugin can do, on the real engine. */

const ROOT = resolve(__dirname, "../..");
const EXECUTABLE = join(ROOT, "plugin/pulumi-resource-clevertap");
const ONE = `exports.id = new wa.WhatsAppProvider("kaleyra", settings()).id;`;
const run = promisify(execFile);

const byHand = (sandbox: Sandbox, mobileNumber: string, nickname: string) =>
  sandbox.createProvider({ mobileNumber, nickname, httpEndpoint: sandbox.httpEndpoint });

test("import of what was made by hand: placeholders are named and never sent, real secrets bring it under management", async () => {
  await withStack({ door: "plugin", program: ONE }, async (stack, sandbox) => {
    const { id } = byHand(sandbox, "14155550100", "By hand");
    // Without code generation, which this Node language host lacks.
    await stack.ok(
      "import",
      "clevertap:index:WhatsAppProvider",
      "hand",
      id,
      "--yes",
      "--generate-code=false",
      "--protect=false",
    );
    const [resource] = await stack.resources();
    expect(resource).toMatchObject({ id, inputs: { nickname: "By hand", mobileNumber: "14155550100" } });
    const args = `nickname: "By hand", mobileNumber: "14155550100", kaleyraHost: ${JSON.stringify(resource?.inputs?.kaleyraHost)}, maxConcurrentRequests: ${resource?.inputs?.maxConcurrentRequests}`;
    stack.program(
      `new wa.WhatsAppProvider("hand", settings({ ${args}, apiKey: "<set apiKey>", sid: "<set sid>" }));`,
    );
    sandbox.resetRequests();
    for (const output of [await stack.fails("preview"), await stack.fails("up", "--yes", "--skip-preview")]) {
      expect(output).toContain("apiKey: still holds the placeholder of an import");
      expect(output).toContain("sid: still holds the placeholder of an import");
    }
    expect(sandbox.requests().filter(({ method }) => method !== "GET")).toEqual([]);
    stack.program(`new wa.WhatsAppProvider("hand", settings({ ${args} }));`);
    expect(await stack.preview()).toMatch(/1 to update/);
    await stack.up();
    await settle(stack);
    expect(sandbox.headerValue(id, "api-key")).toBe(sandbox.kaleyra.apiKey);
    await stack.destroy();
    expect(sandbox.providers()).toEqual([]);
  });
});

test("a whole account by a generated import file", async () => {
  await withStack({ door: "plugin", program: " " }, async (stack, sandbox) => {
    byHand(sandbox, "14155550100", "By hand");
    byHand(sandbox, "14155550101", "By hand");
    const importFile = (...args: string[]) =>
      run(process.execPath, [join(ROOT, "dist/cli/main.js"), "import-file", ...args], {
        cwd: stack.directory,
        env: stack.environment,
      });
    const { stdout: code } = await importFile("--code", "typescript");
    writeFileSync(join(stack.directory, "import.json"), (await importFile()).stdout);
    await stack.ok("import", "--file", "import.json", "--yes", "--generate-code=false", "--protect=false");
    expect((await stack.resources()).map(({ urn }) => urn.split("::").pop()).sort()).toEqual([
      "by-hand-14155550100",
      "by-hand-14155550101",
    ]);
    await stack.refresh("--expect-no-changes");
    const { outputText } = transpileModule(code, { compilerOptions: { module: ModuleKind.CommonJS } });
    writeFileSync(join(stack.directory, "index.js"), outputText);
    const left = await stack.fails("preview");
    for (const name of ["apiKey", "sid"])
      expect(left.split(`${name}: still holds the placeholder of an import`)).toHaveLength(3);
    const { apiKey, sid } = sandbox.kaleyra;
    const numbers = ["14155550100", "14155550101"].map((number) => `byHand${number}`);
    const pairs = numbers.flatMap((key) => [`${key}ApiKey=${apiKey}`, `${key}Sid=${sid}`]);
    await stack.ok("config", "set-all", ...pairs.flatMap((pair) => ["--secret", pair]));
    expect(await stack.up()).toMatch(/2 updated/);
    await settle(stack);
    // What it writes is protected.
    await stack.ok("state", "unprotect", "--all", "--yes");
    await stack.destroy();
    expect(sandbox.providers()).toEqual([]);
  });
});

const INSTANCE = (args: string) => `const mine = new wa.Provider("mine", { ${args} });
  exports.account = new wa.WhatsAppProvider("kaleyra", settings(), { provider: mine }).accountId;`;

test("an explicit instance: checked at preview, another passcode updates, another account replaces", async () => {
  const accounts = [
    { id: "TEST-000-001Z", passcode: "canary-passcode-one" },
    { id: "TEST-000-002Z", passcode: "canary-passcode-two" },
  ] as const;
  const config = { endpoint: undefined, accountId: undefined, passcode: undefined };
  await withStack({ door: "plugin", config, sandbox: { accounts } }, async (stack, sandbox) => {
    const args = (i: 0 | 1) =>
      `endpoint: ${JSON.stringify(sandbox.endpoint)}, accountId: "${accounts[i].id}", passcode: "${accounts[i].passcode}", requestTimeout: 5`;
    stack.program(INSTANCE(`endpoint: "http://example.com", accountId: "A", passcode: "p", pascode: "x"`));
    const refused = await stack.fails("preview");
    expect(refused).toContain("endpoint must use https");
    expect(refused).toContain("Did you mean passcode?");
    stack.program(INSTANCE(args(0)));
    await stack.up();
    await settle(stack);
    expect(JSON.stringify(await stack.exported())).not.toContain(accounts[0].passcode);
    stack.program(INSTANCE(args(0).replace("requestTimeout: 5", "requestTimeout: 6")));
    expect(await stack.preview()).not.toContain("replace");
    await stack.up();
    stack.program(INSTANCE(args(1)));
    expect(await stack.preview()).toMatch(/to replace/);
    await stack.up();
    expect(await stack.outputs()).toEqual({ account: accounts[1].id });
    expect(sandbox.providers(accounts[0].id)).toEqual([]);
    await stack.destroy();
    expect(sandbox.providers()).toEqual([]);
  });
});

test("an instance whose arguments are not known yet previews", async () => {
  await withStack({ door: "plugin" }, async (stack, sandbox) => {
    const { id, passcode } = sandbox.accounts[0] as { id: string; passcode: string };
    const later = `new wa.WhatsAppProvider("first", settings()).status.apply(() => ${JSON.stringify(id)})`;
    stack.program(`const mine = new wa.Provider("mine", { endpoint: ${JSON.stringify(sandbox.endpoint)}, accountId: ${later}, passcode: "${passcode}",
        accounts: { emea: { accountId: "A", passcode: "${CANARIES.header}", endpiont: "https://example.com" } } });
      new wa.WhatsAppProvider("second", settings({ mobileNumber: "14155550101" }), { provider: mine });`);
    expect(await stack.preview()).toContain(
      "warning: accounts.emea.endpiont is not a known key and counts for nothing. Did you mean endpoint?",
    );
    await stack.up();
    await settle(stack);
    await stack.destroy();
    expect(sandbox.providers()).toEqual([]);
  });
});

test("the version that an SDK asks for is neither an unknown argument nor an unknown key", async () => {
  const version = `version: "0.1.0"`;
  await withStack({ door: "plugin" }, async (stack, sandbox) => {
    const { id, passcode } = sandbox.accounts[0] as { id: string; passcode: string };
    stack.program(`const args = { endpoint: ${JSON.stringify(sandbox.endpoint)}, accountId: "${id}", passcode: "${passcode}" };
      const mine = new wa.Provider("mine", args, { ${version} });
      new wa.WhatsAppProvider("first", settings(), { ${version} });
      new wa.WhatsAppProvider("second", settings({ mobileNumber: "14155550101" }), { provider: mine });`);
    expect(await stack.preview()).not.toContain("warning:");
  });
});

test("functions, and the schema, through the CLI", async () => {
  const program = `${ONE} exports.defaults = wa.getProviderDefaultsOutput();
    exports.nickname = wa.getWhatsAppProviderOutput({ mobileNumber: "14155550100" }).apply((p) => p.nickname);
    exports.code = wa.getWhatsAppProvider({ mobileNumber: "14155550199" }).catch((e) => e.code);`;
  await withStack({ door: "plugin", program }, async (stack, sandbox) => {
    byHand(sandbox, "14155550100", "By hand");
    await stack.up();
    expect(await stack.outputs()).toMatchObject({
      defaults: { payloadVersion: "0.1", accountId: sandbox.accounts[0]?.id },
      nickname: "By hand",
      code: "provider-not-found",
    });
    await stack.destroy();
    const schema = await stack.ok("package", "get-schema", EXECUTABLE);
    expect(JSON.parse(schema.slice(schema.indexOf("{")))).toEqual(
      JSON.parse(readFileSync(join(ROOT, "plugin/schema.json"), "utf8")),
    );
  });
});

test("preview --diff shows the change property by property, secrets hidden", async () => {
  await withStack({ door: "plugin", program: ONE }, async (stack) => {
    await stack.up();
    stack.program(
      `new wa.WhatsAppProvider("kaleyra", settings({ nickname: "Other", headers: { "x-team": "${CANARIES.header}" } }));`,
    );
    const output = await stack.preview("--diff");
    expect(output).toMatch(/~ nickname: "Kaleyra" => "Other"/);
    expect(output).toMatch(/\+ headers\s*: \[secret\]/);
    stack.program(`new wa.WhatsAppProvider("kaleyra", settings({ mobileNumber: "14155550101" }));`);
    expect(await stack.preview("--diff")).toMatch(/mobileNumber\s*: "919999999999" => "14155550101"/);
    await stack.destroy();
  });
});

async function configure(stack: Stack, sandbox: Sandbox) {
  await stack.ok("config", "set", "httpEndpoint", sandbox.httpEndpoint);
  await stack.ok("config", "set", "kaleyraHost", sandbox.kaleyraHost);
  await stack.ok("config", "set", "--secret", "apiKey", sandbox.kaleyra.apiKey);
  await stack.ok("config", "set", "--secret", "sid", sandbox.kaleyra.sid);
}

test("the YAML example runs, and pulumi import writes working YAML with placeholders", async () => {
  await withStack({ folder: join(ROOT, "examples/yaml") }, async (stack, sandbox) => {
    await configure(stack, sandbox);
    expect(await stack.preview("--diff")).toContain(`inboundMessageCallbackUrl: "${sandbox.url}`);
    await stack.up();
    await settle(stack);
    expect(await stack.outputs()).toMatchObject({ payloadVersion: "0.1" });
    const { id } = byHand(sandbox, "14155550100", "By hand");
    await stack.ok(
      "import",
      "clevertap:index:WhatsAppProvider",
      "hand",
      id,
      "--yes",
      "--protect=false",
      "--out",
      "hand.yaml",
    );
    const code = readFileSync(join(stack.directory, "hand.yaml"), "utf8");
    expect(code).toContain("type: clevertap:WhatsAppProvider");
    expect(code).toContain("<set apiKey>");
    const file = join(stack.directory, "Pulumi.yaml");
    const hand = code.slice(code.indexOf("resources:") + "resources:\n".length);
    writeFileSync(
      file,
      readFileSync(file, "utf8").replace("resources:\n", () => `resources:\n${hand.trimEnd()}\n`),
    );
    expect(await stack.fails("preview")).toContain("apiKey: still holds the placeholder of an import");
    writeFileSync(
      file,
      // biome-ignore lint/suspicious/noTemplateCurlyInString: YAML of Pulumi
      readFileSync(file, "utf8").replace("<set apiKey>", "${apiKey}").replace("<set sid>", "${sid}"),
    );
    await stack.up();
    await settle(stack);
    await stack.destroy();
    expect(sandbox.providers()).toEqual([]);
  });
});

describe("the executable", () => {
  const start = (path: string) =>
    run(EXECUTABLE, [], { env: { PATH: path } }).then(
      () => ({ code: 0, stderr: "" }),
      ({ code, stderr }: { code: number; stderr: string }) => ({ code, stderr }),
    );

  test("says in one line that node on PATH is missing or too old", async () => {
    const folder = mkdtempSync(join(tmpdir(), "wa path "));
    try {
      for (const tool of ["dirname", "readlink"]) symlinkSync(`/usr/bin/${tool}`, join(folder, tool));
      const missing = await start(folder);
      expect(missing).toMatchObject({ code: 1 });
      expect(missing.stderr.trim().split("\n")).toEqual([
        expect.stringContaining("there is no node on PATH"),
      ]);
      // A Node that says it is older: what is tested is the plugin's own look at the version.
      const preload = `Object.defineProperty(process.versions,"node",{value:"20.11.1"})`;
      writeFileSync(join(folder, "old.cjs"), preload);
      writeFileSync(
        join(folder, "node"),
        `#!/bin/sh\nexec "${process.execPath}" --require "${join(folder, "old.cjs")}" "$@"\n`,
        { mode: 0o755 },
      );
      const old = await start(folder);
      expect(old).toMatchObject({ code: 1 });
      expect(old.stderr.trim().split("\n")).toEqual([
        expect.stringMatching(/needs Node 22\.19 or newer, but .* 20\.11\.1/),
      ]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test("loads neither validator nor HTTP client before the handshake", async () => {
    const script = `require(${JSON.stringify(join(ROOT, "dist/provider/hosts/plugin/server.js"))}); console.log(JSON.stringify(Object.keys(require.cache)))`;
    const { stdout } = await run(process.execPath, ["-e", script]);
    const loaded = (JSON.parse(stdout) as string[]).map(
      (path) => path.split("node_modules/").pop() as string,
    );
    expect(
      loaded.filter((path) =>
        /^(zod|undici)\/|^@pulumi\/pulumi\/(?!proto\/|package\.json)|provider\/(resources|api|kaleyra|configuration)\//.test(
          path,
        ),
      ),
    ).toEqual([]);
  });
});

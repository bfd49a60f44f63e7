import { execFile } from "node:child_process";
import { delimiter, join, resolve } from "node:path";
import { promisify } from "node:util";
import { withStack } from "../engine/support/stack";
import { ENGINE_PATH } from "../support/engine";
import { evaluateModule, toolUrl } from "../tools/module";

/** The Python example through the plugin, with the real Python language host and a generated SDK. */

const run = promisify(execFile);
const EXAMPLE = resolve(__dirname, "../../examples/python");
/** Builds a host, fetches packages: only for those who ask. */
const long = process.env.CLEVERTAP_TEST_LONG === "1" ? test : test.skip;
const BUILD_LIMIT_MS = 20 * 60_000;

/** The generated SDK goes into `folder`; answers where the language host lies. */
const prepare = (folder: string) =>
  evaluateModule<string>(`
    import { goComponents } from ${JSON.stringify(toolUrl("bootstrap/go.mjs"))};
    import { generatePythonSdk } from ${JSON.stringify(toolUrl("generate/python-sdk.mjs"))};
    const host = await goComponents("python-host");
    await generatePythonSdk(${JSON.stringify(folder)});
    console.log(JSON.stringify(host));`);

long(
  "a Python program runs: up, nothing to change, destroy",
  async () => {
    await withStack({ folder: EXAMPLE }, async (stack, sandbox) => {
      const host = await prepare(join(stack.directory, "sdk"));
      const bin = join(stack.directory, "venv", "bin");
      // This host is too old to be told of the project's `virtualenv`: the environment has to be the active one.
      stack.environment.PATH = [bin, host, ENGINE_PATH].join(delimiter);
      await run("python3", ["-m", "venv", "venv"], { cwd: stack.directory });
      const python = join(bin, "python");
      await run(python, ["-m", "pip", "install", "--quiet", "-r", "requirements.txt"], {
        cwd: stack.directory,
      });
      const { httpEndpoint, kaleyraHost, kaleyra } = sandbox;
      await stack.ok("config", "set", "httpEndpoint", httpEndpoint);
      await stack.ok("config", "set", "kaleyraHost", kaleyraHost);
      await stack.ok("config", "set", "--secret", "apiKey", kaleyra.apiKey);
      await stack.ok("config", "set", "--secret", "sid", kaleyra.sid);

      // Known before anything exists.
      expect(await stack.preview()).toMatch(/inboundMessageCallbackUrl: "http:/);
      expect(sandbox.providers()).toHaveLength(0);

      await stack.up();
      const [provider] = sandbox.providers();
      expect(provider).toMatchObject({ nickname: "Kaleyra India", mobileNumber: "919999999999" });
      expect(await stack.outputs()).toMatchObject({
        inboundMessageCallbackUrl: expect.stringMatching(/^http:/),
        payloadVersion: "0.1",
      });
      const [resource] = await stack.resources();
      expect(resource?.type).toBe("clevertap:index:WhatsAppProvider");
      expect(resource?.inputs?.apiKey).toHaveProperty("ciphertext");
      expect(resource?.inputs?.sid).toHaveProperty("ciphertext");

      await stack.preview("--expect-no-changes");
      await stack.refresh("--expect-no-changes");
      await stack.destroy();
      expect(sandbox.providers()).toHaveLength(0);
    });
  },
  BUILD_LIMIT_MS,
);

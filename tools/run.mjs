/** What the scripts of package.json run: `node tools/run.mjs <name> [arguments]`. Works before anything is installed. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { requireNode } from "./bootstrap/node.mjs";
import { repository } from "./paths.mjs";
import { SetupProblem } from "./setup-problem.mjs";

const commands = {
  start: async (args) => (await import("./start.mjs")).start(args),
  example: async (args) => (await import("./example.mjs")).example(args),
  test: async (args) => (await import("./test.mjs")).test(args),
  "test:fast": async (args) => (await import("./test.mjs")).testFast(args),
  "test:long": async (args) => (await import("./test-long.mjs")).testLong(args),
  lint: async (args) => {
    await (await import("./bootstrap/dependencies.mjs")).installDependencies(repository);
    return (await import("./test.mjs")).lint(args);
  },
  build: async () => {
    await (await import("./setup.mjs")).setUpPackage();
    return 0;
  },
  docs: async () => {
    await (await import("./setup.mjs")).setUpPackage();
    const { attach } = await import("./execute.mjs");
    const generate = (file) => attach(process.execPath, [`tools/${file}`], { cwd: repository });
    return (await generate("generate-docs.mjs")) || (await generate("generate-schema.mjs"));
  },
  sandbox: (args) => runCli("sandbox", args),
  campaign: (args) => runCli("campaign", args),
  bench: runBench,
};

async function runBench(args) {
  const { setUpEngine, setUpPackage } = await import("./setup.mjs");
  await setUpPackage();
  const { path, compileCache } = await setUpEngine({ yaml: true });
  const { attach } = await import("./execute.mjs");
  const env = { ...process.env, PATH: path, NODE_COMPILE_CACHE: compileCache };
  return attach(process.execPath, [join(repository, "bench", "main.mjs"), ...args], { cwd: repository, env });
}

async function runCli(command, args) {
  await (await import("./setup.mjs")).setUpPackage();
  const { cli, remember, sandboxData } = await import("./sandbox.mjs");
  if (command === "sandbox") await remember(args);
  const { attach } = await import("./execute.mjs");
  return attach(process.execPath, [cli, command, "--data", sandboxData, ...args], { cwd: repository });
}

const [name = "", ...args] = process.argv.slice(2);
try {
  const command = commands[name];
  if (!command)
    throw new SetupProblem(`Unknown command "${name}". Known: ${Object.keys(commands).join(", ")}.`);
  await requireNode(fileURLToPath(import.meta.url));
  process.exitCode = await command(args);
} catch (error) {
  console.error(error instanceof SetupProblem ? error.message : error);
  process.exitCode = 1;
}

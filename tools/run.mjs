/** What the scripts of package.json run: `node tools/run.mjs <name> [arguments]`. Works before anything is installed. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { installDependencies } from "./bootstrap/dependencies.mjs";
import { requireNode } from "./bootstrap/node.mjs";
import { attach } from "./execute.mjs";
import { repository } from "./paths.mjs";
import { SetupProblem } from "./setup-problem.mjs";

/** Runs a script of the repository by this Node. */
const node = (script, args = [], env = process.env) =>
  attach(process.execPath, [join(repository, script), ...args], { cwd: repository, env });

// Loaded when they are wanted: an old Node, which only starts a newer one, could not read all of them.
const setup = () => import("./setup.mjs");
const tests = () => import("./test.mjs");

const commands = {
  start: async (args) => (await import("./start.mjs")).start(args),
  example: async (args) => (await import("./example.mjs")).example(args),
  test: async (args) => (await tests()).test(args),
  "test:fast": async (args) => (await tests()).testFast(args),
  "test:long": async (args) => (await import("./test-long.mjs")).testLong(args),
  lint: async (args) => {
    await installDependencies(repository);
    return (await tests()).lint(args);
  },
  build: async () => {
    await (await setup()).setUpPackage();
    return 0;
  },
  docs: async () => {
    await (await setup()).setUpPackage();
    for (const name of ["types", "docs", "schema"])
      if ((await node(`tools/generate/${name}.mjs`)) !== 0) return 1;
    return 0;
  },
  sandbox: (args) => sandbox("sandbox", args),
  campaign: (args) => sandbox("campaign", args),
  gateway: async (args) => {
    await (await setup()).setUpPackage();
    return (await import("./gateway.mjs")).gateway(args);
  },
  bench: async (args) => {
    const { setUpEngine, setUpPackage } = await setup();
    await setUpPackage();
    const { path, compileCache } = await setUpEngine({ yaml: true });
    const script = args.includes("--backends") ? "bench/backends.mjs" : "bench/main.mjs";
    return node(script, args, { ...process.env, PATH: path, NODE_COMPILE_CACHE: compileCache });
  },
};

async function sandbox(command, args) {
  await (await setup()).setUpPackage();
  const { cli, remember, sandboxData } = await import("./sandbox.mjs");
  if (command === "sandbox") await remember(args);
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

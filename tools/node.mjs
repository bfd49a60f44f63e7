import { delimiter, dirname, join } from "node:path";
import { cacheRoot, ensureFolder } from "./cache.mjs";
import { attach, capture } from "./execute.mjs";
import { npm } from "./npm.mjs";
import { SetupProblem } from "./problem.mjs";
import { stage } from "./progress.mjs";
import { atLeast } from "./version.mjs";

/** undici 8 needs it; the Pulumi SDK needs 22. */
export const minimumNode = "22.19.0";
const pinnedNode = "24.21.0";
const marker = "CLEVERTAP_TOOLS_NODE";

function platformPackage() {
  const platform = process.platform === "win32" ? "win" : process.platform;
  const prefix = platform === "darwin" && process.arch === "arm64" ? "node-bin" : "node";
  return `${prefix}-${platform}-${process.arch}`;
}

const binary = (folder, name) =>
  join(folder, "node_modules", name, "bin", process.platform === "win32" ? "node.exe" : "node");

/** Path of a Node that is new enough, fetched from the npm registry into the cache at the first need. */
async function privateNode() {
  const name = platformPackage();
  const folder = join(await cacheRoot(), "node", `${pinnedNode}-${process.platform}-${process.arch}`);
  const title = `Getting Node ${pinnedNode} (this machine's ${process.versions.node} is older than ${minimumNode})`;
  await stage(title, (detail) =>
    ensureFolder(folder, {
      detail,
      works: async (made) => (await capture(binary(made, name), ["--version"])).stdout.includes(pinnedNode),
      build: async (temporary) => {
        // The package `node` only fetches this one, in a script that newer versions of npm don't run.
        const problem = await npm(
          ["install", "--prefix", temporary, "--no-save", "--no-package-lock", `${name}@${pinnedNode}`],
          temporary,
        );
        if (problem) {
          throw new SetupProblem(
            `Node ${process.versions.node} is older than ${minimumNode}, and Node ${pinnedNode} could not be fetched from the npm registry:\n${problem}\n` +
              `Install Node ${minimumNode} or newer, and run this again.`,
          );
        }
        return [binary(temporary, name).slice(temporary.length + 1)];
      },
    }),
  );
  return binary(folder, name);
}

/**
 * Makes sure that this process, and all it starts, runs on a Node that is new enough. On an older one the whole
 * command is run again by the private Node, and this call ends the process with its exit code.
 *
 * @param {string} script absolute path of the running script
 */
export async function requireNode(script) {
  if (atLeast(process.versions.node, minimumNode)) {
    const folder = dirname(process.execPath);
    // The engine and npm look for `node` on PATH: it must be this one.
    process.env.PATH = [
      folder,
      ...(process.env.PATH ?? "").split(delimiter).filter((x) => x !== folder),
    ].join(delimiter);
    return;
  }
  if (process.env[marker])
    throw new SetupProblem(`Node ${process.versions.node} was started where ${pinnedNode} was expected.`);
  const node = await privateNode();
  const env = {
    ...process.env,
    [marker]: node,
    PATH: `${dirname(node)}${delimiter}${process.env.PATH ?? ""}`,
  };
  process.exit(await attach(node, [script, ...process.argv.slice(2)], { env }));
}

import { writeFile } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { attach, capture } from "../execute.mjs";
import { SetupProblem } from "../setup-problem.mjs";
import { cacheRoot, ensureFolder } from "./cache.mjs";
import { npm } from "./npm.mjs";
import { atLeast } from "./version.mjs";

/** undici 8 needs it; the Pulumi SDK needs 22. */
export const minimumNode = "22.19.0";
const pinnedNode = "24.21.0";
const marker = "CLEVERTAP_TOOLS_NODE";

/** Path of a Node that is new enough, fetched from the npm registry into the cache at the first need. */
async function privateNode() {
  const { platform, arch, versions } = process;
  // What the package `node` would only fetch, in a script that newer versions of npm don't run.
  const name = `${platform === "darwin" && arch === "arm64" ? "node-bin" : "node"}-${platform}-${arch}`;
  const binary = join("node_modules", name, "bin", "node");
  const folder = join(await cacheRoot(), "node", `${pinnedNode}-${platform}-${arch}`);
  const title = `Getting Node ${pinnedNode} (this machine's ${versions.node} is older than ${minimumNode})`;
  await ensureFolder(title, folder, {
    works: async (made) => (await capture(join(made, binary), ["--version"])).stdout.includes(pinnedNode),
    build: async (temporary) => {
      // Makes it the project to install into; with --prefix npm would overlook the machine's own settings.
      await writeFile(join(temporary, "package.json"), "{}");
      const args = ["install", "--no-save", "--no-package-lock", `${name}@${pinnedNode}`];
      const problem = await npm(args, temporary);
      if (problem) {
        throw new SetupProblem(
          `Node ${versions.node} is older than ${minimumNode}, and Node ${pinnedNode} could not be fetched from the npm registry:\n${problem}\n` +
            `Install Node ${minimumNode} or newer, and run this again.`,
        );
      }
      return [binary];
    },
  });
  return join(folder, binary);
}

/**
 * Makes sure that this process, and all it starts, runs on a Node that is new enough. On an older one the whole
 * command is run again by the private Node, and this call ends the process with its exit code.
 *
 * @param {string} script absolute path of the running script
 */
export async function requireNode(script) {
  const isOld = !atLeast(process.versions.node, minimumNode);
  if (isOld && process.env[marker])
    throw new SetupProblem(`Node ${process.versions.node} was started where ${pinnedNode} was expected.`);
  const node = isOld ? await privateNode() : process.execPath;
  // The engine and npm look for `node` on PATH: it must be this one.
  const others = (process.env.PATH ?? "").split(delimiter).filter((folder) => folder !== dirname(node));
  process.env.PATH = [dirname(node), ...others].join(delimiter);
  if (!isOld) return;
  const env = { ...process.env, [marker]: node };
  process.exit(await attach(node, [script, ...process.argv.slice(2)], { env }));
}

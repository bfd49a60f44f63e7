/**
 * Where `plugin/pulumi-resource-clevertap` starts Node. Nothing is loaded before the version is known to be good: an old
 * Node would fail on the syntax of what comes next, and say something that helps nobody.
 */
const WANTED = [22, 19] as const;
/** When compiled code is kept for the next start: soon, for a short preview, and when everything is loaded. */
const FLUSH = [600, 5000];
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);

if (major < WANTED[0] || (major === WANTED[0] && minor < WANTED[1])) {
  process.stderr.write(
    `pulumi-resource-clevertap needs Node ${WANTED.join(".")} or newer, but the node on PATH is ${process.versions.node}: put a newer one first on PATH.\n`,
  );
  process.exitCode = 1;
} else {
  const { enableCompileCache, flushCompileCache } = require("node:module") as typeof import("node:module");
  enableCompileCache();
  // Node writes it at the end of the process, but the engine ends a plugin with a signal.
  for (const milliseconds of FLUSH) setTimeout(flushCompileCache, milliseconds).unref();
  (require("./server") as typeof import("./server")).serve();
}

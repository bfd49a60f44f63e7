/** The plugin's own CPU time from its start to the answer of the handshake. Needs Linux: only /proc tells it of a process that lives. */
import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const require = createRequire(import.meta.url);

/** Milliseconds that all threads of a process have been running, and what it waited for before it became Node. */
function cpuTime(pid) {
  const threads = readdirSync(`/proc/${pid}/task`);
  const nanoseconds = threads.map((thread) =>
    Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "utf8").split(" ")[0]),
  );
  return nanoseconds.reduce((sum, one) => sum + one, 0) / 1e6;
}

export const isMeasurable = existsSync("/proc/self/task") && existsSync("/proc/self/schedstat");

/**
 * Starts the plugin as the engine does and shakes hands.
 *
 * @param {string} folder of the package
 * @param {{path: string, compileCache: string}} engine
 * @returns {Promise<{cpu: number, wall: number}>} milliseconds
 */
export async function handshake(folder, { path, compileCache }) {
  const grpc = require("@grpc/grpc-js");
  const { ResourceProviderClient } = require("@pulumi/pulumi/proto/provider_grpc_pb");
  const { ProviderHandshakeRequest } = require("@pulumi/pulumi/proto/provider_pb");
  const began = performance.now();
  const child = spawn(join(folder, "plugin", "pulumi-resource-clevertap"), ["127.0.0.1:1"], {
    env: { ...process.env, PATH: path, NODE_COMPILE_CACHE: compileCache },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise((done) => child.on("close", done));
  try {
    const port = await new Promise((done, fail) => {
      child.on("error", fail);
      child.on("close", () => fail(new Error("the plugin ended before it said its port")));
      child.stdout.on("data", (text) => done(String(text).trim()));
    });
    const client = new ResourceProviderClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
    await new Promise((done, fail) => {
      const request = new ProviderHandshakeRequest();
      // Nobody listens there: the plugin calls only when it has something to say.
      request.setEngineAddress("127.0.0.1:1");
      client.handshake(request, (error) => (error ? fail(error) : done()));
    });
    const result = { cpu: cpuTime(child.pid), wall: performance.now() - began };
    client.close();
    return result;
  } finally {
    child.kill("SIGTERM");
    await ended;
  }
}

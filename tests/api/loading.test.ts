import { resolve } from "node:path";
import { runNode } from "../support/command";

/** Packages take their time to load, and every process of the engine would pay it. */

const CLIENT = resolve(__dirname, "../../dist/provider/api/client.js");

/** What a client has loaded by the end of a script. The script's server answers a delete with 204 and a read with JSON. */
async function loadedAfter(script: string): Promise<string> {
  const program = `
    const server = require("node:http").createServer((request, response) => {
      response.statusCode = request.method === "DELETE" ? 204 : 200;
      response.end(request.method === "DELETE" ? "" : "{}");
    });
    server.listen(0, "127.0.0.1", async () => {
      const { createClient } = require(${JSON.stringify(CLIENT)});
      const endpoint = "http://127.0.0.1:" + server.address().port;
      const client = createClient({ endpoint, accountId: "A", passcode: "P", requestTimeout: 10, maxAttempts: 1 });
      ${script};
      const packages = Object.keys(require.cache).map((path) => /node_modules\\/(zod|undici)\\//.exec(path)?.[1]);
      console.log([...new Set(packages.filter(Boolean))].sort().join());
      process.exit();
    });`;
  return (await runNode(["-e", program], {})).output.trim();
}

test.each([
  ["a new client loads nothing", "", ""],
  ["a call loads the HTTP client", 'await client.delete("p1", 1)', "undici"],
  ["an answer with a body loads nothing more", 'await client.get("p1").catch(() => {})', "undici"],
])("%s", async (_, script, packages) => expect(await loadedAfter(script)).toBe(packages));

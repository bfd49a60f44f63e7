import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { attach } from "./execute.mjs";
import { demoFolder } from "./paths.mjs";
import { cli, sandboxUp } from "./sandbox.mjs";
import { SetupProblem } from "./setup-problem.mjs";

const data = join(demoFolder, "gateway");
/** Made up, and known to everybody who has this file: the gateway listens on this machine only. */
const passcode = "gateway-passcode-one";
const operator = { name: "meera", password: "made-up-password" };

/**
 * `npm run gateway`: a gateway in front of the sandbox's dashboard, which plays CleverTap's, until it is ended.
 *
 * @param {string[]} args further arguments of the gateway
 * @returns {Promise<number>} its exit code
 */
export async function gateway(args) {
  const { details, stop } = await sandboxUp();
  try {
    if (!existsSync(join(data, "gateway.db"))) await makeUp(details);
    const port = (await portBefore()) ?? (await freePort());
    const isPlain = args.length === 0;
    if (isPlain) console.log(instructions(details, `http://127.0.0.1:${port}`));
    const where = isPlain ? ["--port", String(port)] : args;
    return await attach(process.execPath, [cli, "gateway", "--data-dir", data, ...where]);
  } finally {
    await stop();
  }
}

/** Accounts with what CleverTap's form shows before Save, and somebody who can log in. */
async function makeUp({ url, accounts }) {
  await mkdir(demoFolder, { recursive: true });
  for (const { id, passcode: own } of accounts) {
    const headers = { "X-CleverTap-Account-Id": id, "X-CleverTap-Passcode": own };
    const answer = await fetch(new URL("/v1/whatsapp/provider-defaults", url), { headers });
    const defaults = await answer.json();
    run(["account", "add", id], passcode);
    run([
      ...["account", "defaults", id, "--dashboard", url],
      ...["--inbound", defaults.inboundMessageCallbackUrl, "--delivery", defaults.deliveryReportCallbackUrl],
      ...["--payload-version", defaults.payloadVersion],
    ]);
  }
  run(["operator", "add", operator.name, "--role", "admin"], operator.password);
}

/** One of the gateway's commands. @param {string} [input] the secret that it reads */
function run(words, input = "") {
  const { status, stderr } = spawnSync(process.execPath, [cli, "gateway", ...words, "--data-dir", data], {
    input,
    encoding: "utf8",
  });
  if (status !== 0) throw new SetupProblem(`gateway ${words.join(" ")}: ${stderr.trim()}`);
}

/** The port of the last time, so that addresses in a stack's state stay good. */
async function portBefore() {
  const text = await readFile(join(data, "port"), "utf8").catch(() => "");
  return /^\d+$/.test(text.trim()) ? Number(text) : undefined;
}

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

function instructions({ url, httpEndpoint, kaleyraHost, accounts, kaleyra }, gatewayUrl) {
  return `CleverTap's dashboard, which the sandbox plays: ${url}
The gateway's pages: ${gatewayUrl}/tasks (name ${operator.name}, password ${operator.password})

What to try, with a program like examples/basic (the README says how to make one) in another terminal:
  pulumi config set clevertap:endpoint ${gatewayUrl}
  pulumi config set clevertap:accountId ${accounts[0].id}
  pulumi config set --secret clevertap:passcode ${passcode}
  pulumi config set httpEndpoint ${httpEndpoint}
  pulumi config set kaleyraHost ${kaleyraHost}
  pulumi config set --secret apiKey ${kaleyra.apiKey}
  pulumi config set --secret sid ${kaleyra.sid}
  pulumi up
1. \`pulumi up\` says "pending" and names a task. Open it at the gateway, log in, press Take.
2. Copy each value into the dashboard's form, and press Save there. Then press "Mark as saved" at the gateway.
3. \`pulumi refresh\` shows "active".
4. Change the nickname and run \`pulumi up\`: an edit. \`pulumi destroy\`: a delete. "CleverTap refused it": the reason at the next preview.
`;
}

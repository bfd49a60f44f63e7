import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { engineEnvironment } from "./environment.cjs";
import { attach, capture, tail, which } from "./execute.mjs";
import { acquireLock } from "./lock.mjs";
import { demoFolder, repository } from "./paths.mjs";
import { note, stage } from "./progress.mjs";
import { sandboxUp } from "./sandbox.mjs";
import { setUpEngine, setUpPackage } from "./setup.mjs";
import { SetupProblem } from "./setup-problem.mjs";

const stack = "dev";
const project = "clevertap-whatsapp";
/** Kept out of the repository's own files, and never mixed up with a stack of the user's that is called the same. */
const configFile = join(demoFolder, `Pulumi.${stack}.yaml`);
const takesConfigFile = new Set([
  "up",
  "update",
  "preview",
  "pre",
  "refresh",
  "destroy",
  "config",
  "import",
  "watch",
  "logs",
]);
const asks = new Set(["up", "update", "refresh", "destroy", "import", "cancel"]);

/**
 * The engine's arguments for what the user typed after `npm start --`.
 *
 * @param {string[]} typed
 * @param {boolean} terminal is there somebody to answer a question?
 * @param {string} [file] the stack's configuration
 */
export function engineArguments(typed, terminal, file = configFile) {
  const given = typed.length === 0 ? ["up", "--yes"] : typed;
  const [command] = given;
  const before = given.includes("--") ? given.slice(0, given.indexOf("--")) : given;
  const after = given.slice(before.length);
  const says = (...names) =>
    before.some((word) => names.some((name) => word === name || word.startsWith(`${name}=`)));
  const more = [];
  if (takesConfigFile.has(command) && !says("--config-file")) more.push("--config-file", file);
  if (!terminal) {
    if (!says("--non-interactive")) more.push("--non-interactive");
    const removesStack = command === "stack" && before[1] === "rm";
    if ((asks.has(command) || removesStack) && !says("--yes", "-y", "--preview-only")) more.push("--yes");
  }
  return [...before, ...more, ...after];
}

async function selectStack(pulumi, env) {
  const args = ["stack", "select", "--create", stack, "--non-interactive"];
  const result = await capture(pulumi, args, { cwd: repository, env });
  if (result.code !== 0) throw new SetupProblem(`The stack ${stack} could not be selected:\n${tail(result)}`);
}

/** What the stack needs of the sandbox, by key. */
function settings(details) {
  const [account] = details.accounts;
  return {
    "clevertap:endpoint": { value: details.endpoint },
    "clevertap:accountId": { value: account.id },
    "clevertap:passcode": { value: account.passcode, secret: true },
    [`${project}:httpEndpoint`]: { value: details.httpEndpoint },
    [`${project}:kaleyraHost`]: { value: details.kaleyraHost },
    [`${project}:incomingBaseUrl`]: { value: details.incomingBaseUrl },
    [`${project}:apiKey`]: { value: details.kaleyra.apiKey, secret: true },
    [`${project}:sid`]: { value: details.kaleyra.sid, secret: true },
  };
}

/**
 * Writes into the stack's configuration what the sandbox says otherwise than the last time: all at first, and nothing from
 * then on unless the sandbox has changed. What the user sets or removes stays so.
 */
async function configure(pulumi, env, details) {
  const writtenFile = join(demoFolder, "config-written.json");
  const wanted = Object.entries(settings(details));
  const digest = (value) => createHash("sha256").update(value).digest("hex");
  const written = existsSync(configFile)
    ? await readFile(writtenFile, "utf8").then(JSON.parse, () => ({}))
    : {};
  const changed = wanted.filter(([key, { value }]) => written[key] !== digest(value));
  if (changed.length === 0) return;
  const pairs = changed.flatMap(([key, { value, secret }]) => [
    secret ? "--secret" : "--plaintext",
    `${key}=${value}`,
  ]);
  const args = ["config", "set-all", "--stack", stack, "--config-file", configFile, "--non-interactive"];
  const result = await capture(pulumi, [...args, ...pairs], { cwd: repository, env });
  if (result.code !== 0)
    throw new SetupProblem(`The stack's configuration could not be written:\n${tail(result)}`);
  if (Object.keys(written).length > 0)
    note(`The sandbox has changed, and with it the configuration: ${changed.map(([key]) => key).join(", ")}`);
  const digests = Object.fromEntries(wanted.map(([key, { value }]) => [key, digest(value)]));
  await writeFile(writtenFile, JSON.stringify(digests));
}

async function existing(details) {
  const [account] = details.accounts;
  const url = `${details.endpoint.replace(/\/$/, "")}/v1/whatsapp/providers?pageSize=100`;
  const headers = {
    "X-CleverTap-Account-Id": account.id,
    "X-CleverTap-Passcode": account.passcode,
    "X-Request-Id": crypto.randomUUID(),
  };
  const answer = await fetch(url, { headers, signal: AbortSignal.timeout(5_000) });
  return answer.ok ? ((await answer.json()).items ?? []) : [];
}

/** Writes to a number as a user would, and says whether it came to CleverTap: by way of the Incoming URL that is set at Kaleyra. */
async function inboundMessage({ url }, mobileNumber) {
  const answer = await fetch(`${url}/kaleyra/numbers/${mobileNumber}/inbound`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ text: "Hello" }),
    signal: AbortSignal.timeout(10_000),
  });
  const { delivered, reason } = await answer.json();
  const what = delivered ? "arrived at CleverTap" : `did not arrive: ${reason}`;
  return [`  a user's message   ${what}`];
}

/** @param isUp a message is written to the number only after an update */
async function summary(pulumi, env, details, isUp) {
  const items = await existing(details).catch(() => []);
  const result = await capture(pulumi, ["stack", "output", "--json", "--stack", stack], {
    cwd: repository,
    env,
  });
  const outputs = result.code === 0 ? JSON.parse(result.stdout) : {};
  const lines = [""];
  if (items.length === 0) lines.push("The sandbox holds no WhatsApp provider. `npm start` creates one.");
  for (const item of items) {
    const mark = item.isDefault ? ", the default" : "";
    lines.push(
      `WhatsApp provider "${item.nickname}" (${item.mobileNumber}), id ${item.id}, revision ${item.revision}${mark}`,
    );
  }
  if (outputs.inboundMessageCallbackUrl) {
    lines.push(`  inbound messages   ${outputs.inboundMessageCallbackUrl}`);
    lines.push(`  delivery reports   ${outputs.deliveryReportCallbackUrl}`);
  }
  if (isUp && outputs.incomingUrl)
    for (const { mobileNumber } of items) lines.push(...(await inboundMessage(details, mobileNumber)));
  lines.push(
    "",
    "Next: examples/incoming-url/index.ts is the program; change it and run `npm start` again.",
    "      npm start -- preview --diff   npm start -- refresh   npm start -- destroy",
    `      npm run sandbox               keeps the sandbox running: ${details.url}`,
  );
  console.log(lines.join("\n"));
}

/**
 * `npm start`: the engine on the root project against the sandbox.
 *
 * @param {string[]} typed the arguments after `npm start --`
 * @returns {Promise<number>} the engine's exit code
 */
export async function start(typed) {
  const terminal = Boolean(process.stdin.isTTY);
  await setUpPackage();
  const { path, compileCache } = await setUpEngine();
  const home = join(demoFolder, "home");
  const state = join(demoFolder, "state");
  await mkdir(home, { recursive: true });
  await mkdir(state, { recursive: true });
  const env = engineEnvironment({ home, state, path, compileCache });
  const pulumi = which("pulumi", path);
  // Two at once would end each other's sandbox, and the engine refuses a stack that is in use.
  const lock = join(demoFolder, "locks", "start.lock");
  const release = await stage("Waiting for the other npm start", (detail) => acquireLock(lock, detail));
  try {
    return await run(pulumi, env, typed, terminal);
  } finally {
    await release();
  }
}

async function run(pulumi, env, typed, terminal) {
  const { details, stop } = await stage("Starting the sandbox", () => sandboxUp());
  try {
    await stage("Preparing the stack", async () => {
      await selectStack(pulumi, env);
      await configure(pulumi, env, details);
    });
    const args = engineArguments(typed, terminal);
    const code = await attach(pulumi, args, { cwd: repository, env });
    if (code === 0 && ["up", "update", "refresh", "destroy"].includes(args[0]))
      await summary(pulumi, env, details, ["up", "update"].includes(args[0]));
    return code;
  } finally {
    await stop();
  }
}

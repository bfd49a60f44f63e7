/**
 * One program for many stacks, several at a time:
 *
 *     node main.mjs preview|up|refresh|destroy [--parallel 4] [--stack NAME]...
 *
 * Each file of the folder `stacks` is a stack: an account of CleverTap and some of its numbers. A new file is a new stack.
 * It shows each stack as it begins and ends, and a table at the end. A stack that fails stops none of the others.
 * Exit code: 0 all ended well, 1 one did not.
 *
 * Environment, secrets included, so that none stands on a command line: CLEVERTAP_ENDPOINT; for each account ACCOUNT_ID_<account> and
 * PASSCODE_<account>; HTTP_END_POINT, KALEYRA_HOST, KALEYRA_API_KEY, KALEYRA_SID; and what Pulumi needs, such as PULUMI_BACKEND_URL.
 */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { env, exit } from "node:process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { secret } from "@pulumi/pulumi";
import automation from "@pulumi/pulumi/automation/index.js";
import { WhatsAppProvider } from "pulumi-clevertap-whatsapp";

const VERBS = ["preview", "up", "refresh", "destroy"];
const folder = dirname(fileURLToPath(import.meta.url));
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { parallel: { type: "string", default: "4" }, stack: { type: "string", multiple: true } },
});
const [verb] = positionals;
if (!VERBS.includes(verb)) {
  console.error(`Usage: node main.mjs ${VERBS.join("|")} [--parallel N] [--stack NAME]...`);
  exit(2);
}

function required(name) {
  if (!env[name]) throw new Error(`the environment variable ${name} is missing`);
  return env[name];
}

/** The program of a stack. */
const programOf = (numbers) => async () => {
  for (const [name, number] of Object.entries(numbers))
    new WhatsAppProvider(name, {
      ...number,
      httpEndpoint: required("HTTP_END_POINT"),
      kaleyraHost: required("KALEYRA_HOST"),
      apiKey: secret(required("KALEYRA_API_KEY")),
      sid: secret(required("KALEYRA_SID")),
    });
};

/** @returns how many resources were created, updated and so on */
async function work(stackName) {
  const { account, numbers } = JSON.parse(readFileSync(join(folder, "stacks", `${stackName}.json`), "utf8"));
  const stack = await automation.LocalWorkspace.createOrSelectStack(
    { stackName, projectName: "clevertap-whatsapp-many-stacks", program: programOf(numbers) },
    {
      workDir: folder,
      envVars: {
        CLEVERTAP_ACCOUNT_ID: required(`ACCOUNT_ID_${account}`),
        CLEVERTAP_PASSCODE: required(`PASSCODE_${account}`),
      },
    },
  );
  const result = await stack[verb]();
  return result.changeSummary ?? result.summary.resourceChanges ?? {};
}

/** What pulumi said of a failure, without its log around it. */
function reason(error) {
  const lines = String(error.message).split("\n");
  return (lines.find((line) => /^\s*error: (?!update failed|preview failed)/.test(line)) ?? lines[0]).trim();
}

/** Each worker takes the next stack when it has done one. */
async function worker(queue, rows) {
  for (let stack = queue.shift(); stack !== undefined; stack = queue.shift()) {
    const began = Date.now();
    console.log(`${stack}: ${verb} begins`);
    const row = { stack, result: "ok", changes: {} };
    try {
      row.changes = await work(stack);
    } catch (error) {
      row.result = "failed";
      row.reason = reason(error);
    }
    row.seconds = ((Date.now() - began) / 1000).toFixed(0);
    rows.push(row);
    console.log(`${stack}: ${row.result} after ${row.seconds} s; ${queue.length} not begun`);
  }
}

function table(rows) {
  const shown = ({ changes }) =>
    Object.entries(changes)
      .map(([what, count]) => `${count} ${what}`)
      .join(", ");
  const cells = rows.map((row) => [row.stack, row.result, `${row.seconds} s`, row.reason ?? shown(row)]);
  const all = [["stack", "result", "time", "resources"], ...cells];
  const widths = [0, 1, 2].map((column) => Math.max(...all.map((row) => row[column].length)));
  return all
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

const all = readdirSync(join(folder, "stacks")).map((file) => file.replace(/\.json$/, ""));
const chosen = values.stack ?? all;
const rows = [];
const queue = [...chosen];
await Promise.all(Array.from({ length: Number(values.parallel) }, () => worker(queue, rows)));
console.log(`\n${table(rows.sort((a, b) => (a.stack < b.stack ? -1 : 1)))}`);
exit(rows.every(({ result }) => result === "ok") ? 0 : 1);

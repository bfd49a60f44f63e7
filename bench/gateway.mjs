/** How long the gateway's lists take when there is much in them: 10,000 providers, 1,000 open tasks. */
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { statistics, table } from "./tables.mjs";

const require = createRequire(import.meta.url);
const PROVIDERS = 10_000;
const TASKS = 1_000;
const ACCOUNT = "TEST-000-001Z";
const NAME = "bench";
const PASSWORD = "only for this measurement";
const PATHS = ["/tasks", "/tasks/1", "/providers", "/log"];

/**
 * @param {number} rounds samples of each page, after one that does not count
 * @returns {Promise<string>} a table with its title
 */
export async function gatewayTable(rounds) {
  const dataDir = mkdtempSync(join(tmpdir(), "gateway-bench-"));
  const { startGateway } = require("../dist/gateway/index.js");
  const { pages } = require("../dist/gateway/pages/index.js");
  const running = await startGateway({
    dataDir,
    pages: (gateway, addressing) => pages(gateway, { addressing }),
  });
  try {
    fill(running.gateway);
    const cookie = await logIn(running.url);
    const rows = [];
    for (const path of PATHS) rows.push(row(path, await times(running.url + path, cookie, rounds)));
    const title = `Pages of a gateway, ${PROVIDERS} providers, ${TASKS} open tasks, from request to end of answer:`;
    return `${title}\n\n${table([["page", "wall", "spread"], ...rows])}`;
  } finally {
    await running.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

function fill(gateway) {
  const { putAttestation, putProvider, putTask } = require("../dist/gateway/model/tables.js");
  const { addOperator } = require("../dist/gateway/operators.js");
  const { COMMAND } = require("../dist/gateway/accounts.js");
  const { log } = require("../dist/gateway/log.js");
  addOperator(gateway, NAME, "operator", PASSWORD, COMMAND);
  const at = new Date().toISOString();
  const { database } = gateway;
  database.atOnce(() => {
    for (let i = 1; i <= PROVIDERS; i += 1) {
      const number = String(447700900000 + i);
      const place = { account: ACCOUNT, number };
      const values = {
        nickname: `Kaleyra ${i}`,
        mobileNumber: number,
        httpEndpoint: "https://example.com/",
        headers: [],
        isDefault: false,
      };
      const provider = {
        id: `wap_${i}`,
        account: ACCOUNT,
        values,
        revision: 1,
        going: false,
        refused: false,
      };
      putProvider(gateway, { ...provider, seq: database.next("provider"), createdAt: at, updatedAt: at });
      putAttestation(gateway, place, { values, by: NAME, at, task: 1 });
      log(gateway, { actor: "pulumi", action: "create", provider: provider.id });
      if (i > TASKS) continue;
      const task = { kind: "edit", state: "open", provider: provider.id, revision: 1, openedAt: at };
      putTask(gateway, { ...place, ...task, n: database.next("task"), target: values, base: values });
    }
  });
}

/** @returns {Promise<string>} the session's cookie */
async function logIn(url) {
  const form = await fetch(`${url}/login`);
  const token = /name="form-token" value="([^"]+)"/.exec(await form.text())?.[1] ?? "";
  const answer = await fetch(`${url}/login`, {
    method: "POST",
    redirect: "manual",
    headers: { cookie: form.headers.getSetCookie()[0]?.split(";")[0] ?? "" },
    body: new URLSearchParams({ name: NAME, password: PASSWORD, "form-token": token }),
  });
  return answer.headers.getSetCookie()[0]?.split(";")[0] ?? "";
}

async function times(url, cookie, rounds) {
  const samples = [];
  for (let round = 0; round <= rounds; round += 1) {
    const began = performance.now();
    const answer = await fetch(url, { headers: { cookie }, redirect: "error" });
    await answer.text();
    samples.push(performance.now() - began);
  }
  return samples.slice(1);
}

function row(path, samples) {
  const { median, least, most } = statistics(samples);
  return [path, `${median.toFixed(0)} ms`, `${least.toFixed(0)} to ${most.toFixed(0)}`];
}

import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { type Sandbox, startSandbox } from "../../sandbox";
import { LONG } from "../reliability/figures";
import { descendants, end } from "../reliability/killing";
import { type Postgres, startPostgres } from "../support/postgres";
import { Repository } from "./repository";

/**
 * The template in a repository whose hook plays the runner, with its state in PostgreSQL: what a team's pipeline does, and
 * what it does when something goes wrong. One life, step by step: each test goes on where the one before ended.
 */

let postgres: Postgres;
let sandbox: Sandbox;
let repository: Repository;

const named = (nickname: string) => sandbox.providers().find((provider) => provider.nickname === nickname);

/** Waits for what another process brings about. */
async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; !condition(); tries++) {
    if (tries > 12_000) throw new Error("it did not happen within a minute");
    await pause(5);
  }
}

/** The requests of a kind that write. */
const writes = (method: string) =>
  sandbox.requests({ method }).filter(({ query }) => query.validateOnly === undefined);

beforeAll(async () => {
  postgres = await startPostgres();
  // The 1-second rule would fail good probes on a busy machine.
  sandbox = await startSandbox({ verificationLimitMs: 20_000 });
  repository = new Repository(postgres.environment("git"));
  repository.configure(sandbox);
});

afterAll(async () => {
  repository.remove();
  await sandbox.close();
  await postgres.stop();
});

test("the first push to main makes what the program says", async () => {
  repository.commit("main");
  expect(await repository.push("main")).toMatchObject({ code: 0 });
  expect(
    sandbox
      .providers()
      .map(({ nickname }) => nickname)
      .sort(),
  ).toEqual(["Orders", "Support"]);
});

test("a branch is previewed: the report shows the change, nothing is changed", async () => {
  repository.edit("index.ts", 'nickname: "Orders"', 'nickname: "Orders EU"');
  repository.commit("rename");
  const { code, report } = await repository.push("rename");
  expect(code).toBe(0);
  expect(report("preview.md")).toContain(
    "| <code>orders</code> | change | nickname | <code>Orders</code> | <code>Orders EU</code> |",
  );
  expect(named("Orders")).toBeDefined();
});

test("a bad branch fails at preview, with the reason in the report", async () => {
  repository.git("checkout", "--quiet", "main");
  repository.edit("index.ts", "14155550101", "+1 415 555 0101");
  repository.commit("bad");
  const { code, report } = await repository.push("bad");
  expect(code).not.toBe(0);
  expect(report("preview.md")).toMatch(/The preview failed.*mobileNumber: .*14155550101/s);
});

test("a merge deploys", async () => {
  expect(await repository.merge("rename")).toMatchObject({ code: 0 });
  expect(named("Orders EU")).toBeDefined();
});

/** Runs the line of crontab.example, in the clone. */
function cron() {
  const text = readFileSync(join(repository.clone, "crontab.example"), "utf8");
  const [, line = ""] = /^(?:\S+ ){5}(cd .*)$/m.exec(text) ?? [];
  const secrets = join(repository.home, "numbers.env");
  writeFileSync(secrets, "");
  const command = line
    .replace("/etc/numbers.env", `'${secrets}'`)
    .replace("npm ci --silent --ignore-scripts", "true");
  expect(command).not.toMatch(/\/etc|npm/);
  return repository.shell(command);
}

test("somebody edits a provider at the dashboard: the drift job fails and names the field, the next up repairs it", async () => {
  expect(await cron()).toEqual({ code: 0, output: "" });
  const { id = "" } = named("Support") ?? {};
  sandbox.patchProvider(id, { nickname: "By hand" });
  const { code, output } = await cron();
  expect(code).toBe(1);
  expect(output).toContain("| nickname | <code>By hand</code> | <code>Support</code> |");
  const page = readFileSync(join(repository.clone, "ci-report/drift.html"), "utf8");
  expect(page).toContain("<td>nickname</td><td><code>By hand</code></td><td><code>Support</code></td>");
  repository.commit("main");
  expect(await repository.push("main")).toMatchObject({ code: 0 });
  expect(named("Support")).toMatchObject({ id });
});

test("a key is rotated with overlap: the preview says so without showing it, the merge sends it", async () => {
  const { sid, apiKey } = sandbox.kaleyra;
  const next = "A1111111111111111111111111111111a";
  sandbox.setKaleyra({ sid, apiKey, otherApiKeys: [next] });
  repository.pulumi("config", "set", "--secret", "apiKey", next);
  repository.commit("rotate");
  const { code, report } = await repository.push("rotate");
  expect(code).toBe(0);
  expect(report("preview.md")).toMatch(
    /\| change \| credentials \(fingerprint\) \| <code>\w{12}<\/code> \| <code>\w{12}<\/code> \|/,
  );
  expect(await repository.merge("rotate")).toMatchObject({ code: 0 });
  sandbox.setKaleyra({ sid, apiKey: next });
  for (const { id } of sandbox.providers()) {
    expect(sandbox.headerValue(id, "api-key")).toBe(next);
  }
  const texts = [...repository.printed, report("preview.json"), report("preview.md")];
  expect(texts.filter((text) => text.includes(next) || text.includes(apiKey))).toEqual([]);
});

test("two merges at once: the second waits for the first, and nothing is lost", async () => {
  repository.edit("index.ts", "14155550101", "14155550102");
  repository.commit("one");
  repository.git("checkout", "--quiet", "main");
  repository.git("merge", "--quiet", "one");
  sandbox.resetRequests();
  sandbox.fault({ kind: "status", status: 503, method: "POST", retryAfter: 3 });
  const first = once(repository.startPush("main"), "exit");
  await until(() => writes("POST").length > 0);
  const impatient = await repository.shell(
    `cd '${repository.clone}' && LOCK_WAIT=0 sh node_modules/pulumi-clevertap-whatsapp/ci/up prod`,
  );
  expect(impatient.code).toBe(75);
  expect(impatient.output).toMatch(
    /^error: the stack prod is in use by \S+ since \S+; waited 0 s\. Nothing was changed\. .*\n$/,
  );
  repository.edit("index.ts", 'nickname: "Support"', 'nickname: "Help"');
  repository.commit("main");
  const second = once(repository.startPush("main"), "exit");
  const waits = /^The stack prod is in use by \S+ since \S+: waiting up to 600 s\.$/m;
  await until(() => waits.test(repository.log("main")));
  sandbox.clearFaults();
  await Promise.all([first, second]);
  expect(repository.job("main")).toMatchObject({ code: 0 });
  const shown = sandbox.providers().map(({ nickname, mobileNumber }) => `${nickname} ${mobileNumber}`);
  expect(shown.sort()).toEqual(["Help 14155550100", "Orders EU 14155550102"]);
});

test("a runner is killed in the middle: the next run heals, without a person", async () => {
  repository.edit("index.ts", "14155550102", "14155550103");
  repository.commit("main");
  sandbox.resetRequests();
  // It is made, and no answer comes.
  sandbox.fault({ kind: "status", status: 503, method: "POST", stored: true, retryAfter: 3 });
  const push = repository.startPush("main");
  await until(() => writes("POST").length > 0);
  const runner = descendants(push.pid as number);
  // As where a machine goes down: everything at once.
  for (const { pid } of runner) end(pid, "SIGKILL");
  await until(() => sandbox.requests().every((request) => request.status !== undefined));
  sandbox.clearFaults();
  repository.commit("main");
  const { code, log } = await repository.push("main");
  expect(log).toContain("has ended without a word: its lock is taken away");
  expect(code).toBe(0);
  const shown = sandbox.providers().map(({ nickname, mobileNumber }) => `${nickname} ${mobileNumber}`);
  expect(shown.sort()).toEqual(["Help 14155550100", "Orders EU 14155550103"]);
});

test("a server that people work: the pipeline ends while the task waits, the next run shows the confirmation", async () => {
  sandbox.setManual(true);
  repository.edit("index.ts", 'nickname: "Orders EU"', 'nickname: "Orders"');
  repository.commit("main");
  const pending = await repository.push("main");
  expect(pending).toMatchObject({ code: 0, log: expect.stringContaining("pending: task") });
  const open = sandbox.tasks().filter(({ state }) => state === "open");
  expect(open).toMatchObject([{ kind: "edit", nickname: "Orders" }]);
  expect(await cron()).toEqual({ code: 0, output: "" });
  sandbox.confirmTask(open[0]?.id as string);
  repository.commit("main");
  const { code, log } = await repository.push("main");
  expect(code).toBe(0);
  expect(log).toContain("status");
  expect(log).not.toContain("pending: task");
  expect(named("Orders")).toMatchObject({ status: "active" });
});

(LONG ? test : test.skip)(
  "a preview stack of a pull request comes, with numbers of its own, and goes",
  async () => {
    sandbox.setManual(false);
    repository.edit(
      "index.ts",
      '"14155550100"',
      'pulumi.getStack() === "prod" ? "14155550100" : "14155550110"',
    );
    repository.edit(
      "index.ts",
      '"14155550103"',
      'pulumi.getStack() === "prod" ? "14155550103" : "14155550113"',
    );
    const ci = (words: string) =>
      repository.shell(`cd '${repository.clone}' && sh node_modules/pulumi-clevertap-whatsapp/ci/${words}`);
    const numbers = () =>
      sandbox
        .providers()
        .map(({ mobileNumber }) => mobileNumber)
        .sort();
    expect(await ci("preview-stack pr-7 prod")).toMatchObject({ code: 0 });
    expect(numbers()).toEqual(["14155550100", "14155550103", "14155550110", "14155550113"]);
    expect(await ci("destroy pr-7")).toMatchObject({ code: 0 });
    expect(numbers()).toEqual(["14155550100", "14155550103"]);
    expect(await ci("destroy pr-7")).toEqual({ code: 0, output: "There is no stack pr-7: nothing to do.\n" });
  },
);

test("the history has every update, and no secret came out", () => {
  const history = JSON.parse(repository.pulumi("stack", "history", "--json")) as { result: string }[];
  expect(history.length).toBeGreaterThanOrEqual(8);
  const { PGPASSWORD } = postgres.environment("git");
  const secrets = [PGPASSWORD, sandbox.kaleyra.apiKey, ...sandbox.accounts.map(({ passcode }) => passcode)];
  for (const text of repository.printed) for (const secret of secrets) expect(text).not.toContain(secret);
});

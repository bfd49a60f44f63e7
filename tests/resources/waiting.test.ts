import { readSettings } from "../../provider/configuration/settings";
import { createContext } from "../../provider/resources/context";
import { lookup } from "../../provider/resources/whatsapp-provider/lookup";
import { type Sandbox, startSandbox } from "../../sandbox";
import { Driver } from "../reliability/driver";
import { goodArguments, goodConfig } from "../support/arguments";
import { CANARIES } from "../support/canaries";

/** A server that people work, by way of the sandbox: nothing drifts while it waits, and nobody is asked twice. */

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ manual: true, verificationLimitMs: 20_000 });
});
afterAll(() => sandbox.close());
beforeEach(() => sandbox.reset());

const NUMBERS = ["919999999999", "15017122661"];

function driver(settings: { waitFor?: number; maxAttempts?: number } = {}, asleep?: () => unknown): Driver {
  return new Driver({ ...goodConfig(sandbox), settings, asleep });
}
const args = (over: object = {}) => goodArguments(sandbox, over);
const one = (over: object = {}) => ({ a: args(over) });
const stateOf = (d: Driver) => d.resources[0]?.state;
const task = (id: string) => `task ${id}, ${sandbox.url}/tasks/${id}`;
const open = () => sandbox.tasks().filter(({ state }) => state === "open");
const writes = () =>
  sandbox.requests().filter(({ method, query }) => method !== "GET" && query.validateOnly === undefined);
const none = { steps: 0, lines: [] };

test("waiting is no drift: nothing to change, and one listing for all that wait", async () => {
  const d = driver();
  const program = { a: args(), b: args({ mobileNumber: NUMBERS[1] }) };
  const { lines } = await d.up(program);
  expect(lines).toEqual([`a: pending: ${task("1")}`, `b: pending: ${task("2")}`]);
  expect(stateOf(d)).toMatchObject({ status: "pending", taskUrl: `${sandbox.url}/tasks/1`, revision: 1 });
  expect(stateOf(d)).not.toHaveProperty("statusReason");
  const before = d.resources;
  for (let round = 0; round < 2; round++) {
    sandbox.resetRequests();
    expect(await d.up(program)).toEqual(none);
    expect(await d.preview(program)).toEqual(none);
    expect(sandbox.requests().map(({ method, path }) => [method, path])).toEqual(
      Array(2).fill(["GET", "/v1/whatsapp/providers"]),
    );
    await d.refresh();
    expect(d.resources.map(({ state }) => state)).toEqual(before.map(({ state }) => state));
  }
  expect(open()).toHaveLength(2);
});

test("an update between two that wait costs no second listing", async () => {
  const d = driver();
  const program = (nickname: string) => ({
    a: args(),
    b: args({ mobileNumber: NUMBERS[1], nickname }),
    c: args({ mobileNumber: "14155551234" }),
  });
  await d.up(program("Before"));
  sandbox.resetRequests();
  await d.up(program("After"));
  const asked = sandbox.requests().filter(({ path }) => path === "/v1/whatsapp/providers");
  expect(asked).toHaveLength(1);
});

test("of two providers of a number, the one whose delete waits is not the one that is found", async () => {
  const d = driver();
  await d.up(one());
  const [provider] = sandbox.providers();
  const leaving = { ...provider, id: "wap_leaving", status: "deleting" };
  const { endpoint, accountId, passcode } = d.options;
  const values: Record<string, string> = { endpoint, accountId, passcode };
  const context = createContext(readSettings((key) => values[key], {}));
  const found = async (items: object[]) => {
    sandbox.fault({ kind: "status", status: 200, body: { items } });
    const { id } = await lookup(context, { mobileNumber: "919999999999" });
    sandbox.clearFaults();
    return id;
  };
  expect(await found([leaving, provider as object])).toBe(provider?.id);
  expect(await found([leaving])).toBe("wap_leaving");
  await context.close();
});

test("confirmed: no change, and a refresh brings it home", async () => {
  const d = driver();
  await d.up(one());
  sandbox.confirmTask("1");
  expect(await d.up(one())).toEqual(none);
  await d.refresh();
  expect(stateOf(d)).toMatchObject({ status: "active", revision: 1 });
  expect(stateOf(d)).not.toHaveProperty("taskUrl");
  sandbox.resetRequests();
  expect(await d.up(one())).toEqual(none);
  expect(sandbox.requests()).toEqual([]);
});

test("a refusal and its reason show at the next preview, refreshed or not, and `up` sends it again", async () => {
  const d = driver();
  await d.up(one());
  sandbox.refuseTask("1", "The number is not verified");
  const line = `warning: a: refused: The number is not verified (${task("1")}). \`pulumi up\` sends it again`;
  expect(await d.preview(one())).toEqual({ steps: 0, lines: [line] });
  await d.refresh();
  expect(stateOf(d)).toMatchObject({ status: "refused", statusReason: "The number is not verified" });
  expect(await d.preview(one())).toEqual({ steps: 0, lines: [line] });
  sandbox.resetRequests();
  expect(await d.up(one())).toEqual({ steps: 1, lines: [line, `a: pending: ${task("1")}`] });
  expect(writes().map(({ method }) => method)).toEqual(["PUT"]);
  expect(stateOf(d)).toMatchObject({ status: "pending", revision: 1 });
  expect(stateOf(d)).not.toHaveProperty("statusReason");
  expect(open()).toMatchObject([{ id: "1" }]);
});

test("a delete that somebody asked for shows as a change, and `up` withdraws it", async () => {
  const d = driver();
  await d.up(one());
  sandbox.confirmTask("1");
  await d.refresh();
  const other = driver();
  other.resources = d.resources;
  await other.destroy();
  await d.refresh();
  expect(stateOf(d)).toMatchObject({ status: "deleting", taskUrl: `${sandbox.url}/tasks/2` });
  const line = `warning: a: its delete waits (${task("2")}). \`pulumi up\` withdraws it`;
  expect(await d.preview(one())).toEqual({ steps: 0, lines: [line] });
  expect(await d.up(one())).toEqual({ steps: 1, lines: [line] });
  expect(stateOf(d)).toMatchObject({ status: "active", revision: 1 });
  expect(open()).toEqual([]);
});

test("a delete is accepted, names the task, and blocks no create of the number, nor its preview", async () => {
  const d = driver();
  await d.up(one());
  sandbox.confirmTask("1");
  const { id } = d.resources[0] as { id: string };
  expect(await d.destroy()).toEqual({
    steps: 1,
    lines: [`provider ${id}: its delete waits for a person: ${task("2")}`],
  });
  expect(await d.destroy()).toEqual(none);
  expect(open()).toHaveLength(1);
  const changed = one({ nickname: "Other" });
  expect(await d.preview(changed)).toEqual(none);
  await d.up(changed);
  expect(d.resources[0]?.id).not.toBe(id);
  expect(open()).toMatchObject([{ kind: "edit", nickname: "Other" }]);
});

describe("waitFor", () => {
  test("it waits, says so every 30 s, and ends as soon as somebody has confirmed", async () => {
    let looks = 0;
    const d = driver({ waitFor: 600 }, () => ++looks === 13 && sandbox.confirmTask("1"));
    expect(await d.up(one())).toEqual({
      steps: 1,
      lines: [`a: pending: ${task("1")}`, ...[30, 60].map((s) => `a: pending for ${s} s: ${task("1")}`)],
    });
    expect(stateOf(d)).toMatchObject({ status: "active", revision: 1 });
    expect(looks).toBe(13);
  });

  test.each(["create", "update"])(
    "when the time is over, a %s names the task, stays in state, and the next `up` goes on without a second task",
    async (verb) => {
      const d = driver();
      if (verb === "update") {
        await d.up(one({ nickname: "Before" }));
        sandbox.confirmTask("1");
        await d.refresh();
      }
      const number = verb === "update" ? "2" : "1";
      d.options = { ...d.options, settings: { waitFor: 7 } };
      for (let round = 0; round < 3; round++) {
        sandbox.resetRequests();
        const { error, steps } = await d.up(one());
        expect(steps).toBe(0);
        expect(error?.message).toBe(
          `still pending after 7 s: ${task(number)}. Run \`pulumi up\` again to go on waiting, or ` +
            "`npx pulumi-clevertap-whatsapp wait`: the task stays the same. [still-pending]",
        );
        expect(writes()).toHaveLength(round === 0 ? 1 : 0);
        expect(open()).toMatchObject([{ id: number, nickname: "Kaleyra" }]);
        expect(stateOf(d)).toMatchObject({ status: "pending", nickname: "Kaleyra" });
      }
      // A refresh takes the error from the state: what waits then is no change any more.
      const unfinished = d.resources;
      await d.refresh();
      expect(await d.up(one())).toEqual(none);
      d.resources = unfinished;
      sandbox.confirmTask(number);
      expect(await d.up(one())).toEqual({ steps: 1, lines: [] });
      expect(stateOf(d)).toMatchObject({ status: "active" });
    },
  );

  test("a program that is changed back while it waits is written", async () => {
    const d = driver({ waitFor: 7 });
    await d.up(one());
    await d.up(one({ nickname: "Other" }));
    expect(stateOf(d)).toMatchObject({ nickname: "Other" });
    await d.up(one());
    expect(sandbox.providers()).toMatchObject([{ nickname: "Kaleyra" }]);
    expect(open()).toHaveLength(1);
  });

  test("refused while it waits: the reason, kept in state, and the next `up` sends it again", async () => {
    const d = driver({ waitFor: 60 }, () => sandbox.refuseTask("1", "Not with this number"));
    const { error } = await d.up(one());
    expect(error?.message).toMatch(/^refused: Not with this number \(task 1, .*\[refused\]$/);
    expect(stateOf(d)).toMatchObject({ status: "refused", statusReason: "Not with this number" });
    d.options = { ...d.options, asleep: () => sandbox.confirmTask("1") };
    sandbox.resetRequests();
    expect((await d.up(one())).steps).toBe(1);
    expect(writes().map(({ method }) => method)).toEqual(["PUT"]);
    expect(sandbox.tasks()).toMatchObject([{ id: "1", state: "confirmed" }]);
  });

  test("a server that is away for a moment ends no wait", async () => {
    let looks = 0;
    const d = driver({ waitFor: 60, maxAttempts: 1 }, () => {
      if (++looks === 1) sandbox.fault({ kind: "status", status: 503, method: "GET", count: 1 });
      if (looks === 2) sandbox.confirmTask("1");
    });
    expect((await d.up(one())).error).toBeUndefined();
    expect(stateOf(d)).toMatchObject({ status: "active" });
  });

  test("a server that stays away: the reason of the last look, and the resource is in state", async () => {
    const d = driver({ waitFor: 7, maxAttempts: 1 }, () =>
      sandbox.fault({ kind: "status", status: 503, method: "GET" }),
    );
    expect((await d.up(one())).error?.code).toBe("unavailable");
    expect(stateOf(d)).toMatchObject({ status: "pending" });
    sandbox.clearFaults();
  });

  test("somebody else's edit while it waits stays to be seen by a refresh", async () => {
    const d = driver({ waitFor: 60 }, () => {
      const [provider] = sandbox.providers();
      sandbox.patchProvider(provider?.id as string, { headers: { "api-key": "canary-by-hand" } });
      sandbox.confirmTask("1");
    });
    await d.up(one());
    await d.refresh();
    expect(stateOf(d)?.credentialFingerprint).toBe("000000000000");
  });

  test("a provider that is gone, or another owner's, is told", async () => {
    const gone = driver({ waitFor: 60 }, () => sandbox.deleteProvider(sandbox.providers()[0]?.id as string));
    expect((await gone.up(one())).error?.code).toBe("provider-not-found");
    const lost = driver({ waitFor: 60 }, () =>
      sandbox.patchProvider(sandbox.providers()[0]?.id as string, { externalReference: "another" }),
    );
    expect((await lost.up(one())).error?.code).toBe("taken-over");
  });
});

test("killed while it waited: the next `up` takes what is its own, and nobody is asked twice", async () => {
  const d = driver();
  await d.up(one());
  const { id } = d.resources[0] as { id: string };
  d.resources = [];
  expect((await d.up(one())).error).toBeUndefined();
  expect(d.resources).toMatchObject([{ id, state: { status: "pending" } }]);
  expect(sandbox.tasks()).toHaveLength(1);
});

const SPOILT = ["drop-before", "drop-after", "truncated", "html", "empty", "invalid-json"] as const;
test.each(SPOILT)("%s: create, update and delete make one task each", async (kind) => {
  const d = driver();
  const lose = (method: string) => sandbox.fault({ kind, method, count: 1 });
  lose("POST");
  await d.up(one());
  sandbox.confirmTask("1");
  lose("PUT");
  await d.up(one({ nickname: "Other" }));
  sandbox.confirmTask("2");
  lose("DELETE");
  await d.destroy();
  expect(sandbox.tasks().map(({ kind, state }) => [kind, state])).toEqual([
    ["add", "confirmed"],
    ["edit", "confirmed"],
    ["delete", "open"],
  ]);
});

test("what waits and can't be looked at is a warning: nothing of this program is new", async () => {
  const d = driver({ maxAttempts: 1 });
  await d.up(one());
  sandbox.fault({ kind: "status", status: 503 });
  const { error, steps, lines } = await d.up(one());
  expect([error, steps]).toEqual([undefined, 0]);
  expect(lines).toEqual([
    expect.stringMatching(/^warning: a: can't tell whether it is still pending: .*503/),
  ]);
});

test("no secret that somebody typed into a reason, or that a server puts into a task, comes into state or a message", async () => {
  const d = driver();
  await d.up(one());
  const [provider] = sandbox.providers();
  const task = {
    id: "1",
    url: `${sandbox.url}/tasks/1?key=${CANARIES.apiKey}`,
    kind: "add",
    state: "refused",
  };
  const body = { ...provider, status: "refused", statusReason: `Kaleyra said ${CANARIES.apiKey}`, task };
  sandbox.fault({ kind: "status", status: 200, method: "GET", body: { items: [body] } });
  await d.refresh();
  const { lines } = await d.preview(one());
  sandbox.clearFaults();
  expect(lines).toEqual([expect.stringContaining("refused: Kaleyra said ***")]);
  const { statusReason, taskUrl } = stateOf(d) ?? {};
  expect(statusReason).toBe("Kaleyra said ***");
  expect(taskUrl).toBe(`${sandbox.url}/tasks/1?key=***`);
});

test("a task of another shape is none, and a look is nothing to say", async () => {
  const d = driver();
  await d.up(one());
  sandbox.confirmTask("1");
  const [provider] = sandbox.providers();
  for (const task of [{ id: 7 }, "later", { id: "3", url: "u", kind: "look", state: "open" }]) {
    sandbox.fault({ kind: "status", status: 200, method: "GET", body: { items: [{ ...provider, task }] } });
    await d.refresh();
    sandbox.clearFaults();
    expect(stateOf(d)).toMatchObject({ status: "active" });
    expect(stateOf(d)).not.toHaveProperty("taskUrl");
  }
});

test("the callback URLs are not entered yet: the address where to, at once", async () => {
  const d = driver({ maxAttempts: 5 });
  const detail = "Enter them at https://gateway.example.com/accounts/TEST-000-001Z";
  const body = { status: 503, code: "defaults-not-set", detail };
  const headers = { "Content-Type": "application/problem+json" };
  sandbox.fault({ kind: "status", status: 503, path: "/v1/whatsapp/provider-defaults", body, headers });
  const { error } = await d.preview(one());
  sandbox.clearFaults();
  expect(error?.message).toContain(`yet (status 503): ${detail}. Copy the two callback URLs`);
  expect(error?.code).toBe("defaults-not-set");
  expect(sandbox.requests()).toHaveLength(1);
});

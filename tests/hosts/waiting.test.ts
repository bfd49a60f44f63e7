import { type Sandbox, startSandbox } from "../../sandbox";
import { goodArguments, goodConfig } from "../support/arguments";
import { DynamicHost } from "./support/dynamic-host";
import { isSecret, opened, PluginHost, type Properties, partialState, secret } from "./support/plugin-host";

/** A server that people work, behind both doors: what the engine is told, and what it is to keep. */

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ manual: true, verificationLimitMs: 20_000 });
});
afterAll(() => sandbox.close());
beforeEach(() => sandbox.reset());

const config = (over: Record<string, string> = {}) => ({ ...goodConfig(sandbox), ...over });
const dynamic = (over?: Record<string, string>) => DynamicHost.start(config(over));
const plugin = (over?: Record<string, string>) => {
  const values = config(over);
  return PluginHost.configured({ ...values, passcode: secret(values.passcode) });
};
const DOORS = [
  ["dynamic", dynamic],
  ["plugin", plugin],
] as const;

/** The program's arguments, checked. */
async function checked(host: DynamicHost | PluginHost): Promise<Properties> {
  const { inputs, failures } = await host.check(goodArguments(sandbox), {});
  expect(failures).toEqual([]);
  return inputs;
}

const failure = (run: Promise<unknown>) =>
  run.then(
    () => undefined,
    (error: unknown) => error as Error,
  );
const open = () => sandbox.tasks().filter(({ state }) => state === "open");

describe.each(DOORS)("%s", (_, start) => {
  test("time over: the engine keeps the resource as it waits, and its update goes on without a request to write", async () => {
    const host = await start({ waitFor: "0.1" });
    try {
      const inputs = await checked(host);
      const failed = await failure(host.create(inputs));
      const kept = partialState(failed);
      expect(kept?.reasons).toEqual([
        expect.stringMatching(/^still pending after 0.1 s: task 1, .*still-pending\]$/),
      ]);
      expect(kept?.id).toBe(sandbox.providers()[0]?.id);
      const state = kept?.state as Properties;
      const { __owner, ...own } = opened(inputs);
      expect(opened(state)).toMatchObject({ ...own, status: "pending", revision: 1 });

      expect(await host.diff(kept?.id as string, state, inputs)).toMatchObject({ changes: "none" });
      const again = await failure(host.update(kept?.id as string, state, inputs));
      expect(partialState(again)).toEqual(kept);
      sandbox.confirmTask("1");
      const updated = await host.update(kept?.id as string, state, inputs);
      expect(updated).toMatchObject({ status: "active", revision: 1 });
      expect(sandbox.requests({ method: "PUT" })).toEqual([]);
    } finally {
      await host.stop();
    }
  });

  test("a refusal is a change that the engine can't see for itself, and a delete that waits succeeds", async () => {
    const host = await start();
    try {
      const inputs = await checked(host);
      const { id, outputs } = await host.create(inputs);
      expect(outputs).toMatchObject({ status: "pending", taskUrl: `${sandbox.url}/tasks/1` });
      sandbox.refuseTask("1", "Not with this number");
      expect(await host.diff(id, outputs, inputs)).toMatchObject({ changes: "some", replaces: [] });
      const updated = await host.update(id, outputs, inputs);
      sandbox.confirmTask("1");
      await host.delete(id, updated);
      await host.delete(id, updated);
      expect(open()).toMatchObject([{ id: "2", kind: "delete" }]);
    } finally {
      await host.stop();
    }
  });
});

describe("plugin", () => {
  test("the engine shows the change of status, the line is next to the resource, and a preview knows no status ahead", async () => {
    const host = await plugin();
    try {
      const inputs = await checked(host);
      const { id, outputs } = await host.create(inputs);
      expect(isSecret(outputs.apiKey)).toBe(true);
      expect((await host.diff(id, outputs, inputs)).stables).not.toContain("status");
      sandbox.refuseTask("1", "Not with this number");
      const other = await plugin();
      try {
        const { detail } = await other.diff(id, outputs, inputs);
        expect(detail).toEqual({ status: "UPDATE" });
        const planned = await other.update(id, outputs, inputs, { preview: true });
        expect(planned.status).not.toBe("pending");
        while (other.logged.length === 0) await new Promise((r) => setTimeout(r, 10));
        expect(other.logged).toMatchObject([
          { message: expect.stringContaining("refused: Not with this number (task 1, ") },
        ]);
      } finally {
        await other.stop();
      }
    } finally {
      await host.stop();
    }
  });

  test("Ctrl-C ends the wait at once, and what was written is kept", async () => {
    const host = await plugin({ waitFor: "86400" });
    try {
      const inputs = await checked(host);
      const ended = failure(host.create(inputs));
      while (!host.logged.some(({ message }) => message.includes("pending: task 1")))
        await new Promise((r) => setTimeout(r, 10));
      await host.cancel();
      const kept = partialState(await ended);
      expect(kept?.reasons).toEqual([
        expect.stringMatching(
          /^stopped waiting for task 1, \S+\. Run `pulumi up` again to go on waiting \[cancelled\]$/,
        ),
      ]);
      expect(kept?.state).toMatchObject({ status: "pending" });
    } finally {
      await host.stop();
    }
  });
});

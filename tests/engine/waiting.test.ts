import { runAndKill } from "../reliability/killing";
import { kaleyra, only, scenario, through, UP } from "./support/one-provider";
import { type Stack, withStack } from "./support/stack";

/** A server that people work, on the real engine: no drift while it waits, and nobody is asked twice. */

const SANDBOX = { manual: true };
const program = (over: object = {}) =>
  `${kaleyra(over).replace("new wa", "const p = new wa")} exports.status = p.status; exports.reason = p.statusReason; exports.task = p.taskUrl;`;
const failures = async (stack: Stack) =>
  ((await stack.resource()) as { initErrors?: string[] }).initErrors ?? [];

describe("a server that people work", () => {
  scenario(
    "pending is no drift, a refusal shows and is sent again, a confirmation comes home, a delete is accepted",
    async (door) => {
      await withStack({ door, program: program(), sandbox: SANDBOX }, async (stack, sandbox) => {
        const url = (id: number) => `${sandbox.url}/tasks/${id}`;
        expect(await stack.up()).toContain(`pending: task 1, ${url(1)}`);
        expect(await stack.outputs()).toEqual({ status: "pending", task: url(1) });
        await stack.preview("--expect-no-changes");
        await stack.refresh("--expect-no-changes");
        await stack.up("--expect-no-changes");

        sandbox.refuseTask("1", "The number is not verified");
        const preview = await stack.preview("--diff");
        expect(preview).toContain("refused: The number is not verified (task 1");
        if (door === "plugin") expect(preview).toMatch(/status *: "pending"/);
        await stack.refresh();
        expect((await stack.resource()).outputs).toMatchObject({
          status: "refused",
          statusReason: "The number is not verified",
          taskUrl: url(1),
        });
        expect(await stack.preview()).toContain("1 to update");
        expect(await stack.up()).toContain(`pending: task 1, ${url(1)}`);
        expect(await stack.outputs()).toEqual({ status: "pending", task: url(1) });

        const waiting = await stack.cli("wait", "--timeout", "0");
        expect(waiting).toMatchObject({
          code: 3,
          output: expect.stringContaining(`pending: task 1, ${url(1)}`),
        });
        sandbox.confirmTask("1");
        expect(await stack.cli("wait", "--timeout", "60")).toMatchObject({ code: 0 });
        await stack.up("--expect-no-changes");
        await stack.refresh();
        await stack.up();
        expect(await stack.outputs()).toEqual({ status: "active" });
        expect(only(sandbox).revision).toBe(1);

        expect(await stack.destroy()).toContain(`its delete waits for a person: task 2, ${url(2)}`);
        await stack.destroy();
        expect(sandbox.tasks().filter(({ state }) => state === "open")).toHaveLength(1);
        expect(await stack.cli("wait", "--timeout", "0")).toMatchObject({ code: 3 });
        // The number is free to be declared again.
        stack.program(program({ nickname: "Again" }));
        await stack.preview();
        await stack.up();
        sandbox.confirmTask("3");
        await stack.destroy();
        sandbox.confirmTask("4");
        expect(await stack.cli("wait")).toMatchObject({ code: 0 });
        expect(sandbox.providers()).toEqual([]);
      });
    },
  );

  scenario(
    "waitFor: the engine keeps what waits with its error, and the next `up` goes on without a request to write",
    async (door) => {
      await withStack(
        { door, program: program(), sandbox: SANDBOX, config: { waitFor: "1" } },
        async (stack, sandbox) => {
          const writes = () =>
            sandbox
              .requests()
              .filter(({ method, query }) => method !== "GET" && query.validateOnly === undefined);
          const goesOn = async (id: string) => {
            expect(await stack.fails(...UP)).toContain(`still pending after 1 s: task ${id}, `);
            sandbox.resetRequests();
            expect(await failures(stack)).toEqual([expect.stringContaining("[still-pending]")]);
            expect(await stack.preview()).toContain("1 to update");
            expect(await stack.fails(...UP)).toContain(`still pending after 1 s: task ${id}, `);
            expect(writes()).toEqual([]);
            expect(sandbox.tasks().filter(({ state }) => state === "open")).toMatchObject([{ id }]);
            sandbox.confirmTask(id);
            await stack.up();
            expect(writes()).toEqual([]);
            expect(await failures(stack)).toEqual([]);
            expect(await stack.outputs()).toEqual({ status: "active" });
            await stack.up("--expect-no-changes");
            await stack.refresh("--expect-no-changes");
          };
          await goesOn("1");
          stack.program(program({ nickname: "Other" }));
          await goesOn("2");

          // pulumi/pulumi#21458: after a partial failure the engine has the old inputs and whatever outputs the provider gave.
          stack.program(program({ nickname: "Third" }));
          await stack.fails(...UP);
          const { inputs, outputs } = await stack.resource();
          expect([inputs?.nickname, outputs?.nickname]).toEqual(["Other", "Third"]);
          // Changed back, it is a change all the same: what the server was told counts.
          stack.program(program({ nickname: "Other" }));
          await stack.up();
          expect(only(sandbox)).toMatchObject({ nickname: "Other", status: "active" });
          await stack.destroy();
        },
      );
    },
  );

  scenario("a write that did not take effect leaves nothing of what it wanted in state", async (door) => {
    await withStack({ door, program: program(), config: { maxAttempts: "1" } }, async (stack, sandbox) => {
      await stack.up();
      stack.program(program({ nickname: "Other" }));
      sandbox.fault({ kind: "status", status: 503, method: "PUT" });
      expect(await stack.fails(...UP)).toContain("[outcome-unknown");
      sandbox.clearFaults();
      const { inputs, outputs } = await stack.resource();
      expect([inputs?.nickname, outputs?.nickname]).toEqual(["Kaleyra", "Kaleyra"]);
      await stack.up();
      expect(only(sandbox).nickname).toBe("Other");
      await stack.destroy();
    });
  });
});

test.each(through("dynamic"))("killed while it waits: nobody is asked twice, %s", async (door) => {
  await withStack(
    { door, program: program(), sandbox: SANDBOX, config: { waitFor: "600" } },
    async (stack, sandbox) => {
      const look = { request: 1, edge: "answered", method: "POST" } as const;
      expect(await runAndKill(stack, sandbox, [...UP], "engine", look)).toMatchObject({ struck: true });
      await stack.pulumi("cancel", "--yes");
      await stack.config("waitFor", "0");
      await stack.up();
      expect(sandbox.tasks()).toMatchObject([{ id: "1", kind: "add", state: "open" }]);
      expect(await stack.outputs()).toMatchObject({ status: "pending" });
      await stack.preview("--expect-no-changes");
      await stack.destroy();
      expect(sandbox.providers()).toEqual([]);
    },
  );
});

test("Ctrl-C ends the wait, and what waits is in state, plugin", async () => {
  await withStack(
    { door: "plugin", program: program(), sandbox: SANDBOX, config: { waitFor: "600" } },
    async (stack, sandbox) => {
      const look = { request: 1, edge: "answered", method: "POST" } as const;
      const { output, struck } = await runAndKill(stack, sandbox, [...UP], "interrupt", look);
      expect(struck).toBe(true);
      expect(output).toContain("stopped waiting for task 1");
      expect((await stack.resource()).outputs).toMatchObject({ status: "pending" });
      sandbox.resetRequests();
      sandbox.confirmTask("1");
      await stack.up();
      expect(sandbox.requests().filter(({ method }) => method !== "GET")).toEqual([]);
      await stack.destroy();
    },
  );
});

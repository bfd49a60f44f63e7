import { startSandbox } from "../../sandbox";
import { clientOf } from "../sandbox/client";

/** A made-up member, in the table only: it is checked, kept, shown, replaced and reset without a word anywhere else. */
jest.mock("../../contract/members", () => {
  const actual = jest.requireActual("../../contract/members");
  const quietHours = {
    fault: (value: unknown) =>
      value === undefined || typeof value === "number" ? undefined : "must be a number",
    standard: 8,
  };
  const MEMBERS = { ...actual.MEMBERS, quietHours };
  return {
    ...actual,
    MEMBERS,
    STANDARDS: { ...actual.STANDARDS, quietHours: 8 },
    isPlain: (name: string) => name === "quietHours" || actual.isPlain(name),
  };
});

test("a new optional member is one entry of the table", async () => {
  const sandbox = await startSandbox({ verificationLimitMs: 20_000 });
  try {
    const { call, good, post } = clientOf(sandbox);
    const send = (method: string, path: string, body: unknown, headers: Record<string, string>) =>
      call(method, path, { body, headers, valid: false });
    const path = "/v1/whatsapp/providers";
    const { body: problem } = await post(good({ quietHours: "many" }), { valid: false });
    expect(problem.errors).toEqual([
      { pointer: "/quietHours", code: "invalid", message: "must be a number" },
    ]);
    const { body: made } = await send("POST", path, good({ quietHours: 3 }), { "idempotency-key": "k" });
    expect(made.quietHours).toBe(3);
    expect(sandbox.providers()).toMatchObject([{ quietHours: 3 }]);
    const { body: replaced } = await send("PUT", `${path}/${made.id}`, good(), { "if-match": "*" });
    expect(replaced.quietHours).toBe(8);
    const patched = sandbox.patchProvider(made.id, { quietHours: 5 } as object);
    expect(patched).toMatchObject({ quietHours: 5, revision: 3 });
  } finally {
    await sandbox.close();
  }
});

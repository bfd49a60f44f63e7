import type { ProviderRequest } from "../../contract/types";
import { createClient, type ProviderApi } from "../../provider/api/client";
import { type Sandbox, startSandbox } from "../../sandbox";
import { failure } from "./server";

/** The client against a whole server of the contract. */

let sandbox: Sandbox;
let api: ProviderApi;
let body: ProviderRequest;

beforeEach(async () => {
  sandbox = await startSandbox();
  const account = sandbox.accounts[0];
  if (!account) throw new Error("the sandbox has no account");
  const { id: accountId, passcode } = account;
  api = createClient(
    { endpoint: sandbox.endpoint, accountId, passcode, requestTimeout: 30, maxAttempts: 5 },
    { sleep: async () => {} },
  );
  body = {
    provider: "generic",
    nickname: "Kaleyra",
    mobileNumber: "919999999999",
    httpEndpoint: sandbox.httpEndpoint,
    headers: [
      { key: "api-key", value: sandbox.kaleyra.apiKey, secret: true },
      { key: "sid", value: sandbox.kaleyra.sid, secret: true },
      { key: "kaleyra-host", value: sandbox.kaleyraHost },
    ],
    externalReference: "project/stack/name",
  };
});

afterEach(async () => {
  await api.close();
  await sandbox.close();
});

test("the life of a provider", async () => {
  const defaults = await api.defaults();
  await api.validateCreate(body);
  expect(await api.list()).toEqual([]);
  const { answeredAt, ...made } = await api.create(body);
  expect(Date.parse(answeredAt ?? "")).not.toBeNaN();
  expect(made).toMatchObject({ ...defaults, nickname: "Kaleyra", externalReference: "project/stack/name" });
  expect(await api.get(made.id)).toMatchObject(made);
  expect(await api.findByNumber("919999999999")).toMatchObject(made);
  expect(await api.validateUpdate(made.id, { ...body, nickname: "B" })).toBe("valid");
  const changed = await api.update(made.id, { ...body, nickname: "B" }, made.revision);
  expect(changed.revision).toBe(made.revision + 1);
  expect((await failure(api.update(made.id, body, made.revision))).code).toBe("changed-elsewhere");
  expect(await failure(api.create(body))).toMatchObject({ code: "number-in-use", conflict: { id: made.id } });
  await api.delete(made.id, changed.revision);
  await api.delete(made.id, changed.revision);
  expect(await api.get(made.id)).toBeUndefined();
  expect((await failure(api.update(made.id, body, 1))).code).toBe("provider-not-found");
});

test("wrong credentials of Kaleyra are named by header", async () => {
  const wrong = {
    ...body,
    headers: body.headers.map((h) => (h.key === "sid" ? { ...h, value: "canary-sid" } : h)),
  };
  const error = await failure(api.validateCreate(wrong));
  expect(error.code).toBe("verification-failed");
  expect(error.problems.map((p) => p.key)).toEqual(expect.arrayContaining(["api-key", "sid"]));
});

test("wrong credentials of the account", async () => {
  const accountId = sandbox.accounts[0]?.id ?? "";
  const stranger = createClient({
    endpoint: sandbox.endpoint,
    accountId,
    passcode: "canary",
    requestTimeout: 30,
    maxAttempts: 1,
  });
  expect((await failure(stranger.get("p1"))).code).toBe("unauthenticated");
  await stranger.close();
});

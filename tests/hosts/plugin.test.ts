import { type Sandbox, startSandbox } from "../../sandbox";
import { goodUrlArguments } from "../support/arguments";
import {
  isSecret,
  opened,
  PluginHost,
  type Properties,
  partialState,
  secret,
  UNKNOWN,
  URN,
} from "./support/plugin-host";

let sandbox: Sandbox;
let host: PluginHost;

beforeAll(async () => {
  sandbox = await startSandbox();
  host = await PluginHost.start();
});
afterAll(async () => {
  await host.stop();
  await sandbox.close();
});
beforeEach(async () => {
  sandbox.reset();
  host.logged.length = 0;
  await host.configure(config());
});

const account = () => sandbox.accounts[0] as { id: string; passcode: string };
const config = (over: Properties = {}): Properties => ({
  endpoint: sandbox.endpoint,
  accountId: account().id,
  passcode: secret(account().passcode),
  maxAttempts: "1",
  ...over,
});
const settings = (over: Properties = {}): Properties => ({
  nickname: "Kaleyra",
  mobileNumber: "919999999999",
  httpEndpoint: sandbox.httpEndpoint,
  apiKey: secret(sandbox.kaleyra.apiKey),
  sid: secret(sandbox.kaleyra.sid),
  kaleyraHost: sandbox.kaleyraHost,
  ...over,
});
const writes = () =>
  sandbox.requests().filter(({ method, query }) => method !== "GET" && query.validateOnly === undefined);
async function made(over?: Properties) {
  const { inputs, failures } = await host.check(settings(over));
  expect(failures).toEqual([]);
  const { id, outputs } = await host.create(inputs);
  return { id, inputs, state: outputs };
}

describe("what the engine asks first", () => {
  test("the handshake accepts secrets, configure too, and previews are wanted", async () => {
    const answer = await host.handshake();
    expect(answer.getAcceptSecrets()).toBe(true);
    expect(answer.getAcceptResources()).toBe(false);
    expect(await host.configure(config())).toEqual({ acceptSecrets: true, supportsPreview: true });
  });

  test("version and schema are the package's", async () => {
    const { version } = require("../../package.json") as { version: string };
    expect(await host.version()).toBe(version);
    expect(await host.schema()).toMatchObject({ name: "clevertap", version });
  });
});

describe("a provider instance of the program", () => {
  test("is checked, all problems at once, and its passcode becomes secret", async () => {
    const { failures, inputs } = await host.checkConfig({
      endpoint: "http://example.com",
      accountId: "A",
      passcode: "canary-passcode",
      endpont: "x",
    });
    expect(failures).toEqual([
      "endpont: there is no such argument. Did you mean endpoint? [unknown-argument]",
      "endpoint must use https (http is accepted on loopback only). Correct the argument of the Provider [invalid-configuration]",
    ]);
    expect(isSecret(inputs.passcode)).toBe(true);
  });

  test("what is missing is told as arguments; what is unknown passes", async () => {
    const missing = await host.checkConfig({ endpoint: sandbox.endpoint });
    expect(missing.failures).toEqual([
      "accountId and passcode are not set. Pass it to the Provider, or set CLEVERTAP_ENDPOINT, CLEVERTAP_ACCOUNT_ID and CLEVERTAP_PASSCODE [missing-configuration]",
    ]);
    const unknown = await host.checkConfig({
      endpoint: UNKNOWN,
      accountId: UNKNOWN,
      passcode: secret(UNKNOWN),
      accounts: { emea: { accountId: UNKNOWN, passcode: "p" } },
    });
    expect(unknown.failures).toEqual([]);
  });

  test("accounts may be a map or its text", async () => {
    const accounts = { emea: { accountId: "A", passcode: "p" }, "": {} };
    for (const value of [accounts, JSON.stringify(accounts)]) {
      const { failures } = await host.checkConfig({ endpoint: sandbox.endpoint, accounts: value });
      expect(failures).toHaveLength(1);
      expect(failures[0]).toContain("accountId");
    }
  });

  test("another endpoint or account replaces it, another passcode updates it", async () => {
    const old = { endpoint: "https://a.example", accountId: "A", passcode: "p" };
    expect(await host.diffConfig(old, old)).toMatchObject({ changes: "none", replaces: [] });
    expect(await host.diffConfig(old, { ...old, passcode: "q" })).toMatchObject({
      changes: "some",
      replaces: [],
      detail: { passcode: "UPDATE" },
    });
    expect((await host.diffConfig(old, { ...old, accountId: "B" })).replaces).toEqual(["accountId"]);
    expect((await host.diffConfig(old, { ...old, endpoint: "https://b.example" })).replaces).toEqual([
      "endpoint",
    ]);
    expect((await host.diffConfig(old, { ...old, accountId: UNKNOWN })).replaces).toEqual([]);
  });

  test("its accounts may have secret names: a message names those of the stack's configuration only", async () => {
    const accounts = secret(JSON.stringify({ "canary-name": { accountId: "A", passcode: "p" } }));
    const instance = "urn:pulumi:dev::test::pulumi:providers:clevertap::mine";
    await host.configure(config({ accounts }), instance);
    const own = await host.check(settings({ account: "other" }));
    expect(own.failures[0]).toContain("has no entry of that name. Run");
    await host.configure(config({ accounts }));
    const ofStack = await host.check(settings({ account: "other" }));
    expect(ofStack.failures[0]).toContain("has no entry of that name (it has: canary-name). Run");
  });

  test("the stack's own is never replaced: its resources refuse the account themselves", async () => {
    const urn = "urn:pulumi:dev::test::pulumi:providers:clevertap::default";
    const old = { endpoint: "https://a.example", accountId: "A" };
    expect(await host.diffConfig(old, { ...old, accountId: "B" }, urn)).toMatchObject({
      changes: "some",
      replaces: [],
    });
  });
});

describe("check", () => {
  test("adds what is known early, the owner, and keeps secrets secret", async () => {
    const { inputs, failures } = await host.check(
      settings({ nickname: secret(" Kaleyra "), __hints: { organization: "acme" } }),
    );
    expect(failures).toEqual([]);
    expect(opened(inputs)).toMatchObject({
      nickname: "Kaleyra",
      payloadVersion: "0.1",
      __owner: "acme/test/dev/kaleyra",
    });
    expect(Object.keys(inputs).filter((name) => isSecret(inputs[name]))).toEqual([
      "apiKey",
      "nickname",
      "sid",
    ]);
    expect(inputs).not.toHaveProperty("__hints");
  });

  test("an Incoming URL is a secret where its base or its query is one", async () => {
    const urn = "urn:pulumi:dev::test::clevertap:index:KaleyraIncomingUrl::incoming";
    const args = goodUrlArguments(sandbox);
    for (const [over, secrets] of [
      [{}, ["apiKey", "sid"]],
      [{ baseUrl: secret(args.baseUrl) }, ["apiKey", "baseUrl", "incomingUrl", "sid"]],
      [{ mobileNumber: secret(args.mobileNumber) }, ["apiKey", "mobileNumber", "sid"]],
    ] as const) {
      const { inputs, failures } = await host.check({ ...args, ...over }, undefined, urn);
      expect(failures).toEqual([]);
      expect(Object.keys(inputs).filter((name) => isSecret(inputs[name]))).toEqual(secrets);
    }
  });

  test("names every problem, and shows no value that came as a secret", async () => {
    const { failures } = await host.check(
      settings({ mobileNumber: secret("+91 99999 99999"), apiKey: "a b", nicknam: "x" }),
    );
    expect(failures.map((f) => f.split(":")[0])).toEqual(["mobileNumber", "apiKey", "nicknam"]);
    expect(failures.join()).not.toContain("919999999999");
  });

  test("a passcode that stands in the configuration in clear is refused", async () => {
    await host.configure(config({ passcode: "canary-passcode" }));
    const { failures } = await host.check(settings());
    expect(failures).toHaveLength(1);
    expect(failures[0]).toContain("[passcode-not-secret]");
    expect(failures[0]).not.toContain("canary");
  });

  test.each(["apiKey", "sid", "headers.x-team"])("the placeholder of %s is named", async (name) => {
    const value = `<set ${name}>`;
    const over = name.startsWith("headers")
      ? { headers: secret({ "x-team": value }) }
      : { [name]: secret(value) };
    const { failures } = await host.check(settings(over));
    expect(failures).toHaveLength(1);
    expect(failures[0]).toContain(`${name}: still holds the placeholder of an import`);
    await expect(host.create({ ...(await host.check(settings())).inputs, ...over })).rejects.toThrow(
      "placeholder-secret",
    );
    expect(writes()).toEqual([]);
  });

  test("every kind of unknown passes, and no sentinel reaches the server", async () => {
    for (const sign of [
      UNKNOWN,
      "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
      "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
    ]) {
      const news = settings({ nickname: sign, headers: secret({ "x-team": sign }), markAsDefault: sign });
      const { inputs, failures } = await host.check(news);
      expect(failures).toEqual([]);
      expect(inputs.nickname).toBe(UNKNOWN);
      const { outputs } = await host.create(inputs, { preview: true });
      expect(outputs).toMatchObject({ nickname: UNKNOWN, revision: UNKNOWN, payloadVersion: "0.1" });
    }
    expect(JSON.stringify(sandbox.requests())).not.toContain(UNKNOWN);
  });
});

describe("preview", () => {
  test("a create shows what is known, and stores nothing", async () => {
    const { inputs } = await host.check(settings());
    const { id, outputs } = await host.create(inputs, { preview: true });
    expect(id).toBe("");
    expect(outputs).toMatchObject({
      accountId: account().id,
      isDefault: UNKNOWN,
      status: UNKNOWN,
      externalReference: UNKNOWN,
    });
    expect(isSecret(outputs.apiKey)).toBe(true);
    expect(outputs).not.toHaveProperty("__owner");
    expect(sandbox.providers()).toEqual([]);
  });

  test("a create gets the server's dry run, its reasons mapped to properties", async () => {
    const { inputs } = await host.check(settings({ apiKey: secret("A-wrong-one") }));
    const failure = host.create(inputs, { preview: true });
    await expect(failure).rejects.toThrow(/apiKey: .*verification-failed/s);
    await expect(failure).rejects.not.toThrow("A-wrong-one");
  });

  test("an update keeps what stays", async () => {
    const { id, state } = await made();
    const { inputs } = await host.check(settings({ nickname: "Other" }), state);
    const outputs = await host.update(id, state, inputs, { preview: true });
    expect(outputs).toMatchObject({
      nickname: "Other",
      revision: UNKNOWN,
      isDefault: false,
      status: "active",
      externalReference: state.externalReference,
      inboundMessageCallbackUrl: state.inboundMessageCallbackUrl,
    });
    expect(sandbox.providers()[0]?.nickname).toBe("Kaleyra");
  });
});

describe("diff", () => {
  test("says property by property what happens", async () => {
    const { id, state, inputs } = await made({ autoReplyUntracked: true });
    expect(await host.diff(id, state, inputs)).toMatchObject({ changes: "none", detail: {} });
    const { autoReplyUntracked, ...rest } = inputs;
    const news = { ...rest, nickname: "Other", headers: secret({ "x-team": "a" }) };
    expect(await host.diff(id, state, news)).toMatchObject({
      changes: "some",
      replaces: [],
      detail: { nickname: "UPDATE", headers: "ADD", autoReplyUntracked: "DELETE" },
      stables: ["mobileNumber", "accountId", "externalReference", "status"],
    });
  });

  test("number replaces, create first; account replaces, delete first", async () => {
    const { id, state, inputs } = await made();
    expect(await host.diff(id, state, { ...inputs, mobileNumber: "14155550101" })).toMatchObject({
      replaces: ["mobileNumber"],
      deleteBeforeReplace: false,
      detail: { mobileNumber: "UPDATE_REPLACE" },
      stables: [],
    });
    expect(await host.diff(id, state, { ...inputs, account: "emea" })).toMatchObject({
      replaces: ["account"],
      deleteBeforeReplace: true,
      detail: { account: "ADD_REPLACE" },
    });
  });
});

describe("create, read, update, delete", () => {
  test("the whole life, secrets marked in every answer", async () => {
    const { id, inputs, state } = await made({ headers: { "x-team": secret("a") } });
    expect(sandbox.headerValue(id, "x-team")).toBe("a");
    for (const name of ["apiKey", "sid", "headers"]) {
      expect(isSecret(inputs[name])).toBe(true);
      expect(isSecret(state[name])).toBe(true);
    }
    const changed = { ...inputs, nickname: "Other" };
    const updated = await host.update(id, state, changed);
    expect(updated).toMatchObject({ nickname: "Other", revision: 2 });
    const refreshed = await host.read(id, updated, changed);
    expect(refreshed.outputs).toEqual(updated);
    expect(opened(refreshed.inputs)).toEqual(opened(changed));
    await host.delete(id, updated);
    expect(sandbox.providers()).toEqual([]);
    expect((await host.read(id, updated, changed)).id).toBe("");
  });

  test("get: what can be read, secrets undefined", async () => {
    const { id } = sandbox.createProvider({
      mobileNumber: "14155550100",
      nickname: "By hand",
      maxConcurrentRequests: 200,
    });
    const { outputs } = await host.read(id, {}, {});
    expect(outputs).toMatchObject({
      nickname: "By hand",
      maxConcurrentRequests: 200,
      accountId: account().id,
    });
    expect(outputs).not.toHaveProperty("apiKey");
  });

  test("import: the arguments that would make it, with placeholders for the secrets, and a check that lets them pass", async () => {
    const { id } = sandbox.createProvider({ mobileNumber: "14155550100", nickname: "By hand" });
    const { outputs, inputs } = await host.read(id);
    expect(inputs).not.toHaveProperty("inboundMessageCallbackUrl");
    expect(opened(inputs)).toMatchObject({ nickname: "By hand", apiKey: "<set apiKey>", sid: "<set sid>" });
    expect(isSecret(inputs.apiKey) && isSecret(outputs.apiKey)).toBe(true);
    expect((await host.check(inputs, inputs)).failures).toEqual([]);
    const other = await PluginHost.configured(config());
    try {
      expect((await other.check(inputs, inputs)).failures).toHaveLength(2);
    } finally {
      await other.stop();
    }
  });

  test("import of a provider of a named account", async () => {
    const second = sandbox.accounts[1] as { id: string; passcode: string };
    const accounts = { emea: { accountId: second.id, passcode: second.passcode } };
    await host.configure(config({ accounts: secret(JSON.stringify(accounts)) }));
    const { inputs: news } = await host.check(settings({ account: "emea" }));
    const { id } = await host.create(news);
    expect(await host.read(`emea/${id}`)).toMatchObject({
      id,
      inputs: { account: "emea" },
      outputs: { accountId: second.id },
    });
    expect((await host.read(id)).id).toBe("");
  });

  test("an account that was swapped is refused, nothing is taken for gone", async () => {
    const { id, state, inputs } = await made();
    const second = sandbox.accounts[1] as { id: string; passcode: string };
    await host.configure(config({ accountId: second.id, passcode: secret(second.passcode) }));
    await expect(host.read(id, state, inputs)).rejects.toThrow("account-mismatch");
    await expect(host.diff(id, state, inputs)).rejects.toThrow("account-mismatch");
    await expect(host.delete(id, state)).rejects.toThrow("account-mismatch");
  });

  test("another type is refused", async () => {
    const urn = "urn:pulumi:dev::test::clevertap:index:Other::x";
    await expect(host.check(settings(), undefined, urn)).rejects.toThrow("there is no resource type Other");
  });

  test("waiting is told to the engine, next to the resource", async () => {
    await host.configure(config({ maxAttempts: "2" }));
    const { inputs } = await host.check(settings());
    sandbox.fault({ kind: "status", method: "POST", count: 1 });
    await host.create(inputs);
    while (host.logged.length === 0) await new Promise((r) => setTimeout(r, 10));
    expect(host.logged).toEqual([
      { message: expect.stringMatching(/^waiting .* attempt 2 of 2$/), urn: URN },
    ]);
  });
});

describe("cancel ends what is under way", () => {
  // A cancelled process is at its end.
  let shared: PluginHost;
  beforeEach(async () => {
    shared = host;
    host = await PluginHost.configured(config());
  });
  afterEach(async () => {
    await host.stop();
    host = shared;
  });

  const cancelled = async (run: () => Promise<unknown>, method: string) => {
    sandbox.resetRequests();
    sandbox.fault({ kind: "hang", method });
    const outcome = run().then(
      () => undefined,
      (error: unknown) => error,
    );
    while (!sandbox.requests().some((r) => r.method === method)) await new Promise((r) => setTimeout(r, 10));
    await host.cancel();
    const error = await outcome;
    sandbox.clearFaults();
    return error as Error;
  };

  test("without an id: the outcome is unknown, and the next up finishes it", async () => {
    const { inputs } = await host.check(settings());
    const error = await cancelled(() => host.create(inputs), "POST");
    expect(error.message).toMatch(
      /not known whether it took effect\. Run `pulumi up` again: it looks first and finishes/,
    );
    expect(partialState(error)).toBeUndefined();
  });

  test("with an id: the state is kept, and the next up writes again", async () => {
    const { id, inputs, state } = await made();
    const error = await cancelled(() => host.update(id, state, { ...inputs, nickname: "Other" }), "PUT");
    const partial = partialState(error);
    expect(partial).toMatchObject({
      id,
      reasons: [expect.stringContaining("not known whether it took effect")],
    });
    expect(partial?.state).toEqual(state);
  });
});

describe("functions", () => {
  test("getWhatsAppProvider finds by number", async () => {
    const { id, state } = await made();
    const token = "clevertap:index:getWhatsAppProvider";
    const { result } = await host.invoke(token, { mobileNumber: "919999999999" });
    expect(result).toMatchObject({ id, nickname: "Kaleyra", revision: state.revision, headerNames: [] });
    const { failure } = await host.invoke(token, { mobileNumber: "14155550100" });
    expect(failure).toContain("[provider-not-found]");
  });

  test("getProviderDefaults gives the callback URLs before anything exists", async () => {
    const { result } = await host.invoke("clevertap:index:getProviderDefaults", {});
    expect(result).toMatchObject({ payloadVersion: "0.1", accountId: account().id });
  });

  test("another function is refused", async () => {
    await expect(host.invoke("clevertap:index:other", {})).rejects.toThrow(
      "there is no function clevertap:index:other in this package. Install the version",
    );
  });
});

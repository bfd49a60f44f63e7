import { readSettings } from "../../provider/configuration/settings";
import { ERRORS, type ErrorCode, WhatsAppProviderError } from "../../provider/model/errors";
import type { Properties } from "../../provider/model/unknown";
import { type Context, createContext } from "../../provider/resources/context";
import { check } from "../../provider/resources/whatsapp-provider/check";
import { create } from "../../provider/resources/whatsapp-provider/create";
import { remove } from "../../provider/resources/whatsapp-provider/delete";
import { diff } from "../../provider/resources/whatsapp-provider/diff";
import { knownInputs } from "../../provider/resources/whatsapp-provider/inputs";
import { previewCreate, previewUpdate } from "../../provider/resources/whatsapp-provider/preview";
import type { Inputs } from "../../provider/resources/whatsapp-provider/properties";
import { read } from "../../provider/resources/whatsapp-provider/read";
import { update } from "../../provider/resources/whatsapp-provider/update";
import { type Sandbox, startSandbox } from "../../sandbox";
import { goodArguments, goodConfig } from "../support/arguments";

/** The words of the errors that the lifecycle makes, pinned: users read them, and documents quote them. */

let sandbox: Sandbox;
let lines: string[];
const seen = new Set<ErrorCode>();

beforeAll(async () => {
  sandbox = await startSandbox({ verificationLimitMs: 20_000 });
});
afterAll(() => sandbox.close());
beforeEach(() => {
  sandbox.reset();
  lines = [];
});

function context(config: Record<string, string> = {}): Context {
  const values: Record<string, string> = { ...goodConfig(sandbox), maxAttempts: "1", ...config };
  return createContext(
    readSettings((key) => values[key], {}),
    { log: (line) => lines.push(line) },
  );
}

const urn = (name: string) =>
  `urn:pulumi:dev::shop::pulumi-nodejs:dynamic/clevertap:WhatsAppProvider::${name}`;

const args = (over: Properties = {}): Properties => goodArguments(sandbox, over);

async function checked(
  ctx: Context,
  over: Properties = {},
  name = "kaleyra",
  olds?: Properties,
): Promise<Inputs> {
  const { inputs, failures } = await check(ctx, {
    olds,
    news: args(over),
    urn: urn(name),
    organization: "acme",
  });
  expect(failures).toEqual([]);
  return knownInputs(inputs);
}

async function made(over: Properties = {}, name = "kaleyra") {
  const ctx = context();
  const inputs = await checked(ctx, over, name);
  return { ctx, inputs, ...(await create(ctx, inputs)) };
}

/** Message without its request id. */
function words(error: unknown): string {
  return words0(error).replaceAll(sandbox.url, "URL");
}

function words0(error: unknown): string {
  if (!WhatsAppProviderError.is(error)) throw error;
  seen.add(error.code);
  return error.message.replace(/, request [\da-f-]{36}/, "");
}

async function thrown(run: Promise<unknown>): Promise<string> {
  const error = await run.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error === undefined) throw new Error("nothing was thrown");
  return words(error);
}

const all = (failures: readonly WhatsAppProviderError[]) => failures.map(words);

test("a number held by hand, by another stack, by a sibling", async () => {
  const { id } = sandbox.createProvider({ nickname: "By hand", mobileNumber: "919999999999" });
  const ctx = context();
  const inputs = await checked(ctx);
  const byHand = `mobileNumber: the number is held by provider ${id} ("By hand"), which carries no owner's mark. To take it over set adoptExisting: true, or use another number [number-in-use]`;
  expect(all(await previewCreate(ctx, inputs))).toEqual([byHand]);
  expect(await thrown(create(ctx, inputs))).toBe(byHand);

  sandbox.patchProvider(id, { externalReference: "team-b" });
  expect(await thrown(create(context(), inputs))).toBe(
    `mobileNumber: the number is held by provider ${id} ("By hand"), which carries the mark "team-b". To take it over set adoptExisting: "team-b", or use another number [number-in-use]`,
  );
  expect(await thrown(create(context(), { ...inputs, adoptExisting: true }))).toContain("number-in-use");
  expect(await thrown(create(context(), { ...inputs, adoptExisting: "team-c" }))).toContain("number-in-use");

  const sibling = `acme/${urn("other")}#0123456789ab`;
  sandbox.patchProvider(id, { externalReference: sibling });
  expect(await thrown(create(context(), inputs))).toBe(
    `mobileNumber: the number is held by provider ${id} ("By hand"), which carries the mark "${sibling}" (resource other of stack shop/dev). For a rename add an alias; where its holder gets another number, to take it over set adoptExisting: "${sibling}" (in a swap, on both) [number-in-use]`,
  );
});

test("adoption names what it overwrites", async () => {
  const { id } = sandbox.createProvider({
    nickname: "By hand",
    mobileNumber: "919999999999",
    maxConcurrentRequests: 50,
  });
  const ctx = context();
  const inputs = await checked(ctx, { adoptExisting: true, maxConcurrentRequests: 60 });
  expect(all(await previewCreate(ctx, inputs))).toEqual([]);
  expect(lines).toEqual([
    `kaleyra: takes over provider ${id} ("By hand"): overwrites nickname, maxConcurrentRequests (50 → 60) and the credentials`,
  ]);
  expect((await create(ctx, inputs)).id).toBe(id);
});

test("two resources of one program", async () => {
  const ctx = context();
  await checked(ctx, { markAsDefault: true }, "a");
  const { failures } = await check(ctx, {
    news: args({ markAsDefault: true }),
    urn: urn("b"),
    organization: "acme",
  });
  expect(all(failures)).toEqual([
    "mobileNumber: resource a declares the same number. Keep one; for a rename use an alias, for a swap of numbers do it in two updates. [number-declared-twice]",
    "markAsDefault: resource a is marked as the default too. Keep markAsDefault: true on one of them. [default-declared-twice]",
  ]);
});

test("the dry run's reasons, by property", async () => {
  const reasons = async (over: Properties) => {
    const ctx = context();
    const inputs = await checked(ctx, over);
    return all(await previewCreate(ctx, inputs));
  };
  const wrongKey = await reasons({ apiKey: "A00000000000000000000000000000000" });
  expect(wrongKey.map((text) => text.split(":")[0])).toEqual(["apiKey", "sid"]);
  expect(wrongKey[0]).toBe(
    "apiKey: Kaleyra does not accept api-key with sid (the endpoint answered HTTP 200, code 2000: Invalid Credentials). Correct the properties that the message names; `npx pulumi-clevertap-whatsapp verify` tries them alone. [verification-failed]",
  );
  expect(wrongKey[1]).toBe("sid: the same reason as apiKey [verification-failed]");
  expect((await reasons({ kaleyraHost: "api.nowhere.example" }))[0]).toMatch(
    /^kaleyraHost: .*\[verification-failed\]$/,
  );
  expect((await reasons({ mobileNumber: "14155550199" }))[0]).toMatch(
    /^mobileNumber: .*\[verification-failed\]$/,
  );
  expect((await reasons({ httpEndpoint: "http://127.0.0.1:9/x" }))[0]).toMatch(
    /^httpEndpoint: .*\[verification-failed\]$/,
  );
});

test("a 504 of the dry run is not tried again at preview", async () => {
  const ctx = context({ maxAttempts: "5" });
  const inputs = await checked(ctx);
  sandbox.fault({ kind: "status", method: "POST", status: 504, code: "verification-timeout" });
  sandbox.resetRequests();
  const [failure] = all(await previewCreate(ctx, inputs));
  expect(failure).toMatch(/^httpEndpoint: .*\[verification-timeout\]$/);
  expect(sandbox.requests({ method: "POST" })).toHaveLength(1);
});

test.each(["each", "once", "off"])("previewProbe %s", async (previewProbe) => {
  const ctx = context({ previewProbe });
  for (const [name, mobileNumber] of [
    ["a", "14155550100"],
    ["b", "14155550101"],
  ] as const) {
    const inputs = await checked(ctx, { mobileNumber }, name);
    expect(await previewCreate(ctx, inputs)).toEqual([]);
  }
  expect(sandbox.requests({ method: "POST" })).toHaveLength(
    { each: 2, once: 1, off: 0 }[previewProbe] as number,
  );
});

test("probeFrom here asks the HTTP End Point and not the API", async () => {
  const ctx = context({ probeFrom: "here" });
  const inputs = await checked(ctx, { apiKey: "A00000000000000000000000000000000" });
  const failures = all(await previewCreate(ctx, inputs));
  expect(failures.map((text) => text.split(":")[0])).toEqual(["apiKey", "sid"]);
  expect(sandbox.requests({ method: "POST" })).toEqual([]);
  expect(sandbox.requests({ kind: "kaleyra" })).toHaveLength(1);
});

test("someone else's change is named, at preview and at the update", async () => {
  const { ctx, inputs, id, state } = await made();
  sandbox.patchProvider(id, { nickname: "By hand", autoReplyUntracked: true });
  const next = { ...inputs, nickname: "Mine" };
  const text = `provider ${id} was changed elsewhere (revision 1 to 2): nickname, autoReplyUntracked. Run \`pulumi refresh\`, look at the difference, then run \`pulumi up\` again. [changed-elsewhere]`;
  expect(all(await previewUpdate(context(), id, state, next))).toEqual([text]);
  expect(await thrown(update(ctx, id, state, next))).toBe(text);
  expect(sandbox.providers()).toMatchObject([{ nickname: "By hand" }]);
});

test("a credential that may have been changed elsewhere is not overwritten silently", async () => {
  const { ctx, inputs, id, state } = await made();
  sandbox.patchProvider(id, { headers: { "api-key": "A00000000000000000000000000000000" } });
  expect(await thrown(update(ctx, id, state, { ...inputs, nickname: "Mine" }))).toBe(
    `provider ${id} was changed elsewhere (revision 1 to 2): nothing that can be read, so perhaps a credential. Run \`pulumi refresh\`, look at the difference, then run \`pulumi up\` again. [changed-elsewhere]`,
  );
});

test("a default that moved is no conflict", async () => {
  const { ctx, inputs, id, state } = await made({ markAsDefault: true });
  await made({ mobileNumber: "14155550100", markAsDefault: true }, "other");
  const after = await update(ctx, id, state, { ...inputs, nickname: "Mine", markAsDefault: undefined });
  expect(after).toMatchObject({ nickname: "Mine", isDefault: false });
});

test("adoption names what the program leaves out", async () => {
  const { id } = sandbox.createProvider({
    nickname: "Kaleyra",
    mobileNumber: "919999999999",
    maxConcurrentRequests: 50,
    autoReplyUntracked: true,
    headers: { "x-team": "blue" },
  });
  const ctx = context();
  const inputs = await checked(ctx, { adoptExisting: true, markAsDefault: true });
  expect(all(await previewCreate(ctx, inputs))).toEqual([]);
  expect(lines.join()).toContain(
    "autoReplyUntracked (true → false), headers, maxConcurrentRequests (50 → CleverTap's default), isDefault (false → true) and the credentials",
  );
  expect((await create(ctx, inputs)).id).toBe(id);
});

const OTHERS = 'carries the mark "team-b"';
const WAYS_OUT =
  'Leave it to its owner with `pulumi state delete URN`, or take it with adoptExisting: "team-b" [taken-over]';

test("taken over by another owner: refresh and preview tell, update refuses, delete leaves it alone", async () => {
  const { ctx, inputs, id, state } = await made();
  sandbox.patchProvider(id, { externalReference: "team-b" });
  const text = `provider ${id} ${OTHERS}, which this state did not write. ${WAYS_OUT}`;
  const next = { ...inputs, nickname: "Mine" };
  expect(await thrown(update(ctx, id, state, next))).toBe(text);

  // A preview that has the listing tells it of what is unchanged, too.
  const unchanged = context();
  await diff(unchanged, id, state, inputs);
  await unchanged.session().listing();
  expect(lines.splice(0)).toEqual([`warning: kaleyra: ${text}`]);
  const preview = context();
  await diff(preview, id, state, next);
  expect(await previewUpdate(preview, id, state, next)).toEqual([]);
  expect(lines.splice(0)).toEqual([`warning: kaleyra: ${text}`]);

  const found = await read(context(), id, state);
  expect(lines.splice(0)).toEqual([`warning: kaleyra: ${text}`]);
  expect(found?.state).toMatchObject({ externalReference: "team-b", __mark: state.__mark, revision: 1 });
  // From then on the state itself says so, and each preview tells it without a request.
  sandbox.resetRequests();
  const { changed } = await diff(context(), id, found?.state ?? {}, inputs);
  expect(changed).toEqual(["externalReference"]);
  expect(lines.splice(0)).toEqual([`warning: kaleyra: ${text}`]);
  expect(sandbox.requests()).toEqual([]);

  await remove(ctx, id, found?.state ?? {});
  await remove(ctx, id, state);
  const left = `provider ${id} ${OTHERS}, which this state did not write: left alone`;
  expect(lines).toEqual([left, left]);
  expect(sandbox.providers()).toHaveLength(1);

  const after = await update(ctx, id, found?.state ?? {}, { ...inputs, adoptExisting: "team-b" });
  expect(after.externalReference).toMatch(/^acme\/shop\/dev\/kaleyra#[\da-f]{12}\.2$/);
  expect(after.__mark).toBe(after.externalReference);
});

test("a mark that somebody cleared: refresh tells, delete leaves it alone, adoptExisting: true takes it back", async () => {
  const { ctx, inputs, id, state } = await made();
  sandbox.patchProvider(id, { externalReference: null });
  const found = await read(ctx, id, state);
  expect(lines.splice(0)).toEqual([
    `warning: kaleyra: provider ${id} carries no owner's mark any more, which this state did not write. Leave it to its owner with \`pulumi state delete URN\`, or take it with adoptExisting: true [taken-over]`,
  ]);
  expect(found?.state).toMatchObject({ revision: 1, __mark: state.__mark });
  await remove(ctx, id, state);
  expect(sandbox.providers()).toHaveLength(1);
  const after = await update(ctx, id, found?.state ?? {}, { ...inputs, adoptExisting: true });
  await remove(ctx, id, after);
  expect(sandbox.providers()).toEqual([]);
});

test("another API is refused and never asked", async () => {
  const { inputs, id, state } = await made();
  sandbox.resetRequests();
  const other = "https://other.example.com/base";
  const ctx = context({ endpoint: `${other}/` });
  const text = `this provider is at the API ${sandbox.endpoint}, but the configuration now names ${other}. Configure that endpoint; if the API has moved, run \`pulumi config set clevertap:formerEndpoint ${sandbox.endpoint}\` [api-mismatch]`;
  const raw = (run: Promise<unknown>) => run.then(() => "nothing was thrown", words0);
  expect(await raw(read(ctx, id, state))).toBe(text);
  expect(await raw(update(ctx, id, state, inputs))).toBe(text);
  expect(await raw(remove(ctx, id, state))).toBe(text);
  expect(await raw(diff(ctx, id, state, inputs))).toBe(text);
  expect(sandbox.requests()).toEqual([]);

  // The API has moved: recorded without a request.
  const moved = context({ endpoint: `${other}/`, formerEndpoint: sandbox.endpoint });
  expect((await diff(moved, id, state, inputs)).changed).toEqual(["__api"]);
  expect(await update(moved, id, state, inputs)).toEqual({ ...state, __api: other });
  expect(sandbox.requests()).toEqual([]);
});

test("gone: update says so, delete succeeds, in use: delete says what to do", async () => {
  const { ctx, inputs, id, state } = await made();
  sandbox.patchProvider(id, { inUse: true });
  expect(await thrown(remove(ctx, id, state))).toMatch(
    /Move the campaigns that use it to another provider, then run `pulumi destroy` again\. \[provider-in-use\]$/,
  );
  sandbox.deleteProvider(id);
  expect(await thrown(update(ctx, id, state, { ...inputs, nickname: "Mine" }))).toMatch(
    /Run `pulumi refresh`, then `pulumi up` creates it again\. \[provider-not-found\]$/,
  );
  await remove(ctx, id, state);
  expect(await read(ctx, id, { ...state, revision: undefined })).toBeUndefined();
});

test("gone at preview: the listing is at hand, so it says so", async () => {
  const { inputs, id, state } = await made();
  sandbox.deleteProvider(id);
  const next = { ...inputs, nickname: "Mine" };
  expect(all(await previewUpdate(context(), id, state, next))).toEqual([
    `provider ${id} is gone. Run \`pulumi refresh\`, then \`pulumi up\` creates it again. [provider-not-found]`,
  ]);
});

test("header names of digits hide no changed credential and no lost update", async () => {
  const headers = { "10": "a", "2": "b", "x-a": "c" };
  const { inputs, id, state } = await made({ headers });
  expect((await read(context(), id, state))?.state).toEqual(state);
  sandbox.patchProvider(id, { headers: { "10": "changed" } });
  expect((await read(context(), id, state))?.state.credentialFingerprint).toBe("000000000000");
  const refreshed = (await read(context(), id, state))?.state ?? {};
  sandbox.fault({ kind: "drop-after", method: "PUT", count: 1 });
  const next = await checked(context(), { headers: { ...headers, "2": "d" } });
  expect(await update(context({ maxAttempts: "2" }), id, refreshed, next)).toMatchObject({ revision: 3 });
  expect(inputs.headers).toEqual(headers);
});

test('what `ignoreChanges: ["*"]` hands back is no argument of the program', async () => {
  const { inputs } = await made();
  const olds = inputs;
  const check2 = (news: Properties) =>
    check(context(), { olds, news, urn: urn("kaleyra"), organization: "acme" });
  const { __owner, ...handedBack } = olds;
  expect((await check2(handedBack)).failures).toEqual([]);
  expect(all((await check2({ ...args(), payloadVersion: "9" })).failures)).toEqual([
    "payloadVersion: is computed. Remove it [unknown-argument]",
  ]);
});

test("another account is refused and never asked", async () => {
  const { inputs, id, state } = await made();
  const [, other] = sandbox.accounts as [unknown, { id: string; passcode: string }];
  const ctx = context({ accountId: other.id, passcode: other.passcode });
  sandbox.resetRequests();
  const text = `this provider is in account ${goodConfig(sandbox).accountId}, but the configuration now names account ${other.id}. Configure the account that the state names, or move the resource by setting \`account\`. [account-mismatch]`;
  expect(await thrown(read(ctx, id, state))).toBe(text);
  expect(await thrown(update(ctx, id, state, inputs))).toBe(text);
  expect(await thrown(remove(ctx, id, state))).toBe(text);
  expect(sandbox.requests()).toEqual([]);
});

test("credentials, region and reach", async () => {
  const { id, state } = await made();
  expect(await thrown(read(context({ passcode: "canary-wrong" }), id, state))).toMatch(
    /^the API does not accept the credentials \(status 401\): .*Check the account id, the passcode and the region of the endpoint: all three must belong together\. .* or add --run-program\. \[unauthenticated\]$/,
  );
  const elsewhere = (endpoint: string) => context({ endpoint, formerEndpoint: sandbox.endpoint });
  expect(await thrown(read(elsewhere("http://127.0.0.1:9"), id, state))).toMatch(
    /Check clevertap:endpoint, the network and the proxy settings, then run it again\. \[unreachable\]$/,
  );
  expect(await thrown(read(elsewhere(`${sandbox.endpoint}/wrong`), id, state))).toMatch(
    /nothing was taken for deleted\. \[not-the-api\]$/,
  );
});

test("every code of the table that the lifecycle can give was seen here or is named in another suite", () => {
  const elsewhere: ErrorCode[] = [
    "invalid-input",
    "placeholder-secret",
    "missing-configuration",
    "invalid-configuration",
    "passcode-not-secret",
    "invalid-field",
    "idempotency-key-reused",
    "request-in-progress",
    "precondition-required",
    "forbidden",
    "too-many-requests",
    "unavailable",
    "outcome-unknown",
    "bad-answer",
    "request-refused",
    "internal-error",
    "cancelled",
    "defaults-not-set",
    "refused",
    "still-pending",
  ];
  expect(
    Object.keys(ERRORS)
      .filter((code) => !seen.has(code as ErrorCode))
      .sort(),
  ).toEqual([...elsewhere].sort());
});

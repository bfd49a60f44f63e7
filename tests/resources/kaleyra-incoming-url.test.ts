import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { readSettings } from "../../provider/configuration/settings";
import { type Properties, UNKNOWN } from "../../provider/model/unknown";
import { createContext } from "../../provider/resources/context";
import { DeclaredUrls } from "../../provider/resources/declared-urls";
import { kaleyraIncomingUrl as resource } from "../../provider/resources/kaleyra-incoming-url";
import { KeptInState } from "../../provider/resources/resource";
import { whatsAppProvider } from "../../provider/resources/whatsapp-provider";
import { type Sandbox, startSandbox } from "../../sandbox";
import { goodArguments, goodUrlArguments } from "../support/arguments";
import { CANARIES } from "../support/canaries";

/** The Incoming URL of a number, without an engine. The fault matrix has what goes wrong on the way to Kaleyra. */

const NUMBER = "919999999999";
const QUERY = "inbound_message_callback_url=https://example.com/in&payload_version=0.1";
const OTHER = "https://example.com/by-hand";

let sandbox: Sandbox;
let lines: string[];

beforeAll(async () => {
  sandbox = await startSandbox({ verificationLimitMs: 20_000 });
});
afterAll(() => sandbox.close());
beforeEach(() => {
  sandbox.reset();
  sandbox.setShowsIncomingUrl(true);
  lines = [];
});

/** A process without any account of CleverTap. */
const context = (config: Record<string, string> = {}) =>
  createContext(
    readSettings((key) => ({ maxAttempts: "1", ...config })[key], {}),
    { log: (line) => lines.push(line) },
  );
const args = (over: Properties = {}): Properties => goodUrlArguments(sandbox, over);
const urn = (name: string, type = "KaleyraIncomingUrl") =>
  `urn:pulumi:dev::shop::pulumi-nodejs:dynamic/clevertap:${type}::${name}`;
const requestOf = (news: Properties, name = "incoming") => ({
  news,
  urn: urn(name),
  organization: "organization",
});

async function problems(news: Properties): Promise<string[]> {
  const { failures } = await resource.check(context(), requestOf(news));
  return failures.map(({ message }) => message);
}

/** What a check makes of good arguments. */
async function checked(over: Properties = {}, ctx = context()): Promise<Properties> {
  const { inputs, failures } = await resource.check(ctx, requestOf(args(over)));
  expect(failures).toEqual([]);
  return inputs;
}

async function made(over: Properties = {}) {
  const inputs = await checked(over);
  return { inputs, ...(await resource.create(context(), inputs)) };
}

const sent = () => sandbox.requests({ kind: "kaleyra" }).map(({ method, path }) => `${method} ${path}`);
const READ = `GET /v2/[redacted]/whatsapp/${NUMBER}/phone_number_details`;
const WRITE = "PUT /v1/[redacted]/whatsapp/number";
/** The lines that are not about the first create. */
const told = () => lines.filter((line) => !line.includes("never tried on a live account"));

describe("check", () => {
  test.each([
    ["https://example.com/in", `https://example.com/in?${QUERY}`],
    ["https://example.com/in?region=in", `https://example.com/in?region=in&${QUERY}`],
    ["https://example.com/in?", `https://example.com/in?${QUERY}`],
    ["https://example.com/in?a=%20b&", `https://example.com/in?a=%20b&${QUERY}`],
    ["http://127.0.0.1:1/in", `http://127.0.0.1:1/in?${QUERY}`],
  ])("to %s the query is appended, and nothing is written in another way", async (baseUrl, incomingUrl) => {
    expect(await checked({ baseUrl })).toMatchObject({ incomingUrl });
    expect(sandbox.requests({ kind: "all" })).toEqual([]);
  });

  test.each<[string, unknown, string]>([
    ["mobileNumber", "+919999999999", "digits only with the country code: use 919999999999 [invalid-input]"],
    ["mobileNumber", 9, "must be a string"],
    ["kaleyraHost", "not a host", "must be an https URL or a bare host name"],
    ["kaleyraHost", "http://api.in.kaleyra.io", "must use https (http is accepted on loopback only)"],
    ["kaleyraHost", "https://api.in.kaleyra.io/?a=b", "must not contain a query (?…)"],
    ["sid", "", "must not be empty"],
    ["apiKey", "a b", "must be visible ASCII without spaces (its value is not shown)"],
    ["baseUrl", "http://example.com/in", "must use https (http is accepted on loopback only)"],
    ["baseUrl", "https://example.com/in#x", "must not contain a fragment (#…)"],
    ["baseUrl", "https://user:pass@example.com/in", "must not contain a user name or password"],
    ["baseUrl", "example.com/in", "must be an absolute https URL"],
    [
      "baseUrl",
      `https://example.com/in?${QUERY}`,
      "must not contain inbound_message_callback_url and payload_version yet: incomingUrlQuery is appended to it",
    ],
    ["incomingUrlQuery", `?${QUERY}`, `which are added where the URL needs them: use ${QUERY}`],
    [
      "incomingUrlQuery",
      "https://example.com/callbacks/1/inbound",
      "must contain inbound_message_callback_url and payload_version: pass the incomingUrlQuery of a WhatsAppProvider",
    ],
    ["incomingUrlQuery", `${QUERY} x`, "must not contain spaces, control characters or #"],
    ["apiKey", "<set apiKey>", "still holds the placeholder of an import"],
  ])("%s: %p is refused", async (name, value, text) => {
    const found = await problems(args({ [name]: value }));
    expect(found).toEqual([expect.stringContaining(`${name}: `)]);
    expect(found[0]).toContain(text);
  });

  test("all problems come at once, what is missing and what is misspelt too, and none quotes a secret", async () => {
    const { sid, ...rest } = args({ apiKey: `${CANARIES.apiKey} `, baseURL: "x", incomingUrl: "y" });
    const found = await problems({ ...rest, baseUrl: undefined });
    expect(found.map((text) => text.replace(/ \[.*/, ""))).toEqual([
      "sid: is missing",
      "apiKey: has a space or line break at an end: set it again without (its value is not shown)",
      "baseUrl: is missing",
      "baseURL: there is no such argument. Did you mean baseUrl?",
      "incomingUrl: is computed. Remove it",
    ]);
    expect(found.join()).not.toContain(CANARIES.apiKey);
  });

  test("what is not known yet passes, and is not known in what is made of it", async () => {
    expect(await checked({ incomingUrlQuery: UNKNOWN })).toMatchObject({
      incomingUrl: UNKNOWN,
      credentialFingerprint: expect.stringMatching(/^[\da-f]{12}$/),
    });
    expect(await checked({ apiKey: UNKNOWN })).toMatchObject({
      incomingUrl: expect.stringContaining(QUERY),
      credentialFingerprint: UNKNOWN,
    });
  });
});

describe("two resources of one program", () => {
  test("that set one number are refused, whichever comes second", async () => {
    const ctx = context();
    await checked({}, ctx);
    const { failures } = await resource.check(ctx, requestOf(args(), "twin"));
    expect(failures.map(({ message }) => message)).toEqual([
      'mobileNumber: resource "incoming" of this program sets the Incoming URL of the same number. Keep one: a number has one Incoming URL [number-declared-twice]',
    ]);
    // The same resource again, as at the update that follows a preview, and one that has moved to another number.
    await checked({}, ctx);
    await resource.check(ctx, requestOf(args({ mobileNumber: "14155550100" }), "twin"));
    await checked({}, ctx);
  });

  const providerOf = (name: string, query: unknown) =>
    [urn(name, "WhatsAppProvider"), { mobileNumber: NUMBER, incomingUrlQuery: query }] as const;
  const setterOf = (query: unknown) =>
    [urn("incoming"), { mobileNumber: NUMBER, incomingUrlQuery: query }] as const;

  test("a query that is not that of the number's provider is refused, whichever comes second", () => {
    const first = new DeclaredUrls();
    first.provider(...providerOf("kaleyra", QUERY));
    expect(first.setter(...setterOf(QUERY))).toEqual([]);
    expect(first.setter(...setterOf(UNKNOWN))).toEqual([]);
    expect(first.setter(...setterOf("other")).map(({ message }) => message)).toEqual([
      'incomingUrlQuery: is not that of WhatsAppProvider "kaleyra", which has the same number, so inbound messages would not arrive. Pass the incomingUrlQuery of that provider [invalid-input]',
    ]);
    const second = new DeclaredUrls();
    second.setter(...setterOf("other"));
    expect(second.provider(...providerOf("kaleyra", UNKNOWN))).toEqual([]);
    expect(second.provider(...providerOf("kaleyra", QUERY)).map(({ message }) => message)).toEqual([
      'mobileNumber: KaleyraIncomingUrl "incoming" sets another incomingUrlQuery for this number, so inbound messages would not arrive. Give it the incomingUrlQuery of this provider [invalid-input]',
    ]);
  });

  test("a number of two accounts may have the query of either", () => {
    const declared = new DeclaredUrls();
    declared.provider(...providerOf("india", "one"));
    declared.provider(...providerOf("emea", "two"));
    expect(declared.setter(...setterOf("two"))).toEqual([]);
    expect(declared.setter(...setterOf("three"))).toHaveLength(1);
  });

  test("the check of a provider tells what it makes", async () => {
    const account = sandbox.accounts[0] as { id: string; passcode: string };
    const config = { endpoint: sandbox.endpoint, accountId: account.id, passcode: account.passcode };
    const ctx = context(config);
    const request = requestOf(goodArguments(sandbox), "kaleyra");
    const provider = await whatsAppProvider.check(ctx, {
      ...request,
      urn: urn("kaleyra", "WhatsAppProvider"),
    });
    expect(provider.failures).toEqual([]);
    expect((await resource.check(ctx, requestOf(args()))).failures).toHaveLength(1);
    const { incomingUrlQuery } = provider.inputs;
    expect((await resource.check(ctx, requestOf(args({ incomingUrlQuery })))).failures).toEqual([]);
  });
});

describe("create and update", () => {
  test("are one PUT of number and URL alone, and one read", async () => {
    const { id, state, inputs } = await made();
    expect(id).toBe(NUMBER);
    expect(state).toEqual({ ...inputs, readsBack: true });
    expect(sent()).toEqual([WRITE, READ]);
    const [write] = sandbox.requests({ kind: "kaleyra", method: "PUT" });
    expect(write?.body).toEqual({ wa_number: NUMBER, incoming_url: inputs.incomingUrl });
    expect(write?.headers["content-type"]).toBe("application/json");
    expect(sandbox.incomingUrl(NUMBER)).toBe(inputs.incomingUrl);

    sandbox.resetRequests();
    const next = await checked({ baseUrl: "https://example.com/next" });
    expect((await resource.diff(context(), id, state, next)).changed).toEqual(["baseUrl", "incomingUrl"]);
    expect(await resource.update(context(), id, state, next)).toEqual({ ...next, readsBack: true });
    expect(sent()).toEqual([WRITE, READ]);
    expect(sandbox.incomingUrl(NUMBER)).toBe(next.incomingUrl);
  });

  test("a key that may set the URL and not read it: an error that says so, and the resource is kept", async () => {
    const inputs = await checked();
    sandbox.fault({ kind: "status", status: 403, path: "^/v2", count: 1 });
    const error = await resource.create(context(), inputs).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(KeptInState);
    expect(error).toMatchObject({ id: NUMBER, state: { ...inputs, readsBack: false }, code: "forbidden" });
    expect((error as Error).message).toMatch(
      /^apiKey: the Incoming URL is set, but can't be read back: Kaleyra does not allow this with this key \(HTTP 403/,
    );
    expect(sandbox.incomingUrl(NUMBER)).toBe(inputs.incomingUrl);
  });

  test("another key or SID alone sends nothing, at preview and at the update", async () => {
    const { id, state } = await made();
    sandbox.resetRequests();
    const ctx = context();
    const next = await checked({ apiKey: "another", sid: "another" });
    expect(next.credentialFingerprint).not.toBe(state.credentialFingerprint);
    expect((await resource.diff(ctx, id, state, next)).changed).toEqual(["sid", "apiKey"]);
    expect(await resource.previewUpdate(ctx, id, state, next)).toEqual([]);
    expect(resource.planned(ctx, next, state)).toEqual({ ...next, readsBack: true });
    expect(await resource.update(ctx, id, state, next)).toEqual({ ...next, readsBack: true });
    expect(sent()).toEqual([]);
  });

  test("another number makes a new resource; the old number keeps its URL, which is one line", async () => {
    const { id, state, inputs } = await made();
    const next = await checked({ mobileNumber: "14155550100" });
    const { replaces, deleteBeforeReplace } = await resource.diff(context(), id, state, next);
    expect([replaces, deleteBeforeReplace]).toEqual([["mobileNumber"], false]);
    expect(resource.isReplaced(context(), inputs, next)).toBe(true);
    lines = [];
    sandbox.resetRequests();
    await resource.delete(context(), id, state);
    expect(lines).toEqual([
      `number ${NUMBER}: Kaleyra keeps its Incoming URL, since no call is documented that takes one away`,
    ]);
    expect(sent()).toEqual([]);
    expect(sandbox.incomingUrl(NUMBER)).toBe(inputs.incomingUrl);
  });

  test("the first create of a process warns that it was never tried, and where drift can't be seen, once", async () => {
    sandbox.setShowsIncomingUrl(false);
    const ctx = context();
    for (const mobileNumber of [NUMBER, "14155550100"]) {
      const { state } = await resource.create(ctx, await checked({ mobileNumber }));
      expect(state.readsBack).toBe(false);
    }
    expect(lines).toEqual([
      expect.stringMatching(/^warning: KaleyraIncomingUrl was never tried on a live account/),
      "warning: Kaleyra's answers do not hold the Incoming URL, so drift can't be seen: a change made elsewhere shows nowhere",
    ]);
    lines = [];
    const { id, state } = await made();
    await resource.read(context(), id, state);
    await resource.update(context(), id, state, await checked({ baseUrl: "https://example.com/next" }));
    expect(told()).toHaveLength(1);
  });
});

describe("read", () => {
  test("shows what somebody else has set, as state and as input", async () => {
    const { id, state, inputs } = await made();
    expect(await resource.read(context(), id, state)).toEqual({ state, inputs });
    sandbox.setIncomingUrl(NUMBER, OTHER);
    const found = await resource.read(context(), id, state);
    expect(found?.state).toEqual({ ...state, incomingUrl: OTHER });
    expect(found?.inputs).toEqual({ ...inputs, incomingUrl: OTHER });
    const drifted = found?.state as Properties;
    expect((await resource.diff(context(), id, drifted, inputs)).changed).toEqual(["incomingUrl"]);
    expect(await resource.update(context(), id, drifted, inputs)).toEqual(state);
    expect(sandbox.incomingUrl(NUMBER)).toBe(inputs.incomingUrl);
  });

  test("a URL that was taken away is drift where Kaleyra showed it before, and unknown where it never did", async () => {
    const { id, state, inputs } = await made();
    sandbox.setShowsIncomingUrl(false);
    expect((await resource.read(context(), id, state))?.state).toEqual({ ...state, incomingUrl: "" });
    const blind = { ...state, readsBack: false };
    expect(await resource.read(context(), id, blind)).toEqual({ state: blind, inputs });
  });

  test("an outage is a warning and never takes the resource for gone; a refused key is an error", async () => {
    const { id, state, inputs } = await made();
    for (const status of [404, 500]) {
      sandbox.fault({ kind: "status", status, path: "^/v2", count: 1 });
      expect(await resource.read(context(), id, state)).toEqual({ state, inputs });
    }
    expect(told()).toEqual([
      expect.stringMatching(
        /^warning: number \d+ could not be read at Kaleyra: Kaleyra refuses the request \(HTTP 404/,
      ),
      expect.stringMatching(
        /^warning: number \d+ could not be read at Kaleyra: Kaleyra answers with a server error/,
      ),
    ]);
    const { sid } = sandbox.kaleyra;
    sandbox.setKaleyra({ sid, apiKey: "rotated" });
    await expect(resource.read(context(), id, state)).rejects.toThrow(
      "apiKey: Kaleyra does not accept this key with this sid (HTTP 401, RBC001): Incorrect SID or API Key. Check apiKey, sid and kaleyraHost: all three must belong together [unauthenticated]",
    );
  });

  test("a get reads with the key that it is given; an import has none, and is told what to do", async () => {
    const { id } = await made();
    const { kaleyraHost, sid, apiKey } = args();
    expect((await resource.read(context(), id, { kaleyraHost, sid, apiKey }))?.state).toEqual({
      ...{ kaleyraHost, sid, apiKey, mobileNumber: NUMBER, readsBack: true },
      incomingUrl: sandbox.incomingUrl(NUMBER),
    });
    await expect(resource.read(context(), id, {})).rejects.toThrow(
      /^kaleyraHost: is not known, and Kaleyra answers nobody without it\. An import can't say it: declare the resource without one/,
    );
    await expect(resource.read(context(), "wap_1", { kaleyraHost, sid, apiKey })).rejects.toThrow(
      /^id: digits only/,
    );
  });
});

describe("preview", () => {
  test("reads the number, and tells of a URL that it replaces", async () => {
    const ctx = context();
    sandbox.setIncomingUrl(NUMBER, OTHER);
    expect(await resource.previewCreate(ctx, await checked())).toEqual([]);
    expect(lines).toEqual([
      `warning: number ${NUMBER}: replaces the Incoming URL that it has at Kaleyra (at example.com), which this state did not set`,
    ]);
    expect(sent()).toEqual([READ]);
    lines = [];
    const { id, state } = await made();
    await resource.previewUpdate(
      context(),
      id,
      state,
      await checked({ baseUrl: "https://example.com/next" }),
    );
    expect(told()).toEqual([]);
  });

  test("a wrong key is an error; no answer is a warning; `previewProbe: off` and unknown values ask nothing", async () => {
    const wrong = await resource.previewCreate(context(), await checked({ apiKey: "wrong" }));
    expect(wrong).toMatchObject([{ code: "unauthenticated", property: "apiKey" }]);
    sandbox.fault({ kind: "drop-before", path: "^/v2", count: 1 });
    expect(await resource.previewCreate(context(), await checked())).toEqual([]);
    expect(told()).toEqual([expect.stringContaining("kaleyraHost: the connection broke")]);
    sandbox.resetRequests();
    const off = context({ previewProbe: "off" });
    expect(await resource.previewCreate(off, await checked({ apiKey: "wrong" }))).toEqual([]);
    for (const name of ["mobileNumber", "apiKey"])
      expect(await resource.previewCreate(context(), await checked({ [name]: UNKNOWN }))).toEqual([]);
    expect(sent()).toEqual([]);
    // The URL itself may still be open: the key is proved all the same.
    await resource.previewCreate(context(), await checked({ incomingUrlQuery: UNKNOWN }));
    expect(sent()).toEqual([READ]);
  });
});

describe("answers that hold what was sent", () => {
  async function withKaleyra(answer: RequestListener, run: (url: string) => Promise<void>): Promise<void> {
    const server = createServer(answer);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    try {
      await run(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    } finally {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  }

  test("no message quotes key or SID", () =>
    withKaleyra(
      ({ headers, url }, reply) =>
        reply
          .writeHead(400)
          .end(JSON.stringify({ code: "E13001", message: `key ${headers["api-key"]}, path ${url}` })),
      async (kaleyraHost) => {
        const error = await made({ kaleyraHost }).catch((thrown: Error) => thrown);
        expect((error as Error).message).toContain(
          "(HTTP 400, E13001): key ***, path /v1/***/whatsapp/number",
        );
      },
    ));

  test("a secret in the place of the URL comes neither into state nor into a line", () =>
    withKaleyra(
      ({ headers }, reply) =>
        reply.end(
          JSON.stringify({ data: [{ number: { incoming_url: `https://x/${headers["api-key"]}` } }] }),
        ),
      async (kaleyraHost) => {
        const inputs = await checked({ kaleyraHost });
        await resource.previewCreate(context(), inputs);
        const { id, state } = await resource.create(context(), inputs);
        expect(state.readsBack).toBe(true);
        const found = await resource.read(context(), id, state);
        expect(found?.state.incomingUrl).toBe("https://x/***");
        expect(lines.join("\n")).not.toContain(CANARIES.apiKey);
      },
    ));
});

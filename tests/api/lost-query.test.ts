import { readSettings } from "../../provider/configuration/settings";
import { type Context, createContext } from "../../provider/resources/context";
import { check } from "../../provider/resources/whatsapp-provider/check";
import { create } from "../../provider/resources/whatsapp-provider/create";
import { previewCreate, previewUpdate } from "../../provider/resources/whatsapp-provider/preview";
import type { Inputs } from "../../provider/resources/whatsapp-provider/properties";
import { type Sandbox, startSandbox } from "../../sandbox";
import { type RewritingProxy, startRewritingProxy } from "../reliability/rewriting-proxy";
import { goodArguments, goodConfig } from "../support/arguments";
import { failure, json, problem, REQUEST, staged } from "./server";

/** A gateway that drops `?validateOnly=true` would turn a dry run into a write: that is why it has no header that a write needs. */

let sandbox: Sandbox;
let gateway: RewritingProxy;
let drops: boolean;
let lines: string[];

beforeAll(async () => {
  sandbox = await startSandbox({ verificationLimitMs: 20_000 });
  gateway = await startRewritingProxy(
    sandbox.url,
    (answer) => answer,
    (path) => (drops ? (path.split("?")[0] ?? "") : path),
  );
});
afterAll(async () => {
  await gateway.close();
  await sandbox.close();
});
beforeEach(() => {
  sandbox.reset();
  drops = false;
  lines = [];
});

function context(): Context {
  const config: Record<string, string> = { ...goodConfig(sandbox), endpoint: gateway.url, maxAttempts: "1" };
  const settings = readSettings((key) => config[key], {});
  return createContext(settings, { log: (line) => lines.push(line) });
}

async function checked(over: object = {}): Promise<Inputs & Record<string, unknown>> {
  const request = {
    news: goodArguments(sandbox, over),
    urn: "urn:pulumi:dev::shop::clevertap:index:WhatsAppProvider::kaleyra",
    organization: "acme",
  };
  const { inputs, failures } = await check(context(), request);
  expect(failures).toEqual([]);
  return inputs as Inputs & Record<string, unknown>;
}

const WARNING =
  "warning: kaleyra: could not be verified: the API did not see that a dry run was asked for, and nothing was written. Let the proxy or gateway pass the query validateOnly=true, or set clevertap:probeFrom to here";

test("a dry run of a create makes nothing, and preview warns", async () => {
  const inputs = await checked();
  drops = true;
  expect(await previewCreate(context(), inputs)).toEqual([]);
  expect(lines).toEqual([WARNING]);
  expect(sandbox.providers()).toEqual([]);
});

test("a dry run of an update changes nothing, and preview warns", async () => {
  const inputs = await checked();
  const { id, state } = await create(context(), inputs);
  const before = sandbox.providers();
  const changed = await checked({ nickname: "Changed" });
  drops = true;
  expect(await previewUpdate(context(), id, state, changed)).toEqual([]);
  expect(lines).toEqual([WARNING]);
  expect(sandbox.providers()).toEqual(before);
});

test("with its query, a dry run of a good provider is silent", async () => {
  const inputs = await checked();
  expect(await previewCreate(context(), inputs)).toEqual([]);
  expect(lines).toEqual([]);
});

test("a dry run carries no header that a write needs", () =>
  staged([json(200, { valid: true })], async ({ api, seen }) => {
    expect(await api.validateCreate(REQUEST)).toBe("valid");
    expect(await api.validateUpdate("p1", REQUEST)).toBe("valid");
    for (const { headers } of seen) {
      expect(headers).not.toHaveProperty("if-match");
      expect(headers).not.toHaveProperty("idempotency-key");
    }
  }));

test("a 428, or a 400 for a missing Idempotency-Key, tells that the query was lost", () =>
  staged(
    [
      problem(428, "precondition-required"),
      problem(400, "missing-idempotency-key"),
      problem(400, "invalid-json"),
    ],
    async ({ api, seen }) => {
      expect(await api.validateUpdate("p1", REQUEST)).toBe("not verified");
      expect(await api.validateCreate(REQUEST)).toBe("not verified");
      expect((await failure(api.validateCreate(REQUEST))).code).toBe("request-refused");
      expect(seen.length).toBe(3);
    },
  ));

test("a write that lost its header fails with an error that names the header", () =>
  staged(
    [problem(400, "missing-idempotency-key"), problem(428, "precondition-required")],
    async ({ api }) => {
      expect((await failure(api.create(REQUEST))).message).toMatch(
        /Idempotency-Key header.*Let the proxy or gateway pass the headers.*\[precondition-required/,
      );
      expect((await failure(api.update("p1", REQUEST, 7))).code).toBe("precondition-required");
    },
  ));

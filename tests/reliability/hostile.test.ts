import * as fc from "fast-check";
import { createClient } from "../../provider/api/client";
import { readSettings } from "../../provider/configuration/settings";
import { provider as dynamicHost } from "../../provider/hosts/dynamic";
import { ERRORS, WhatsAppProviderError } from "../../provider/model/errors";
import type { Properties } from "../../provider/model/unknown";
import { createContext } from "../../provider/resources/context";
import { kaleyraIncomingUrl } from "../../provider/resources/kaleyra-incoming-url";
import type { Inputs as UrlInputs } from "../../provider/resources/kaleyra-incoming-url/properties";
import type { Resource } from "../../provider/resources/resource";
import { whatsAppProvider } from "../../provider/resources/whatsapp-provider";
import type { Inputs } from "../../provider/resources/whatsapp-provider/properties";
import { amount, counted } from "./figures";

/**
 * Whatever comes as configuration, arguments, state or answer: a clear error or a right result. Never a crash, a hang, a
 * leak, or a prototype that an answer changed.
 */

const INPUTS = amount(2_000, 100_000, "CLEVERTAP_TEST_INPUTS");
const SECRET = "canary-A0123456789abcdef";

let answer: { status: number; type: string; body: string };
jest.mock("../../provider/api/transport", () => ({
  openTransport: () => ({
    send: async () => ({
      status: answer.status,
      headers: { "content-type": answer.type },
      body: answer.body,
    }),
    close: async () => {},
  }),
}));

const clock = { sleep: async () => {}, random: () => 0 };
const good: Inputs = {
  nickname: "Kaleyra",
  mobileNumber: "919999999999",
  httpEndpoint: "https://example.com/whatsapp/message/clevertap",
  apiKey: SECRET,
  sid: `${SECRET}-sid`,
  kaleyraHost: "api.kaleyra.io",
  inboundMessageCallbackUrl: "https://example.com/in",
  deliveryReportCallbackUrl: "https://example.com/dlr",
  payloadVersion: "0.1",
  incomingUrlQuery: "q",
  credentialFingerprint: "0123456789ab",
  __owner: "organization/urn:pulumi:dev::test::t::a",
};
const provider = {
  id: "p1",
  provider: "generic",
  nickname: "Kaleyra",
  mobileNumber: "919999999999",
  httpEndpoint: "https://example.com/x",
  headers: [{ key: "api-key", secret: true, valueSet: true }],
  isDefault: false,
  status: "active",
  revision: 3,
  inboundMessageCallbackUrl: "https://example.com/in",
  deliveryReportCallbackUrl: "https://example.com/dlr",
  payloadVersion: "0.1",
  externalReference: "organization/urn:pulumi:dev::test::t::a#0123456789ab",
};

/** What is tried with a resource. */
interface Trial {
  readonly resource: Resource;
  readonly id: string;
  readonly args: Properties;
  /** Checked. */
  readonly inputs: Properties;
  readonly state: Properties;
  /** What the server answers to anything. */
  readonly answer: object;
  /** An answer that refuses. */
  readonly refusal: object;
}

const { nickname, mobileNumber, httpEndpoint, apiKey, sid, kaleyraHost } = good;
const PROVIDER: Trial = {
  resource: whatsAppProvider,
  id: "p1",
  args: { nickname, mobileNumber, httpEndpoint, apiKey, sid, kaleyraHost },
  inputs: { ...good },
  state: {
    ...good,
    revision: 3,
    accountId: "A",
    isDefault: false,
    externalReference: provider.externalReference,
  },
  answer: { ...provider, items: [provider] },
  refusal: { ...provider, status: 409, code: "number-in-use", conflict: { id: "p1" } },
};

const incomingUrlQuery = "inbound_message_callback_url=https://example.com/in&payload_version=0.1";
const baseUrl = "https://example.com/incoming";
const url: UrlInputs = {
  mobileNumber,
  kaleyraHost,
  sid,
  apiKey,
  baseUrl,
  incomingUrlQuery,
  incomingUrl: `${baseUrl}?${incomingUrlQuery}`,
  credentialFingerprint: "0123456789ab",
};
const INCOMING_URL: Trial = {
  resource: kaleyraIncomingUrl,
  id: mobileNumber,
  args: { mobileNumber, kaleyraHost, sid, apiKey, baseUrl, incomingUrlQuery },
  inputs: { ...url },
  state: { ...url, readsBack: true },
  answer: { code: "RBC000", message: "ok", data: { incoming_url: url.incomingUrl }, error: {} },
  refusal: { code: "E13001", message: "no", data: { incoming_url: SECRET }, error: [{ message: SECRET }] },
};

function newContext() {
  const config: Record<string, string> = {
    endpoint: "https://api.invalid",
    accountId: "A",
    passcode: `${SECRET}-pass`,
  };
  return createContext({ ...readSettings((k) => config[k], {}), maxAttempts: 2 }, { clock });
}

/** What may be thrown: our own error, with a code of the table, and nothing of a secret. */
function expectClear(error: unknown): void {
  if (!WhatsAppProviderError.is(error)) throw error;
  expect(Object.keys(ERRORS)).toContain(error.code);
  expect(error.message).not.toContain(SECRET);
  expect(error.message.length).toBeLessThan(5_000);
}

async function attempt(run: () => unknown): Promise<void> {
  try {
    await run();
  } catch (error) {
    expectClear(error);
  }
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
}

const anything = fc.anything({ withBigInt: false, withNullPrototype: true, maxDepth: 3 });
/** Values of the right name and any shape, beside ones that are almost right. */
const almost = <T extends object>(base: T) =>
  fc
    .tuple(
      fc.dictionary(
        fc.oneof(fc.constantFrom(...Object.keys(base), "account", "__proto__", "constructor"), fc.string()),
        fc.oneof(
          anything,
          fc.string({ unit: "binary" }),
          fc.constantFrom(SECRET, "\r\nx: y", "\u0000", "😀".repeat(40)),
        ),
      ),
      fc.boolean(),
    )
    .map(([over, whole]): Properties => {
      // The id of an account is public, and messages quote it.
      if (over.accountId === SECRET) delete over.accountId;
      return { ...(whole ? base : {}), ...over };
    });

async function fuzz<T>(
  what: string,
  arbitrary: fc.Arbitrary<T>,
  run: (value: T) => Promise<void>,
): Promise<void> {
  const numRuns = Math.ceil(INPUTS / 4);
  const seed = Number(process.env.CLEVERTAP_TEST_SEED ?? 6);
  await counted(`hostile inputs: ${what}`, (attempt) =>
    fc.assert(
      fc.asyncProperty(arbitrary, (value) => attempt(() => run(value))),
      { numRuns, seed },
    ),
  );
}

const HOUR = 3_600_000;

test(
  "configuration",
  async () => {
    const config = fc.dictionary(
      fc.constantFrom(
        "endpoint",
        "accountId",
        "passcode",
        "accounts",
        "previewProbe",
        "requestTimeout",
        "maxAttempts",
        "owner",
      ),
      fc.oneof(
        fc.string({ unit: "binary" }),
        fc.json(),
        fc.webUrl(),
        fc.constantFrom("https://x:y@z", "5", SECRET),
      ),
    );
    await fuzz(
      "configuration",
      fc.tuple(config, fc.option(fc.string(), { nil: undefined })),
      ([values, account]) =>
        attempt(() => {
          const own = (key: string) => (Object.hasOwn(values, key) ? values[key] : undefined);
          const found = readSettings(own, {}).account(account);
          createClient({ ...found, requestTimeout: 1, maxAttempts: 1 });
        }),
    );
  },
  HOUR,
);

describe.each([PROVIDER, INCOMING_URL])("$resource.name", (trial) => {
  const { resource, id, args, inputs, state, answer: good, refusal } = trial;

  test(
    "arguments",
    async () => {
      answer = { status: 200, type: "application/json", body: JSON.stringify(good) };
      await fuzz("arguments", almost(args), (news) =>
        attempt(async () => {
          const request = { news, urn: "urn:pulumi:dev::test::t::a", organization: "organization" };
          const { inputs, failures } = await resource.check(newContext(), request);
          failures.forEach(expectClear);
          // What passes can be checked again and stays what it is.
          if (failures.length > 0) return;
          const { __owner: _, ...again } = inputs;
          const known = Object.fromEntries(Object.entries(again).filter(([name]) => name in news));
          const second = await resource.check(newContext(), { ...request, olds: inputs, news: known });
          expect(second.failures).toEqual([]);
          expect(resource.isReplaced(newContext(), inputs, second.inputs)).toBe(false);
        }),
      );
    },
    HOUR,
  );

  test(
    "state",
    async () => {
      answer = { status: 200, type: "application/json", body: JSON.stringify(good) };
      // Through the host, which also speaks for what nobody foresaw: by its kind only, since its text may quote a value.
      jest.spyOn(console, "log").mockImplementation(() => {});
      const host = dynamicHost(resource.name);
      const config: Record<string, string> = {
        "clevertap:endpoint": "https://api.invalid",
        "clevertap:accountId": "A",
        "clevertap:passcode": `${SECRET}-pass`,
        // The host's own clock really waits.
        "clevertap:maxAttempts": "1",
      };
      const get = (key: string) => config[key];
      await host.configure?.({ config: { get, require: (key: string) => get(key) ?? "" } });
      const clear = async (run: () => Promise<unknown> | undefined) => {
        const error = await run()?.then(
          () => undefined,
          (e: unknown) => e,
        );
        if (error === undefined) return;
        expect((error as Error).message).toMatch(/\[[a-z-]+(, request [\w-]+)?\]$/);
        expect(`${(error as Error).message}${(error as Error).stack}`).not.toContain(SECRET);
      };
      await fuzz("state", almost(state), async (olds) => {
        await clear(() => host.diff?.(id, olds, inputs));
        await clear(() => host.read?.(id, olds));
        await clear(() => host.update?.(id, olds, inputs));
        await clear(() => host.delete?.(id, olds));
      });
    },
    HOUR,
  );

  test(
    "answers of the server",
    async () => {
      const body = fc.oneof(
        almost(refusal).map((v) => {
          try {
            return JSON.stringify({ ...v, items: [v] });
          } catch {
            return "{";
          }
        }),
        fc.json(),
        fc.string({ unit: "binary" }),
        fc.constantFrom(
          '{"__proto__":{"polluted":1},"items":[]}',
          `{"items":[{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}]}`,
          `{"status":"fail","error":"${SECRET} ${SECRET}-sid","code":400}`,
          "[".repeat(10_000),
        ),
      );
      const status = fc.constantFrom(200, 201, 204, 302, 400, 401, 404, 409, 412, 422, 429, 500, 504);
      const type = fc.constantFrom("application/json", "application/problem+json", "text/html", "");
      await fuzz("answers", fc.record({ status, type, body }), async (hostile) => {
        answer = hostile;
        await attempt(() => resource.create(newContext(), inputs));
        await attempt(() => resource.read(newContext(), id, state));
        // Without a state nothing is known of a secret that the API would have to break the contract to quote.
        if (!hostile.body.includes(SECRET)) await attempt(() => resource.read(newContext(), id, {}));
        await attempt(() => resource.update(newContext(), id, state, inputs));
        await attempt(() => resource.delete(newContext(), id, state));
      });
    },
    HOUR,
  );
});

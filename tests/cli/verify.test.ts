import { verifyCommand } from "../../cli/verify";
import { readNumberDetails } from "../../provider/kaleyra/number";
import { verifyFromHere } from "../../provider/resources/whatsapp-provider/probe";
import type { Inputs } from "../../provider/resources/whatsapp-provider/properties";
import { type Sandbox, startSandbox } from "../../sandbox";
import { withServer } from "../support/http-server";

let sandbox: Sandbox;
let printed: string[];

beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.close());

beforeEach(() => {
  printed = [];
  for (const name of ["log", "error"] as const) {
    jest.spyOn(console, name).mockImplementation((...parts: unknown[]) => void printed.push(parts.join(" ")));
  }
  Object.assign(process.env, {
    CLEVERTAP_WA_HTTP_ENDPOINT: sandbox.httpEndpoint,
    CLEVERTAP_WA_MOBILE_NUMBER: "919999999999",
    CLEVERTAP_WA_API_KEY: sandbox.kaleyra.apiKey,
    CLEVERTAP_WA_SID: sandbox.kaleyra.sid,
    CLEVERTAP_WA_KALEYRA_HOST: sandbox.kaleyraHost,
  });
});

afterEach(() => {
  jest.restoreAllMocks();
  for (const name of Object.keys(process.env)) if (name.startsWith("CLEVERTAP_WA_")) delete process.env[name];
  for (const secret of [sandbox.kaleyra.apiKey, sandbox.kaleyra.sid, "A00000000000000000000000000000000"]) {
    expect(printed.join("\n")).not.toContain(secret);
  }
});

/** Verdict by setting, as the table shows it. */
const verdicts = () =>
  Object.fromEntries(
    printed
      .map((line) => line.split(/ {2,}/))
      .filter(([, verdict]) => ["good", "refused", "can't tell"].includes(verdict ?? ""))
      .map(([setting, verdict]) => [setting, verdict]),
  );

test("all settings good: exit code 0", async () => {
  expect(await verifyCommand([])).toBe(0);
  expect(Object.values(verdicts())).toEqual(["good", "good", "good", "good", "good"]);
  expect(printed.join("\n")).toContain("IP allow-list");
});

test("a wrong key: exit code 1, with the settings at fault", async () => {
  process.env.CLEVERTAP_WA_API_KEY = "A00000000000000000000000000000000";
  expect(await verifyCommand([])).toBe(1);
  expect(verdicts()).toMatchObject({ httpEndpoint: "good", apiKey: "refused", sid: "refused" });
});

test("an unapproved number: exit code 1", async () => {
  process.env.CLEVERTAP_WA_MOBILE_NUMBER = "14155550199";
  expect(await verifyCommand([])).toBe(1);
  expect(verdicts()).toMatchObject({ httpEndpoint: "good", mobileNumber: "refused" });
});

test("an unknown host: exit code 1", async () => {
  process.env.CLEVERTAP_WA_KALEYRA_HOST = "api.nowhere.example";
  expect(await verifyCommand([])).toBe(1);
  expect(verdicts()).toMatchObject({ httpEndpoint: "good", kaleyraHost: "refused" });
});

test("an endpoint that does not answer within a second: exit code 1", async () => {
  await withServer(
    () => {},
    async (url) => {
      process.env.CLEVERTAP_WA_HTTP_ENDPOINT = url;
      expect(await verifyCommand([])).toBe(1);
      expect(verdicts()).toMatchObject({ httpEndpoint: "refused" });
      expect(printed.join("\n")).toContain("no answer within 1 s");
    },
  );
});

const SETTINGS = { mobileNumber: "919999999999", kaleyraHost: "api.kaleyra.io" };
const HINT = "Check that it is the address that Kaleyra's support handed out";

test.each([
  [
    "a web page",
    200,
    "<html>Welcome</html>",
    1,
    `HTTP 200: the answer is a web page, and only a success counts. ${HINT}`,
  ],
  ["no JSON", 200, "OK", 1, `HTTP 200: the answer is not JSON, and only a success counts. ${HINT}`],
  ["an empty body", 200, "", 1, `HTTP 200: the answer is empty, and only a success counts. ${HINT}`],
  ["204", 204, "", 1, `HTTP 204: the answer is empty, and only a success counts. ${HINT}`],
  ["another status", 200, '{"status":"queued"}', 1, `HTTP 200: the answer has no status "success". ${HINT}`],
  ["no object", 200, '["success"]', 1, `HTTP 200: the answer has no status "success". ${HINT}`],
  [
    "a refusal without a code",
    200,
    '{"status":"error","message":"Not now"}',
    1,
    `HTTP 200: Not now. ${HINT}`,
  ],
  ["a redirect", 302, "", 1, `HTTP 302: it sends elsewhere, which is not followed. ${HINT}`],
  ["an unknown path", 404, "<html>", 1, `HTTP 404. ${HINT}`],
  ["a failure", 503, "<html>", 2, "HTTP 503: try again later"],
  ["too much asked", 429, '{"message":"Too many"}', 2, "HTTP 429: Too many"],
])("%s is not good", async (_, status, body, code, reason) => {
  await withServer(
    (_, response) => response.writeHead(status).end(body),
    async (url) => {
      process.env.CLEVERTAP_WA_HTTP_ENDPOINT = url;
      process.env.CLEVERTAP_WA_KALEYRA_HOST = "api.kaleyra.io";
      expect(await verifyCommand([])).toBe(code);
      expect(verdicts()).toMatchObject({
        httpEndpoint: code === 1 ? "refused" : "can't tell",
        apiKey: "can't tell",
        mobileNumber: "can't tell",
      });
      const row = printed.find((line) => line.startsWith("httpEndpoint"));
      expect(row?.split(/ {2,}/).pop()).toBe(reason);
    },
  );
});

test("the documented text of a refusal counts also without its code", async () => {
  await withServer(
    (_, response) => response.end('{"status":"error","message":"Invalid Credentials"}'),
    async (url) => {
      process.env.CLEVERTAP_WA_HTTP_ENDPOINT = url;
      expect(await verifyCommand([])).toBe(1);
      expect(verdicts()).toMatchObject({ httpEndpoint: "good", apiKey: "refused", sid: "refused" });
    },
  );
});

test.each([
  ["an error in a 200", 200, { code: "E13001", message: "No", data: { a: 1 }, error: { a: "no" } }],
  ["an error as a text", 200, { code: "X", message: "No", data: { a: 1 }, error: "no" }],
  ["nothing of the number", 200, { code: "X", message: "Queued", data: {}, error: {} }],
  ["a web page", 200, "<html>"],
])("Kaleyra's API, %s: no verdict", async (_, status, answer) => {
  await withServer(
    (_, response) =>
      response.writeHead(status).end(typeof answer === "string" ? answer : JSON.stringify(answer)),
    async (url) => {
      const findings = await readNumberDetails({
        httpEndpoint: url,
        mobileNumber: "919999999999",
        apiKey: sandbox.kaleyra.apiKey,
        sid: sandbox.kaleyra.sid,
        kaleyraHost: url,
      });
      expect(findings).toMatchObject([{ setting: "mobileNumber", verdict: "unknown" }]);
    },
  );
});

test("at preview, a late answer is a time-out and any other failure a refusal", async () => {
  const inputs = { ...SETTINGS, sid: sandbox.kaleyra.sid, apiKey: sandbox.kaleyra.apiKey } as Inputs;
  const codes = async (httpEndpoint: string) =>
    (await verifyFromHere({ ...inputs, httpEndpoint })).map(({ code, property }) => [property, code]);
  await withServer(
    () => {},
    async (url) => expect(await codes(url)).toEqual([["httpEndpoint", "verification-timeout"]]),
  );
  const text = '{"status":"failure","error":{"message":"no answer within 1 s"}}';
  await withServer(
    (_, response) => response.end(text),
    async (url) => expect(await codes(url)).toEqual([["httpEndpoint", "verification-failed"]]),
  );
});

test("a setting of a wrong form: exit code 1 before any request; a missing one: 2", async () => {
  process.env.CLEVERTAP_WA_MOBILE_NUMBER = "+91 9999999999";
  expect(await verifyCommand([])).toBe(1);
  expect(printed.join("\n")).toContain("use 919999999999");
  delete process.env.CLEVERTAP_WA_SID;
  expect(await verifyCommand([])).toBe(2);
  expect(printed.join("\n")).toContain("sid: is missing (CLEVERTAP_WA_SID, or --resource NAME)");
});

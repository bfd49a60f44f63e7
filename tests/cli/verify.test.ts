import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { verifyCommand } from "../../cli/verify";
import { type Sandbox, startSandbox } from "../../sandbox";

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

async function withServer(listener: RequestListener, body: (url: string) => Promise<void>): Promise<void> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await new Promise((done) => server.once("listening", done));
  try {
    await body(`http://127.0.0.1:${(server.address() as AddressInfo).port}/x`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

test("everything good: 0", async () => {
  expect(await verifyCommand([])).toBe(0);
  expect(Object.values(verdicts())).toEqual(["good", "good", "good", "good", "good"]);
  expect(printed.join("\n")).toContain("IP allow-list");
});

test("a wrong key: 1, and it says which", async () => {
  process.env.CLEVERTAP_WA_API_KEY = "A00000000000000000000000000000000";
  expect(await verifyCommand([])).toBe(1);
  expect(verdicts()).toMatchObject({ httpEndpoint: "good", apiKey: "refused", sid: "refused" });
});

test("an unapproved number: 1", async () => {
  process.env.CLEVERTAP_WA_MOBILE_NUMBER = "14155550199";
  expect(await verifyCommand([])).toBe(1);
  expect(verdicts()).toMatchObject({ httpEndpoint: "good", mobileNumber: "refused" });
});

test("an unknown host: 1", async () => {
  process.env.CLEVERTAP_WA_KALEYRA_HOST = "api.nowhere.example";
  expect(await verifyCommand([])).toBe(1);
  expect(verdicts()).toMatchObject({ httpEndpoint: "good", kaleyraHost: "refused" });
});

test("an endpoint that does not answer within the second: 1", async () => {
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

test("an answer that says nothing: 2", async () => {
  await withServer(
    (_, response) => response.writeHead(503).end("<html>"),
    async (url) => {
      process.env.CLEVERTAP_WA_HTTP_ENDPOINT = url;
      process.env.CLEVERTAP_WA_KALEYRA_HOST = "api.kaleyra.io";
      expect(await verifyCommand([])).toBe(2);
    },
  );
});

test("a bad form is refused before anything is sent, a missing setting can't be told", async () => {
  process.env.CLEVERTAP_WA_MOBILE_NUMBER = "+91 9999999999";
  expect(await verifyCommand([])).toBe(1);
  expect(printed.join("\n")).toContain("use 919999999999");
  delete process.env.CLEVERTAP_WA_SID;
  expect(await verifyCommand([])).toBe(2);
  expect(printed.join("\n")).toContain("sid: is missing (CLEVERTAP_WA_SID, or --resource NAME)");
});

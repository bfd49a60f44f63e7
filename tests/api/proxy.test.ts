import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type ClientOptions, createClient } from "../../provider/api/client";
import { WhatsAppProviderError } from "../../provider/model/errors";
import { CANARY, expectNoCanary, failure, json, REQUEST, staged } from "./server";

const VARIABLES = ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "NO_PROXY", "no_proxy"];
const before = VARIABLES.map((name) => process.env[name]);

beforeEach(() => {
  for (const name of VARIABLES) delete process.env[name];
});
afterAll(() => {
  VARIABLES.forEach((name, i) => {
    if (before[i] === undefined) delete process.env[name];
    else process.env[name] = before[i];
  });
});

const options: ClientOptions = {
  endpoint: "https://api.example.invalid",
  accountId: "ACCT",
  passcode: CANARY.passcode,
  requestTimeout: 10,
  maxAttempts: 2,
};

test("https goes through a tunnel of the proxy, which sees no credential; a refused tunnel sent nothing", async () => {
  const asked: string[] = [];
  const proxy = createServer();
  proxy.on("connect", (request, socket) => {
    asked.push(`${request.url} ${JSON.stringify(request.headers)}`);
    socket.end("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  process.env.HTTPS_PROXY = `http://user:canary-proxy@127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  const api = createClient(options, { sleep: async () => {} });
  const error = await failure(api.create(REQUEST));
  expect(error).toMatchObject({ code: "unreachable", outcomeUnknown: false, afterLostAttempt: false });
  expect(error.what).toContain("proxy");
  expect(asked.length).toBe(2);
  expect(asked[0]).toContain("api.example.invalid:443");
  expectNoCanary(asked);
  await api.close();
  proxy.closeAllConnections();
  await new Promise((resolve) => proxy.close(resolve));
});

test("a proxy variable that is no URL is an error that does not quote it", async () => {
  process.env.HTTPS_PROXY = "canary not a URL";
  const error = await createClient(options)
    .defaults()
    .catch((e: unknown) => e);
  expect(WhatsAppProviderError.is(error) && error.code).toBe("invalid-configuration");
  expectNoCanary(error);
});

test("loopback never goes to a proxy", async () => {
  process.env.HTTP_PROXY = "http://127.0.0.1:1";
  await staged([json(200, { items: [] })], async ({ api }) => {
    expect(await api.list()).toEqual([]);
  });
});

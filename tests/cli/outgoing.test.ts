import { createServer as createHttpServer, type Server } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { resolve } from "node:path";
import { type Sandbox, startSandbox } from "../../sandbox";
import { type Run, runCommand, runNode } from "../support/command";
import { selfSigned } from "../support/self-signed";

/** Every request of a process: certificates are verified, and a request to this machine goes to no proxy. */

const OUTGOING = resolve(__dirname, "../../dist/server/post-json.js");

interface Addresses {
  readonly endpoint: string;
  readonly httpEndpoint: string;
  readonly kaleyraHost: string;
}

let sandbox: Sandbox;
let other: Server;
/** Requests that came to the server with the bad certificate, or to the proxy. */
let reached: string[];

beforeAll(async () => {
  sandbox = await startSandbox({ verificationLimitMs: 20_000 });
  sandbox.createProvider({ mobileNumber: "919999999999" });
});
afterAll(() => sandbox.close());
beforeEach(() => {
  reached = [];
});
afterEach(async () => {
  other.closeAllConnections();
  await new Promise((done) => other.close(done));
});

async function listening(server: Server): Promise<string> {
  other = server;
  server.on("request", (request, response) => {
    reached.push(`${request.method} ${request.url}`);
    response.setHeader("content-type", "application/json");
    response.end('{"status":"success","items":[]}');
  });
  server.on("connect", (request, socket) => {
    reached.push(`CONNECT ${request.url}`);
    socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** The senders: `verify` to the HTTP End Point and to Kaleyra, the client of the API, the sandbox. */
const SENDERS: Record<string, (at: Addresses, env: Record<string, string>) => Promise<Run>> = {
  verify: ({ httpEndpoint, kaleyraHost }, env) =>
    runCommand(["verify"], {
      ...env,
      CLEVERTAP_WA_HTTP_ENDPOINT: httpEndpoint,
      CLEVERTAP_WA_KALEYRA_HOST: kaleyraHost,
      CLEVERTAP_WA_MOBILE_NUMBER: "919999999999",
      CLEVERTAP_WA_API_KEY: sandbox.kaleyra.apiKey,
      CLEVERTAP_WA_SID: sandbox.kaleyra.sid,
    }),
  "the client": ({ endpoint }, env) =>
    runCommand(["import-file"], {
      ...env,
      CLEVERTAP_ENDPOINT: endpoint,
      CLEVERTAP_ACCOUNT_ID: sandbox.accounts[0]?.id,
      CLEVERTAP_PASSCODE: sandbox.accounts[0]?.passcode,
    }),
  "the sandbox's Save": async ({ httpEndpoint }, env) => {
    const call = `postJson(${JSON.stringify(httpEndpoint)}, {}, {}, 10_000)`;
    const script = `require(${JSON.stringify(OUTGOING)}).${call}.then(({ status }) => process.exit(status ? 0 : 1))`;
    return runNode(["-e", script], env);
  },
  campaign: ({ endpoint }, env) =>
    runCommand(["campaign", "--number", "919999999999", "--url", endpoint], env),
};

describe.each(Object.entries(SENDERS))("%s", (sender, send) => {
  test("accepts no self-signed certificate, whatever NODE_TLS_REJECT_UNAUTHORIZED says", async () => {
    const url = `https://${await listening(createHttpsServer(selfSigned()))}`;
    const at = { endpoint: url, httpEndpoint: `${url}/x`, kaleyraHost: url };
    const { code, output } = await send(at, { NODE_TLS_REJECT_UNAUTHORIZED: "0" });
    expect(reached).toEqual([]);
    expect(code).not.toBe(0);
    // The sandbox says only that there was no answer.
    if (sender !== "the sandbox's Save") expect(output).toContain("TLS certificate");
  });

  test("sends nothing for this machine to a proxy", async () => {
    const proxy = `http://${await listening(createHttpServer())}`;
    const variables = { HTTP_PROXY: proxy, HTTPS_PROXY: proxy, NODE_USE_ENV_PROXY: "1" };
    const { code, output } = await send(sandbox, variables);
    expect({ code, output, reached }).toMatchObject({ code: 0, reached: [] });
  });
});

test("https to this machine goes to no proxy either", async () => {
  const proxy = `http://${await listening(createHttpServer())}`;
  const at = { ...sandbox, httpEndpoint: "https://localhost:1/x", kaleyraHost: "https://[::1]:1" };
  const { code } = await (SENDERS.verify as NonNullable<typeof SENDERS.verify>)(at, { HTTPS_PROXY: proxy });
  expect({ code, reached }).toEqual({ code: 1, reached: [] });
});

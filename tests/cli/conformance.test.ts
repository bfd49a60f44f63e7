import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { main } from "../../cli/main";
import { startSandbox } from "../../sandbox";
import { ACCOUNT, withGateway } from "../gateway/support";

let printed: string[];

beforeEach(() => {
  printed = [];
  for (const name of ["log", "error"] as const)
    jest.spyOn(console, name).mockImplementation((...words: unknown[]) => {
      printed.push(String(words[0]));
    });
});
afterEach(() => {
  jest.restoreAllMocks();
  for (const name of ["CLEVERTAP_ACCOUNT_ID", "CLEVERTAP_PASSCODE", "CLEVERTAP_WA_MOBILE_NUMBER"])
    delete process.env[name];
});

const failures = () => printed.filter((line) => line.startsWith("failed"));

test.each([false, true])("the sandbox does what the contract says; worked by people: %s", async (manual) => {
  const sandbox = await startSandbox({ manual, verificationLimitMs: 20_000 });
  const code = await main(["conformance", "--url", `${sandbox.url}/`]);
  expect([failures(), code]).toEqual([[], 0]);
  expect(printed.at(-1)).toMatch(/^\n(\d+) of \1 checks passed\.$/);
  expect(sandbox.providers()).toEqual([]);
  await sandbox.close();
});

test("the gateway does what the contract says", () =>
  withGateway(async ({ url, list }) => {
    process.env.CLEVERTAP_ACCOUNT_ID = ACCOUNT.id;
    process.env.CLEVERTAP_PASSCODE = ACCOUNT.passcode;
    const code = await main(["conformance", "--url", url]);
    expect([failures(), code]).toEqual([[], 0]);
    expect((await list()).body.items).toEqual([]);
  }));

/** A proxy that spoils what comes from the sandbox. */
async function withSpoiled(spoil: (text: string, status: number) => { text: string; status: number }) {
  const sandbox = await startSandbox({ verificationLimitMs: 20_000 });
  const proxy = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { host, connection, "content-length": _, ...headers } = request.headers;
    const body = chunks.length > 0 ? Buffer.concat(chunks) : undefined;
    const sent = Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]);
    const answer = await fetch(sandbox.url + request.url, { method: request.method, headers: sent, body });
    const { text, status } = spoil(await answer.text(), answer.status);
    response.statusCode = status;
    for (const name of ["content-type", "etag", "location"])
      if (answer.headers.has(name)) response.setHeader(name, answer.headers.get(name) ?? "");
    response.end(text);
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  const { port } = proxy.address() as AddressInfo;
  const code = await main(["conformance", "--url", `http://127.0.0.1:${port}`]);
  proxy.close();
  proxy.closeAllConnections();
  await sandbox.close();
  return { code, failed: failures().join("\n") };
}

test.each<[string, (text: string, status: number) => { text: string; status: number }, string]>([
  [
    "412 as 409",
    (text, status) => ({ text, status: status === 412 ? 409 : status }),
    "wanted HTTP 412, got 409",
  ],
  [
    "no code",
    (text, status) => ({ text: text.replace('"code":"number-in-use"', '"x":1'), status }),
    "the code is not number-in-use",
  ],
  [
    "another revision",
    (text, status) => ({ text: text.replace('"revision":1', '"revision":9'), status }),
    "ETag is not the revision",
  ],
  [
    "a dry run that says nothing",
    (text, status) => ({ text: text.replace('{"valid":true}', "{}"), status }),
    "not {valid: true}",
  ],
])("a server that deviates is told: %s", async (_, spoil, words) => {
  const { code, failed } = await withSpoiled(spoil);
  expect(code).toBe(1);
  expect(failed).toContain(words);
});

test("2 where nothing answers, the passcode is wrong, or the number has a provider", async () => {
  expect(await main(["conformance", "--url", "http://127.0.0.1:1"])).toBe(2);
  expect(printed.join()).toContain("Nothing answers at http://127.0.0.1:1.");
  const sandbox = await startSandbox();
  process.env.CLEVERTAP_PASSCODE = "wrong";
  expect(await main(["conformance", "--url", sandbox.url])).toBe(2);
  delete process.env.CLEVERTAP_PASSCODE;
  sandbox.createProvider({ mobileNumber: "14155550142" });
  expect(await main(["conformance", "--url", sandbox.url])).toBe(2);
  expect(printed.join()).toContain("set CLEVERTAP_WA_MOBILE_NUMBER");
  expect(await main(["conformance"])).toBe(2);
  await sandbox.close();
});

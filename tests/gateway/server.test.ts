import { request } from "node:http";
import { request as httpsRequest } from "node:https";
import { openGateway } from "../../gateway/gateway";
import { startGateway } from "../../gateway/server";
import { selfSigned } from "../support/self-signed";
import { ACCOUNT, addCheapAccount, withFolder, withGateway } from "./support";

/** What is answered under a host name. */
function under(
  url: string,
  path: string,
  headers: Record<string, string>,
): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const open = url.startsWith("https") ? httpsRequest : request;
    open(url + path, { headers, rejectUnauthorized: false }, (answer) => {
      let body = "";
      answer.setEncoding("utf8").on("data", (text) => {
        body += text;
      });
      answer.on("end", () => resolve({ status: answer.statusCode ?? 0, body }));
    })
      .on("error", reject)
      .end();
  });
}

const CREDENTIALS = { "x-clevertap-account-id": ACCOUNT.id, "x-clevertap-passcode": ACCOUNT.passcode };
const DEFAULTS_PATH = "/v1/whatsapp/provider-defaults";

test("/healthz says that it is well, and nothing else, without credentials", () =>
  withGateway(async ({ url }) => {
    expect(await under(url, "/healthz", {})).toEqual({ status: 200, body: '{"status":"ok"}' });
  }));

test("on loopback another host name is refused, for the API too", () =>
  withGateway(async ({ url }) => {
    for (const path of ["/healthz", DEFAULTS_PATH, "/tasks"])
      for (const host of ["evil.example", "127.0.0.1.evil.example", "a b"])
        expect([path, host, (await under(url, path, { ...CREDENTIALS, host })).status]).toEqual([
          path,
          host,
          403,
        ]);
    for (const host of ["localhost:80", "127.0.0.1", "[::1]:1"])
      expect((await under(url, DEFAULTS_PATH, { ...CREDENTIALS, host })).status).toBe(200);
  }));

test("the address of a task is the one that the caller uses, or the public one", async () => {
  await withGateway(async ({ url, post, good }) => {
    expect((await post(good())).body.task.url).toBe(`${url}/tasks/1`);
  });
  const publicUrl = "https://gateway.example.com";
  await withGateway(
    async ({ post, good, published }) => {
      expect((await post(good())).body.task.url).toBe(`${publicUrl}/tasks/1`);
      expect(published).toBe(publicUrl);
    },
    { publicUrl: `${publicUrl}/` },
  );
});

describe("another address than loopback", () => {
  test("needs a certificate or a proxy", () =>
    withFolder(async (dataDir) => {
      await expect(startGateway({ dataDir, host: "0.0.0.0" })).rejects.toThrow(
        "passcodes would travel in clear",
      );
    }));

  test("behind a proxy: the names that it gives, https as it says; with a public URL only that name", () =>
    withFolder(async (dataDir) => {
      const proxied = async (publicUrl?: string) => {
        const running = await startGateway({ dataDir, host: "0.0.0.0", behindProxy: true, publicUrl });
        try {
          const port = new URL(running.localUrl).port;
          const ask = (forwarded: string) =>
            under(`http://127.0.0.1:${port}`, DEFAULTS_PATH, {
              ...CREDENTIALS,
              "x-forwarded-host": forwarded,
            });
          return [await ask("gateway.example.com"), await ask("evil.example")];
        } finally {
          await running.close();
        }
      };
      const gateway = openGateway({ dataDir });
      addCheapAccount(gateway);
      gateway.close();
      const [named, other] = await proxied();
      expect([named?.status, other?.status]).toEqual([503, 503]);
      expect(named?.body).toContain("https://gateway.example.com/accounts/TEST-000-001Z");
      const [known, unknown] = await proxied("https://gateway.example.com");
      expect([known?.status, unknown?.status]).toEqual([503, 403]);
    }));

  test("with a certificate it speaks https", () =>
    withFolder(async (dataDir) => {
      const running = await startGateway({ dataDir, host: "0.0.0.0", tls: selfSigned() });
      const { port } = new URL(running.localUrl);
      expect(running.url).toBe(`https://0.0.0.0:${port}`);
      expect((await under(`https://127.0.0.1:${port}`, "/healthz", {})).status).toBe(200);
      await running.close();
    }));
});

test("an answer that can't be made is a 500 without its cause, which the process prints", () =>
  withGateway(async ({ call, gateway }) => {
    const printed = jest.spyOn(console, "error").mockImplementation(() => {});
    gateway.database.run("DROP TABLE attested");
    const { status, body } = await call("GET", "/v1/whatsapp/providers");
    expect([status, body.code]).toEqual([500, "internal-error"]);
    expect(JSON.stringify(body)).not.toContain("attested");
    expect(printed).toHaveBeenCalled();
    printed.mockRestore();
  }));

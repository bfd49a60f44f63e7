import * as pulumi from "@pulumi/pulumi";
import { ReadResourceRequest, RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";
import { settings } from "./support/settings";

/** Users test their own programs with Pulumi's mocks: the class must work there, without a host. */
beforeAll(() =>
  pulumi.runtime.setMocks({
    newResource: (args) => ({
      id: `${args.name}-id`,
      state: { ...args.inputs, inboundMessageCallbackUrl: "https://example.com/in" },
    }),
    call: () => ({}),
  }),
);

const { KaleyraIncomingUrl, WhatsAppProvider } = require("../../provider") as typeof import("../../provider");

test("a program with mocks", async () => {
  const provider = new WhatsAppProvider("kaleyra", settings);
  const value = <T>(output: pulumi.Output<T>) => new Promise<T>((done) => output.apply(done));
  expect(await value(provider.id)).toBe("kaleyra-id");
  expect(await value(provider.inboundMessageCallbackUrl)).toBe("https://example.com/in");
  expect(await pulumi.isSecret(provider.apiKey)).toBe(true);
  expect(await pulumi.isSecret(provider.sid)).toBe(true);
  expect(await pulumi.isSecret(provider.nickname)).toBe(false);
});

test("an Incoming URL: key and SID are secret, what is misspelt too, and a get needs them", async () => {
  const { mobileNumber, apiKey, sid, kaleyraHost } = settings;
  const baseUrl = "https://example.com/incoming";
  const misspelt: object = { apikey: "canary" };
  const args = { mobileNumber, apiKey, sid, kaleyraHost, baseUrl, incomingUrlQuery: "q", ...misspelt };
  const url = new KaleyraIncomingUrl("incoming", args);
  const value = <T>(output: pulumi.Output<T>) => new Promise<T>((done) => output.apply(done));
  expect(await value(url.baseUrl)).toBe(baseUrl);
  for (const name of ["apiKey", "sid", "apikey"])
    expect([name, await pulumi.isSecret(Reflect.get(url, name))]).toEqual([name, true]);
  expect(await pulumi.isSecret(url.incomingUrlQuery)).toBe(false);
  const got = KaleyraIncomingUrl.get("got", mobileNumber, { apiKey, sid, kaleyraHost });
  expect(got).toBeInstanceOf(KaleyraIncomingUrl);
  expect(await value(got.kaleyraHost)).toBe(kaleyraHost);
  expect(() => new KaleyraIncomingUrl("imported", args, { import: mobileNumber })).toThrow(
    /can't be imported behind this door\. Leave the option out/,
  );
});

test("what a program throws while a resource is made keeps its stack", () => {
  const format = Error.prepareStackTrace;
  const thrown = (() => {
    const transformations = [
      () => {
        throw new Error("the program's own");
      },
    ];
    try {
      return new WhatsAppProvider("other", settings, { transformations });
    } catch (error) {
      return error;
    }
  })();
  expect((thrown as Error).stack).toMatch(/the program's own[\s\S]*mocks\.test\.ts[\s\S]*mocks\.test\.ts/);
  expect(Error.prepareStackTrace).toBe(format);
});

test("a resource is made where the program says so, and read where it gets it", async () => {
  const spies = [RegisterResourceRequest, ReadResourceRequest].map(({ prototype }) =>
    jest.spyOn(prototype, "setSourceposition"),
  );
  const made = new WhatsAppProvider("made", settings);
  const got = WhatsAppProvider.get("got", "p1");
  expect(got).toBeInstanceOf(WhatsAppProvider);
  await new Promise((done) => pulumi.all([made.urn, got.urn]).apply(done));
  const files = spies.map(({ mock }) => mock.calls[0]?.[0]?.getUri().split("/").pop());
  expect(files).toEqual(["mocks.test.ts", "mocks.test.ts"]);
});

import * as pulumi from "@pulumi/pulumi";

/** Users test their own programs with Pulumi's mocks: the class must work there, without a host. */
test("a program with mocks", async () => {
  await pulumi.runtime.setMocks({
    newResource: (args) => ({
      id: `${args.name}-id`,
      state: { ...args.inputs, inboundMessageCallbackUrl: "https://example.com/in" },
    }),
    call: () => ({}),
  });
  const { WhatsAppProvider } = require("../../provider") as typeof import("../../provider");
  const provider = new WhatsAppProvider("kaleyra", {
    nickname: "Kaleyra",
    mobileNumber: "919999999999",
    httpEndpoint: "https://example.com/whatsapp/message/clevertap",
    apiKey: "A0123456789abcdef0123456789abcdef",
    sid: "HXIN1234567890IN",
    kaleyraHost: "api.in.kaleyra.io",
  });
  const value = <T>(output: pulumi.Output<T>) => new Promise<T>((done) => output.apply(done));
  expect(await value(provider.id)).toBe("kaleyra-id");
  expect(await value(provider.inboundMessageCallbackUrl)).toBe("https://example.com/in");
  expect(await pulumi.isSecret(provider.apiKey)).toBe(true);
  expect(await pulumi.isSecret(provider.sid)).toBe(true);
  expect(await pulumi.isSecret(provider.nickname)).toBe(false);
});

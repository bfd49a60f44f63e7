import * as pulumi from "@pulumi/pulumi";
import { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";
import { Provider, type ProviderArgs } from "../../provider/plugin";

/** What an explicit instance of the plugin sends to the engine. */

beforeAll(() =>
  pulumi.runtime.setMocks({
    newResource: ({ name, inputs }) => ({ id: `${name}-id`, state: inputs }),
    call: () => ({}),
  }),
);

const SIGNATURE = "4dabf18193072939515e22adb298388d";

async function sent(args: ProviderArgs): Promise<Record<string, unknown>> {
  const spy = jest.spyOn(RegisterResourceRequest.prototype, "setObject");
  const { urn } = new Provider("mine", args);
  await new Promise((done) => urn.apply(done));
  const [[object] = []] = spy.mock.calls;
  spy.mockRestore();
  return object?.toJavaScript() as Record<string, unknown>;
}
const secret = (value: string) => expect.objectContaining({ [SIGNATURE]: expect.any(String), value });

test("values are texts, and what is secret in the table is secret", async () => {
  const account = { accountId: "A", passcode: pulumi.secret("p"), formerEndpoint: "https://old.example.com" };
  expect(
    await sent({
      endpoint: "https://example.com",
      passcode: "p",
      accounts: { emea: account },
      requestTimeout: pulumi.output(2.5),
      maxAttempts: 3,
      owner: undefined,
    }),
  ).toEqual({
    endpoint: "https://example.com",
    passcode: secret("p"),
    accounts: secret(
      JSON.stringify({ emea: { accountId: "A", passcode: "p", formerEndpoint: "https://old.example.com" } }),
    ),
    requestTimeout: "2.5",
    maxAttempts: "3",
  });
});

test("an argument that does not exist may be a misspelt passcode: it is secret", async () => {
  const misspelt: object = { pascode: "canary" };
  expect(await sent(misspelt)).toEqual({ pascode: secret("canary") });
});

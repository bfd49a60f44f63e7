import * as pulumi from "@pulumi/pulumi";
import { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";
import { KaleyraIncomingUrl } from "../../provider";
import { provider } from "../../provider/hosts/dynamic";
import { settings } from "./support/settings";

/** The dynamic door's host gets no secrets: the engine keeps an output for one where the input of its name is. */

beforeAll(() =>
  pulumi.runtime.setMocks({
    newResource: ({ name, inputs }) => ({ id: `${name}-id`, state: inputs }),
    call: () => ({}),
  }),
);

const { mobileNumber, apiKey, sid, kaleyraHost } = settings;
const args = {
  mobileNumber,
  apiKey,
  sid,
  kaleyraHost,
  baseUrl: "https://example.com/incoming",
  incomingUrlQuery: "inbound_message_callback_url=https://example.com/in&payload_version=0.1",
};

async function sent(over: object): Promise<Record<string, unknown>> {
  const spy = jest.spyOn(RegisterResourceRequest.prototype, "setObject");
  const { urn } = new KaleyraIncomingUrl("incoming", { ...args, ...over });
  await new Promise((done) => urn.apply(done));
  const [[object] = []] = spy.mock.calls;
  spy.mockRestore();
  return object?.toJavaScript() as Record<string, unknown>;
}
const secret = (value: string) => expect.objectContaining({ value });

test("what is made of a secret goes as an empty secret, all else as an empty text", async () => {
  expect((await sent({})).incomingUrl).toBe("");
  expect((await sent({ baseUrl: pulumi.secret(args.baseUrl) })).incomingUrl).toEqual(secret(""));
  expect((await sent({ incomingUrlQuery: pulumi.secret("q") })).incomingUrl).toEqual(secret(""));
});

test("the host takes it off again, and refuses what a program says itself", async () => {
  const host = provider("KaleyraIncomingUrl");
  const __hints = { urn: "urn:pulumi:dev::test::pulumi-nodejs:dynamic/clevertap:KaleyraIncomingUrl::a" };
  const check = async (incomingUrl: string) => {
    const { inputs, failures = [] } = (await host.check?.({}, { ...args, incomingUrl, __hints })) ?? {};
    return { url: inputs?.incomingUrl, reasons: failures.map(({ reason }) => reason) };
  };
  const url = `${args.baseUrl}?${args.incomingUrlQuery}`;
  expect(await check("")).toEqual({ url, reasons: [] });
  const { reasons } = await check("https://example.com/mine");
  expect(reasons).toEqual(["incomingUrl: is computed. Remove it [unknown-argument]"]);
});

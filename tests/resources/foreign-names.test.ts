import { readSettings } from "../../provider/configuration/settings";
import { type Context, createContext } from "../../provider/resources/context";
import { check } from "../../provider/resources/whatsapp-provider/check";
import { create } from "../../provider/resources/whatsapp-provider/create";
import { remove } from "../../provider/resources/whatsapp-provider/delete";
import { previewCreate } from "../../provider/resources/whatsapp-provider/preview";
import { read } from "../../provider/resources/whatsapp-provider/read";
import { update } from "../../provider/resources/whatsapp-provider/update";
import { type Sandbox, startSandbox } from "../../sandbox";
import { goodArguments, goodConfig } from "../support/arguments";

/** Names that somebody else chose: a terminal must not obey them, and an object must not mistake them for its own. */

const NICKNAME = "By\u009b2J hand\u202e";
const MARK = "acme/shop/dev/by%1B[2J\u009b1m\u2066#0123456789ab";
const NUMBER = "919999999999";

type Inputs = Parameters<typeof create>[1] & Parameters<typeof previewCreate>[1];

let sandbox: Sandbox;
let lines: string[];

beforeAll(async () => {
  sandbox = await startSandbox({ verificationLimitMs: 20_000 });
});
afterAll(() => sandbox.close());
beforeEach(() => {
  sandbox.reset();
  lines = [];
});

function context(): Context {
  const config: Record<string, string> = goodConfig(sandbox);
  return createContext(
    readSettings((key) => config[key], {}),
    { log: (line) => lines.push(line) },
  );
}

async function checked(over: object = {}) {
  const urn = "urn:pulumi:dev::shop::clevertap:index:WhatsAppProvider::kaleyra";
  const request = { news: goodArguments(sandbox, over), urn, organization: "acme" };
  return (await check(context(), request)).inputs as Inputs;
}

const made = async (over: object = {}) => create(context(), await checked(over));

/** Adds the message of a failure to the lines. */
async function failed(run: Promise<unknown>): Promise<void> {
  const error = await run.then(
    () => new Error("nothing was thrown"),
    (reason: unknown) => reason,
  );
  lines.push((error as Error).message);
}

const SITUATIONS: Record<string, () => Promise<unknown>> = {
  async "a number that is held"() {
    sandbox.createProvider({ nickname: NICKNAME, mobileNumber: NUMBER, externalReference: MARK });
    await failed(create(context(), await checked()));
  },
  async "a take-over"() {
    sandbox.createProvider({ nickname: NICKNAME, mobileNumber: NUMBER, externalReference: MARK });
    expect(await previewCreate(context(), await checked({ adoptExisting: MARK }))).toEqual([]);
  },
  async "a refresh of what was taken over"() {
    const { id, state } = await made();
    sandbox.patchProvider(id, { externalReference: MARK });
    await read(context(), id, state);
  },
  async "an update of what was taken over"() {
    const { id, state } = await made();
    sandbox.patchProvider(id, { externalReference: MARK });
    const changed = await checked({ nickname: "Changed" });
    await failed(update(context(), id, state, changed));
  },
  async "a delete of what was taken over"() {
    const { id, state } = await made();
    sandbox.patchProvider(id, { externalReference: MARK });
    await remove(context(), id, state);
  },
};

test.each(Object.entries(SITUATIONS))("%s: nothing in the message moves the cursor", async (_, run) => {
  await run();
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/By\\u009b2J hand\\u202e|\\u009b1m\\u2066#0123456789ab/);
  expect(lines[0]).not.toMatch(/[\p{Cc}\p{Cf}]/u);
});

test("a header with the name of a member of every object comes into state as a text", async () => {
  const { id, state } = await made({ headers: { "x-team": "blue" } });
  sandbox.patchProvider(id, { headers: { constructor: "red" } });
  const found = await read(context(), id, state);
  expect(found?.state.headers).toEqual({ "x-team": "blue", constructor: "" });
});

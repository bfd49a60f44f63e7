import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { readProvider } from "../../provider/api/answers";
import { properties } from "../../provider/resources/whatsapp-provider/properties";
import { type Sandbox, startSandbox } from "../../sandbox";
import { PROVIDER } from "../api/server";
import { Driver } from "../reliability/driver";
import { clientOf } from "../sandbox/client";
import { goodArguments, goodConfig } from "../support/arguments";

/**
 * A made-up optional property `priority`, 1 to 9: an entry in the provider's table and one in the contract's. It is checked,
 * sent, kept, read, compared, told and documented without a word anywhere else.
 */

const DOC = "How urgent its messages are: 1 to 9.";

jest.mock("../../contract/members", () => {
  const actual = jest.requireActual("../../contract/members");
  const isIn = (value: unknown) => typeof value === "number" && value >= 1 && value <= 9;
  actual.MEMBERS.priority = {
    type: "number",
    fault: (value: unknown) => (value === undefined || isIn(value) ? undefined : "must be 1 to 9"),
  };
  // An entry without a standard leaves an empty one.
  actual.STANDARDS.priority = undefined;
  return actual;
});

jest.mock("../../provider/resources/whatsapp-provider/properties", () => {
  const actual = jest.requireActual("../../provider/resources/whatsapp-provider/properties");
  const { integer } = jest.requireActual("../../provider/model/kind");
  const { argument, propertiesOf, member } = jest.requireActual("../../provider/model/property");
  const doc = "How urgent its messages are: 1 to 9.";
  const table = {
    ...actual.properties,
    priority: argument(integer(1, 9), member("priority"), { doc }),
  };
  const ARGUMENTS = propertiesOf(table, "argument");
  return {
    properties: table,
    ARGUMENTS,
    EARLY: propertiesOf(table, "early"),
    OUTPUTS: propertiesOf(table, "output"),
    SECRETS: ARGUMENTS.filter((p: { secret?: true }) => p.secret).map((p: { name: string }) => p.name),
  };
});

let sandbox: Sandbox;
let driver: Driver;

beforeAll(async () => {
  sandbox = await startSandbox({ verificationLimitMs: 20_000 });
});
afterAll(() => sandbox.close());
beforeEach(() => {
  sandbox.reset();
  driver = new Driver(goodConfig(sandbox));
});

const program = (over: object = {}) => ({ kaleyra: goodArguments(sandbox, over) });
const up = (over: object = {}) => driver.up(program(over));
const done = (steps: number) => ({ steps, lines: [] });
const onServer = () => Reflect.get(sandbox.providers()[0] ?? {}, "priority");
const inState = () => Reflect.get(driver.live[0]?.state ?? {}, "priority");

test("it is checked: by the provider, with its name and the reason, and by the server", async () => {
  for (const priority of [0, 10, 1.5, "3", true]) {
    const { error, steps } = await up({ priority });
    expect([error?.code, steps]).toEqual(["invalid-input", 0]);
    expect(error?.message).toContain("priority: must be a whole number from 1 to 9");
  }
  expect(sandbox.requests()).toEqual([]);
  const { post, good } = clientOf(sandbox);
  const { body } = await post(good({ priority: 10 }), { valid: false });
  expect(body.errors).toEqual([{ pointer: "/priority", code: "invalid", message: "must be 1 to 9" }]);
});

test("it is sent, kept, and read back into state", async () => {
  expect(await up({ priority: 3 })).toEqual(done(1));
  expect([onServer(), inState()]).toEqual([3, 3]);
  await driver.refresh();
  expect(inState()).toBe(3);
  await driver.import("imported", driver.live[0]?.id ?? "");
  expect(driver.live[1]?.inputs).toMatchObject({ priority: 3 });
});

test("a change of it is a difference, and leaving it out takes it away", async () => {
  await up({ priority: 3 });
  expect(await up({ priority: 3 })).toEqual(done(0));
  expect(await up({ priority: 4 })).toEqual(done(1));
  expect([onServer(), inState()]).toEqual([4, 4]);
  expect(await up()).toEqual(done(1));
  expect([onServer(), inState()]).toEqual([undefined, undefined]);
});

test("an edit by hand shows as drift, and up repairs it", async () => {
  await up({ priority: 3 });
  const { id } = driver.live[0] as { id: string };
  sandbox.patchProvider(id, { priority: 9 } as object);
  const { error } = await driver.preview(program({ priority: 4 }));
  expect(error?.message).toContain("was changed elsewhere (revision 1 to 2): priority.");
  await driver.refresh();
  expect(inState()).toBe(9);
  expect(await up({ priority: 3 })).toEqual(done(1));
  expect(onServer()).toBe(3);
});

test.each([
  [7, "priority (2 → 7)"],
  [undefined, "priority (2 → none)"],
])("an adoption with %p names it", async (priority, words) => {
  sandbox.createProvider({ mobileNumber: "919999999999", priority: 2 } as never);
  const { lines, error } = await driver.preview(program({ priority, adoptExisting: true }));
  expect(error).toBeUndefined();
  expect(lines.join()).toContain(words);
  expect(await up({ priority, adoptExisting: true })).toMatchObject({ steps: 1 });
  expect(onServer()).toBe(priority);
});

test("of an answer, a wrong type is refused by name, null is absent, and what no table knows is dropped", () => {
  expect(() => readProvider({ ...PROVIDER, priority: "canary" })).toThrow(
    "member priority is missing or has a wrong type",
  );
  expect(Reflect.get(readProvider({ ...PROVIDER, priority: null }), "priority")).toBeUndefined();
  expect(Reflect.get(readProvider({ ...PROVIDER, priority: 12 }), "priority")).toBe(12);
  expect(readProvider({ ...PROVIDER, urgency: 1 })).not.toHaveProperty("urgency");
});

test("it is in the reference, the schema and the types", () => {
  // The generators are modules of another kind than this test: they run in a process of their own.
  const script = `
    import { reference } from "./docs.mjs";
    import { packageSchema } from "./schema.mjs";
    import { generatedTypes } from "./types.mjs";
    const properties = JSON.parse(process.env.TABLE);
    console.log(JSON.stringify({
      reference: reference([{ name: "WhatsAppProvider", properties }]),
      schema: await packageSchema({ WhatsAppProvider: properties }),
      types: generatedTypes({ WhatsAppProvider: properties }),
    }));`;
  const output = execFileSync(process.execPath, ["--input-type=module", "--eval", script], {
    cwd: join(__dirname, "../../tools/generate"),
    env: { ...process.env, TABLE: JSON.stringify(properties) },
    encoding: "utf8",
  });
  const { reference, schema, types } = JSON.parse(output);
  expect(reference).toContain(`| \`priority\` | integer | optional | ${DOC} |`);
  const documented = { type: "integer", description: DOC };
  const resource = schema.resources["clevertap:index:WhatsAppProvider"];
  expect(resource.inputProperties.priority).toEqual(documented);
  expect(resource.properties.priority).toEqual(documented);
  expect(resource.requiredInputs).not.toContain("priority");
  const { outputs } = schema.functions["clevertap:index:getWhatsAppProvider"];
  expect(outputs.properties.priority).toEqual(documented);
  expect(outputs.required).not.toContain("priority");
  expect(types).toContain(`  /** ${DOC} */\n  priority?: pulumi.Input<number>;`);
  expect(types).toContain(`  /** ${DOC} */\n  readonly priority: pulumi.Output<number | undefined>;`);
  expect(types).toContain(`  /** ${DOC} */\n  priority?: number;`);
});

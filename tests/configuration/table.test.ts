import type * as ConfigurationTable from "../../provider/configuration/table";
import { evaluateModule, toolUrl } from "../tools/module";

/** A made-up key in a copy of the table: everything that speaks of the configuration follows from the entry. */

const retryBudget = {
  name: "retryBudget",
  kind: "integer",
  environment: "CLEVERTAP_RETRY_BUDGET",
  range: [2, 9],
  unit: "retries",
  default: 3,
  doc: "Retries per run.",
} as const;
const region = {
  name: "region",
  kind: "token",
  required: true,
  inAccounts: "own",
  isPlace: true,
  doc: "Region of the account.",
  example: "<REGION>",
} as const;
const ticket = { name: "ticket", kind: "text", secret: true, inAccounts: "own", doc: "A ticket." } as const;

jest.mock("../../provider/configuration/table", () => {
  const { KEYS } = jest.requireActual<typeof ConfigurationTable>("../../provider/configuration/table");
  return { KEYS: [...KEYS, retryBudget, region, ticket] };
});

import { plainPasscodes } from "../../provider/configuration/plain-passcodes";
import { readSettings } from "../../provider/configuration/settings";
import { KEYS } from "../../provider/configuration/table";
import { unknownKeyWarnings } from "../../provider/configuration/unknown-keys";
import { checkInstance, diffConfig, SECRET_ARGUMENTS } from "../../provider/hosts/plugin/instance";

const GOOD = { endpoint: "https://example.com", accountId: "A", passcode: "p", region: "in1" };
const read = (values: Record<string, string>, environment: Record<string, string> = {}) =>
  readSettings((name) => values[name], environment);

test("it is read: from the configuration, from its environment variable, from its default", () => {
  expect(read({ retryBudget: "4" }, { CLEVERTAP_RETRY_BUDGET: "5" })).toMatchObject({ retryBudget: 4 });
  expect(read({}, { CLEVERTAP_RETRY_BUDGET: "5" })).toMatchObject({ retryBudget: 5 });
  expect(read({})).toMatchObject({ retryBudget: 3 });
  expect(read(GOOD).account()).toMatchObject({ region: "in1" });
  const accounts = JSON.stringify({ emea: { accountId: "B", passcode: "q", region: "eu1", ticket: "t" } });
  expect(read({ ...GOOD, accounts }).account("emea")).toMatchObject({ region: "eu1", ticket: "t" });
});

test("it is checked, with the line that sets it", () => {
  expect(() => read({ retryBudget: "1" })).toThrow(
    "clevertap:retryBudget must be 2 to 9 retries. Run `pulumi config set clevertap:retryBudget 3` [invalid-configuration]",
  );
  const accounts = JSON.stringify({ emea: { accountId: "B", passcode: "q" } });
  expect(() => read({ ...GOOD, accounts }).account("emea")).toThrow(
    "clevertap:accounts.<name>.region is not set. Run `pulumi config set --path clevertap:accounts.<name>.region <REGION>` [missing-configuration]",
  );
  expect(() => read({ accounts: "{" }).account("emea")).toThrow(
    "must be a map of names to {endpoint, accountId, passcode, region}",
  );
});

test("a misspelt one is named, in the stack and in an entry of the accounts", () => {
  expect(unknownKeyWarnings({ retryBudgte: "4", accounts: { emea: { regoin: "eu1" } } })).toEqual([
    "clevertap:retryBudgte is not a known key and counts for nothing. Did you mean retryBudget?",
    "clevertap:accounts.emea.regoin is not a known key and counts for nothing. Did you mean region?",
  ]);
  expect(unknownKeyWarnings({ retryBudget: "4", accounts: { emea: { region: "eu1" } } })).toEqual([]);
});

test("a secret one is missed where it is in clear, and secret in an instance", () => {
  const values: Record<string, string> = { passcode: "p", accounts: '{"emea":{"ticket":"t"}}', ticket: "t" };
  expect(
    plainPasscodes(
      (name) => values[name],
      (name) => name === "passcode",
    ),
  ).toEqual(["clevertap:accounts", "clevertap:ticket"]);
  expect(SECRET_ARGUMENTS).toEqual(["passcode", "accounts", "ticket"]);
});

test("it is an argument of an explicit instance, and one that says where resources are replaces it", () => {
  expect(checkInstance({ ...GOOD, retryBudget: "4" })).toEqual([]);
  expect(checkInstance({ ...GOOD, retryBudget: "1" }).map(({ message }) => message)).toEqual([
    "retryBudget must be 2 to 9 retries. Correct the argument of the Provider [invalid-configuration]",
  ]);
  const urn = "urn:pulumi:dev::test::pulumi:providers:clevertap::mine";
  expect(diffConfig(urn, GOOD, { ...GOOD, region: "eu1", retryBudget: "4" })).toEqual({
    changed: ["retryBudget", "region"],
    replaces: ["region"],
  });
});

test("it is documented: in the arguments of Provider, the schema and the README", async () => {
  const documents = await evaluateModule<{
    args: string;
    schema: { variables: object; inputProperties: object; properties: object; types: object };
    table: string;
  }>(`
    import { configurationSchema, configurationTable, providerArguments } from ${JSON.stringify(toolUrl("generate/configuration.mjs"))};
    const keys = ${JSON.stringify(KEYS)};
    console.log(JSON.stringify({
      args: providerArguments(keys), schema: configurationSchema(keys), table: configurationTable(keys),
    }));`);
  const text = "Retries per run: 2 to 9. Default: 3.";
  expect(documents.args).toContain(`  /** ${text} */\n  retryBudget?: pulumi.Input<number>;\n`);
  expect(documents.args.split("interface AccountArgs")[1]).toContain("  region: pulumi.Input<string>;\n");
  const property = { type: "integer", description: text };
  const defaultInfo = { environment: ["CLEVERTAP_RETRY_BUDGET"] };
  expect(documents.schema).toMatchObject({
    variables: { retryBudget: { ...property, defaultInfo }, ticket: { secret: true } },
    inputProperties: { retryBudget: { ...property, defaultInfo }, ticket: { secret: true } },
    properties: { retryBudget: property },
    types: {
      "clevertap:index:Account": {
        properties: { region: { type: "string" }, ticket: { secret: true } },
        required: ["accountId", "passcode", "region"],
      },
    },
  });
  expect(documents.table).toContain(`| \`clevertap:retryBudget\` | \`CLEVERTAP_RETRY_BUDGET\` | ${text} |`);
  expect(documents.table).toContain("`pulumi config set --secret clevertap:ticket`");
});

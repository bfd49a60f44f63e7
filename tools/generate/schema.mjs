/**
 * Writes plugin/schema.json, the package's description for the engine and for every language, from the tables of properties.
 * `node tools/generate/schema.mjs --check` only says whether the file is what it would write.
 */
import { readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { repository } from "../paths.mjs";
import { configurationSchema } from "./configuration.mjs";
import { isFound, isSure } from "./look-up.mjs";

const target = join(repository, "plugin", "schema.json");
const tokenOf = (name) => `clevertap:index:${name}`;

const TYPES = {
  string: { type: "string" },
  boolean: { type: "boolean" },
  integer: { type: "integer" },
  "map of string": { type: "object", additionalProperties: { type: "string" } },
  "boolean or string": { oneOf: [{ type: "boolean" }, { type: "string" }] },
};

/** What the schema says of each resource beside its properties. */
const DESCRIPTIONS = {
  WhatsAppProvider: `A WhatsApp provider in CleverTap (Settings > Channels > WhatsApp) for a number served by Kaleyra.

{{% examples %}}
## Example Usage
{{% example %}}
\`\`\`yaml
resources:
  kaleyra:
    type: clevertap:WhatsAppProvider
    properties:
      nickname: Kaleyra India
      mobileNumber: "919999999999"
      httpEndpoint: https://example.com/whatsapp/message/clevertap
      apiKey: \${apiKey}
      sid: \${sid}
      kaleyraHost: https://api.in.kaleyra.io/
outputs:
  inboundMessageCallbackUrl: \${kaleyra.inboundMessageCallbackUrl}
\`\`\`
\`\`\`typescript
import * as pulumi from "@pulumi/pulumi";
import { WhatsAppProvider } from "pulumi-clevertap-whatsapp/plugin";

const config = new pulumi.Config();
const kaleyra = new WhatsAppProvider("kaleyra", {
  nickname: "Kaleyra India",
  mobileNumber: "919999999999",
  httpEndpoint: "https://example.com/whatsapp/message/clevertap",
  apiKey: config.requireSecret("apiKey"),
  sid: config.requireSecret("sid"),
  kaleyraHost: "https://api.in.kaleyra.io/",
});
export const inboundMessageCallbackUrl = kaleyra.inboundMessageCallbackUrl;
\`\`\`
{{% /example %}}
{{% /examples %}}

## Import
\`\`\`sh
pulumi import clevertap:index:WhatsAppProvider kaleyra <id>
\`\`\`
For a provider of an entry of \`clevertap:accounts\` the id is \`<name>/<id>\`. The API shows no secret: the imported program holds
a placeholder such as \`<set apiKey>\` for each, and preview names those that are left to set.`,
  KaleyraIncomingUrl: `The Incoming URL of a WhatsApp number at Kaleyra: where Kaleyra sends what users write, the last step of CleverTap's guide.
Never tried on a live account of Kaleyra.

{{% examples %}}
## Example Usage
{{% example %}}
\`\`\`yaml
resources:
  incoming:
    type: clevertap:KaleyraIncomingUrl
    properties:
      mobileNumber: \${kaleyra.mobileNumber}
      kaleyraHost: https://api.in.kaleyra.io/
      apiKey: \${apiKey}
      sid: \${sid}
      baseUrl: https://example.com/whatsapp_incoming
      incomingUrlQuery: \${kaleyra.incomingUrlQuery}
\`\`\`
\`\`\`typescript
import { KaleyraIncomingUrl } from "pulumi-clevertap-whatsapp/plugin";

new KaleyraIncomingUrl("incoming", {
  mobileNumber: kaleyra.mobileNumber,
  kaleyraHost: "https://api.in.kaleyra.io/",
  apiKey: config.requireSecret("apiKey"),
  sid: config.requireSecret("sid"),
  baseUrl: "https://example.com/whatsapp_incoming",
  incomingUrlQuery: kaleyra.incomingUrlQuery,
});
\`\`\`
{{% /example %}}
{{% /examples %}}

## Import
It can't be imported, since Kaleyra answers nobody without a key. Declare it: a create sets the URL of a number that has one as well.`,
};

const property = (field) => ({
  ...TYPES[field.kind.name],
  description: field.example ? `${field.doc}\n\nExample: \`${field.example}\`.` : field.doc,
  ...(field.secret && { secret: true }),
  ...(field.replaces && { willReplaceOnChanges: true }),
});

const properties = (fields) => Object.fromEntries(fields.map((field) => [field.name, property(field)]));

/** What the functions find: name, type and meaning. */
const found = (fields) => ({
  ...properties(fields.map(({ replaces, ...field }) => field)),
  headerNames: {
    type: "array",
    items: { type: "string" },
    description: "Names of the header pairs beside Kaleyra's five.",
  },
});

const require = createRequire(import.meta.url);
const built = (name) => require(join(repository, "dist/provider", name));
const { propertiesOf } = built("model/property.js");
const { KEYS } = built("configuration/table.js");
const { RESOURCES } = built("resources/index.js");
const TABLES = Object.fromEntries(RESOURCES.map(({ name, properties }) => [name, properties]));

function resource(name, table) {
  const inputs = propertiesOf(table, "argument");
  const outputs = propertiesOf(table, "early", "output");
  const required = inputs.filter((field) => field.required).map((field) => field.name);
  const sure = outputs.filter((field) => !field.mayBeAbsent).map((field) => field.name);
  return {
    description: DESCRIPTIONS[name],
    inputProperties: properties(inputs),
    requiredInputs: required,
    properties: properties([...inputs, ...outputs].map(({ replaces, ...field }) => field)),
    required: [...required, ...sure],
  };
}

/** The schema as a value. @param tables of properties, by the name of the resource */
export async function packageSchema(tables = TABLES) {
  const OUTPUTS = propertiesOf(tables.WhatsAppProvider, "early", "output");
  const lookedUp = propertiesOf(tables.WhatsAppProvider, "argument", "early", "output").filter(
    ({ name, ...field }) => isFound(name, field),
  );
  const configuration = configurationSchema(KEYS);
  const { version, description, keywords, license, homepage, ...own } = JSON.parse(
    await readFile(join(repository, "package.json"), "utf8"),
  );
  const source = own.repository.url.replace(/^git\+|\.git$/g, "");
  const publisher = new URL(source).pathname.split("/")[1];
  const urls = [
    "inboundMessageCallbackUrl",
    "deliveryReportCallbackUrl",
    "payloadVersion",
    "incomingUrlQuery",
  ];
  const account = {
    account: {
      type: "string",
      description: "Entry of `clevertap:accounts`. Left out: the account of `clevertap:accountId`.",
    },
  };
  return {
    name: "clevertap",
    displayName: "CleverTap WhatsApp",
    version,
    description,
    keywords: [...keywords.filter((word) => word !== "dynamic-provider"), "kind/native", "category/utility"],
    license,
    publisher,
    homepage,
    repository: source,
    logoUrl: `${source.replace("//github.com/", "//raw.githubusercontent.com/")}/main/plugin/logo.svg`,
    meta: { moduleFormat: "(.*)" },
    config: { variables: configuration.variables },
    provider: {
      description:
        "An account of its own for the resources that get it. Another endpoint or account replaces it, another passcode does not.",
      inputProperties: configuration.inputProperties,
      properties: configuration.properties,
    },
    types: configuration.types,
    resources: Object.fromEntries(
      Object.entries(tables).map(([name, table]) => [tokenOf(name), resource(name, table)]),
    ),
    functions: {
      "clevertap:index:getWhatsAppProvider": {
        description: "Finds the provider of a number, whoever made it. Not found is an error.",
        inputs: {
          properties: {
            mobileNumber: { type: "string", description: "The number, digits only with the country code." },
            ...account,
          },
          required: ["mobileNumber"],
        },
        outputs: {
          properties: {
            id: { type: "string", description: "The provider's id at CleverTap." },
            ...found(lookedUp),
          },
          required: ["id", "headerNames", ...lookedUp.filter(isSure).map(({ name }) => name)],
        },
      },
      "clevertap:index:getProviderDefaults": {
        description:
          "What CleverTap's dashboard shows before Save: callback URLs and payload version of an account.",
        inputs: { properties: account },
        outputs: {
          properties: properties(OUTPUTS.filter(({ name }) => [...urls, "accountId"].includes(name))),
          required: [...urls, "accountId"],
        },
      },
    },
    language: {
      python: { packageName: "pulumi_clevertap", respectSchemaVersion: true },
    },
  };
}

if (process.argv[1] === import.meta.filename) {
  const text = `${JSON.stringify(await packageSchema(), undefined, 2)}\n`;
  if (!process.argv.includes("--check")) {
    await writeFile(target, text);
    // The engine keeps a copy beside the plugin folder, and looks only at the executable's age.
    await rm(join(repository, "schema-clevertap.json"), { force: true });
  } else if ((await readFile(target, "utf8").catch(() => "")) !== text) {
    console.error("plugin/schema.json is not up to date: run node tools/generate/schema.mjs");
    process.exitCode = 1;
  }
}

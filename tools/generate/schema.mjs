/**
 * Writes plugin/schema.json, the package's description for the engine and for every language, from the table of properties.
 * `node tools/generate/schema.mjs --check` only says whether the file is what it would write.
 */
import { readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { repository } from "../paths.mjs";
import { isFound, isSure } from "./look-up.mjs";

const target = join(repository, "plugin", "schema.json");
const TOKEN = "clevertap:index:WhatsAppProvider";

const TYPES = {
  string: { type: "string" },
  boolean: { type: "boolean" },
  integer: { type: "integer" },
  "map of string": { type: "object", additionalProperties: { type: "string" } },
  "boolean or string": { oneOf: [{ type: "boolean" }, { type: "string" }] },
};

const EXAMPLE = `{{% examples %}}
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
{{% /examples %}}`;

const IMPORT = `## Import
\`\`\`sh
pulumi import clevertap:index:WhatsAppProvider kaleyra <id>
\`\`\`
For a provider of an entry of \`clevertap:accounts\` the id is \`<name>/<id>\`. The API shows no secret: the imported program holds
a placeholder such as \`<set apiKey>\` for each, and preview names those that are left to set.`;

const property = (field) => ({
  ...TYPES[field.kind.name],
  description: field.example ? `${field.doc}\n\nExample: \`${field.example}\`.` : field.doc,
  ...(field.secret && { secret: true }),
  ...(field.replaces && { willReplaceOnChanges: true }),
});

const properties = (fields) => Object.fromEntries(fields.map((field) => [field.name, property(field)]));

const ACCOUNT = {
  type: "object",
  additionalProperties: { $ref: "#/types/clevertap:index:Account" },
};

const CONFIG = {
  endpoint: {
    type: "string",
    description:
      "Base URL of the provider API: https, or http on loopback. CleverTap publishes no such API: this names a server of the project's contract.",
    defaultInfo: { environment: ["CLEVERTAP_ENDPOINT"] },
  },
  accountId: {
    type: "string",
    description: "CleverTap account.",
    defaultInfo: { environment: ["CLEVERTAP_ACCOUNT_ID"] },
  },
  passcode: {
    type: "string",
    secret: true,
    description: "Passcode of the account. Set it with `pulumi config set --secret`.",
    defaultInfo: { environment: ["CLEVERTAP_PASSCODE"] },
  },
  accounts: {
    ...ACCOUNT,
    secret: true,
    description: "Further accounts by name, for the argument `account`.",
  },
  previewProbe: {
    $ref: "#/types/clevertap:index:PreviewProbe",
    description: "When the dry run goes out at preview: `each`, `once` or `off`. Default: `each`.",
  },
  probeFrom: {
    $ref: "#/types/clevertap:index:ProbeFrom",
    description: "Who sends the verification message at preview: `api` or `here`. Default: `api`.",
  },
  requestTimeout: { type: "number", description: "Seconds per attempt, 1 to 600. Default: 10." },
  maxAttempts: {
    type: "integer",
    description: "Attempts per call, 1 to 20, the first included. Default: 5.",
  },
  owner: {
    type: "string",
    description: "Prefix of the owner's mark, for equal stacks on different backends.",
  },
  formerEndpoint: {
    type: "string",
    description:
      "The earlier endpoint of an API that has moved: nothing is replaced, and the next `up` records the new one.",
  },
};

const enumeration = (description, values) => ({
  type: "string",
  description,
  enum: Object.entries(values).map(([value, meaning]) => ({
    name: value[0].toUpperCase() + value.slice(1),
    value,
    description: meaning,
  })),
});

const ENUMERATIONS = {
  "clevertap:index:PreviewProbe": enumeration("When the dry run goes out at preview.", {
    each: "For every new or changed provider.",
    once: "Once for each distinct endpoint and credentials.",
    off: "Never.",
  }),
  "clevertap:index:ProbeFrom": enumeration("Who sends the verification message at preview.", {
    api: "The server, by its dry run.",
    here: "This machine, straight to the HTTP End Point.",
  }),
};

const withoutDefaults = Object.fromEntries(
  Object.entries(CONFIG).map(([name, { defaultInfo, ...rest }]) => [name, rest]),
);

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
const { listed } = built("model/property.js");
const { properties: TABLE } = built("resources/whatsapp-provider/properties.js");

/** The schema as a value. @param table of properties */
export async function packageSchema(table = TABLE) {
  const INPUTS = listed(table, "argument");
  const OUTPUTS = listed(table, "early", "output");
  const lookedUp = [...INPUTS, ...OUTPUTS].filter(({ name, ...field }) => isFound(name, field));
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
  const required = INPUTS.filter((field) => field.required).map(({ name }) => name);
  const outputs = OUTPUTS.filter(({ name }) => name !== "externalReference").map(({ name }) => name);
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
    config: { variables: CONFIG },
    provider: {
      description:
        "An account of its own for the resources that get it. Another endpoint or account replaces it, another passcode does not.",
      inputProperties: CONFIG,
      properties: withoutDefaults,
    },
    types: {
      ...ENUMERATIONS,
      "clevertap:index:Account": {
        type: "object",
        description: "An account at the provider API.",
        properties: {
          endpoint: { type: "string", description: "Base URL. Default: the endpoint of the configuration." },
          accountId: { type: "string", description: "CleverTap account." },
          passcode: { type: "string", secret: true, description: "Passcode of the account." },
        },
        required: ["accountId", "passcode"],
      },
    },
    resources: {
      [TOKEN]: {
        description: `A WhatsApp provider in CleverTap (Settings > Channels > WhatsApp) for a number served by Kaleyra.\n\n${EXAMPLE}\n\n${IMPORT}`,
        inputProperties: properties(INPUTS),
        requiredInputs: required,
        properties: properties([...INPUTS, ...OUTPUTS].map(({ replaces, ...field }) => field)),
        required: [...required, ...outputs],
      },
    },
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
          required: [
            "id",
            "headerNames",
            ...lookedUp.filter((field) => isSure(field.name, field)).map(({ name }) => name),
          ],
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

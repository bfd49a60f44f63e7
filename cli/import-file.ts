import { parseArgs } from "node:util";
import type { Provider } from "../provider/api/types";
import { WhatsAppProviderError } from "../provider/errors";
import { createContext } from "../provider/lifecycle/context";
import { extraHeaderNames, headerValue } from "../provider/lifecycle/wire";
import { placeholderFor } from "../provider/placeholder";
import { type ConfigReader, readSettings } from "../provider/settings";
import { type Named, named } from "./names";
import { configOfStack, PulumiFailed, providersOfStack } from "./selected-stack";

export const IMPORT_FILE_HELP = `Usage: pulumi-clevertap-whatsapp import-file [--account NAME] [--stack STACK] [--code typescript]

Lists the account and prints an import file of what is not in the stack yet, for the plugin's resources:
  npx pulumi-clevertap-whatsapp import-file > import.json
  pulumi import --file import.json --generate-code=false
  npx pulumi-clevertap-whatsapp import-file --code typescript >> index.ts   (before the import)
With --code typescript it prints the program for them instead: each secret is read from the configuration;
what is not set there yet holds a placeholder, which preview names and up refuses.
The account is the selected stack's clevertap: configuration (--account: an entry of clevertap:accounts), or where no
stack is selected, CLEVERTAP_ENDPOINT, CLEVERTAP_ACCOUNT_ID and CLEVERTAP_PASSCODE. Exit code: 0, or 2 can't tell.`;

const TYPE = "clevertap:index:WhatsAppProvider";

/** `import-file`. @returns the exit code */
export async function importFileCommand(argv: string[]): Promise<number> {
  const { values } = parseArgs({
    args: argv,
    options: {
      account: { type: "string" },
      stack: { type: "string" },
      code: { type: "string" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) {
    console.log(IMPORT_FILE_HELP);
    return 0;
  }
  if (values.code !== undefined && values.code !== "typescript") {
    console.error(`--code knows typescript only; for YAML, \`pulumi import\` writes the program itself`);
    return 2;
  }
  try {
    const found = named(await listed(values.account, values.stack));
    console.error(`${found.length} to import`);
    console.log(
      values.code
        ? program(found, values.account)
        : JSON.stringify(importFile(found, values.account), undefined, 2),
    );
    return 0;
  } catch (error) {
    if (!(error instanceof PulumiFailed) && !WhatsAppProviderError.is(error)) throw error;
    console.error(error.message);
    return 2;
  }
}

/** What the account has and the stack has not. */
async function listed(account: string | undefined, stack: string | undefined): Promise<Provider[]> {
  const { config, known } = await selected(stack);
  const { api } = createContext(readSettings(config), { log: (line) => console.error(line) }).session(
    account,
  );
  try {
    return (await api.list()).filter(({ id }) => !known.has(id));
  } finally {
    await api.close();
  }
}

async function selected(
  stack: string | undefined,
): Promise<{ config: ConfigReader; known: Set<string | undefined> }> {
  try {
    const config = await configOfStack(stack);
    return { config, known: new Set((await providersOfStack(stack)).map(({ id }) => id)) };
  } catch (error) {
    const { CLEVERTAP_ENDPOINT, CLEVERTAP_ACCOUNT_ID, CLEVERTAP_PASSCODE } = process.env;
    const isComplete = CLEVERTAP_ENDPOINT && CLEVERTAP_ACCOUNT_ID && CLEVERTAP_PASSCODE;
    if (!(error instanceof PulumiFailed) || !isComplete || stack !== undefined) throw error;
    return { config: () => undefined, known: new Set() };
  }
}

/** The file that `pulumi import --file` takes. */
export function importFile(found: readonly Named[], account?: string) {
  return {
    resources: found.map(({ name, provider }) => ({
      type: TYPE,
      name,
      id: account === undefined ? provider.id : `${account}/${provider.id}`,
    })),
  };
}

/** The program for them in TypeScript. */
export function program(found: readonly Named[], account?: string): string {
  const head = [
    `import * as pulumi from "@pulumi/pulumi";`,
    `import { WhatsAppProvider } from "pulumi-clevertap-whatsapp/plugin";`,
    "",
    "const config = new pulumi.Config();",
  ];
  return [...head, ...found.flatMap((one) => ["", ...resource(one, account)])].join("\n");
}

function resource({ name, variable, keys, provider }: Named, account: string | undefined): string[] {
  // A placeholder stands in for what is not set yet, so that one preview names every secret that is left.
  const read = (property: string) =>
    `config.getSecret(${JSON.stringify(keys.get(property))}) ?? ${JSON.stringify(placeholderFor(property))}`;
  const args: [string, unknown][] = [
    ["nickname", provider.nickname],
    ["mobileNumber", provider.mobileNumber],
    ["httpEndpoint", provider.httpEndpoint],
  ];
  const lines = args.map(([key, value]) => `  ${key}: ${JSON.stringify(value)},`);
  lines.push(`  apiKey: ${read("apiKey")},`, `  sid: ${read("sid")},`);
  lines.push(`  kaleyraHost: ${JSON.stringify(headerValue(provider, "kaleyra-host") ?? "")},`);
  const headers = extraHeaderNames(provider);
  if (headers.length > 0) {
    const pairs = headers.map((header) => `${JSON.stringify(header)}: ${read(`headers.${header}`)}`);
    lines.push(`  headers: { ${pairs.join(", ")} },`);
  }
  if (provider.autoReplyUntracked) lines.push("  autoReplyUntracked: true,");
  if (provider.maxConcurrentRequests !== undefined) {
    lines.push(`  maxConcurrentRequests: ${provider.maxConcurrentRequests},`);
  }
  if (account !== undefined) lines.push(`  account: ${JSON.stringify(account)},`);
  return [
    ...[...keys.values()].map((key) => `// pulumi config set --secret ${key}`),
    `const ${variable} = new WhatsAppProvider(${JSON.stringify(name)}, {`,
    ...lines,
    "});",
  ];
}

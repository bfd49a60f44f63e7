import type { Provider } from "../provider/api/types";
import { WhatsAppProviderError } from "../provider/errors";
import { createContext } from "../provider/lifecycle/context";
import { extraHeaderNames, headerValue } from "../provider/lifecycle/wire";
import { placeholderFor } from "../provider/placeholder";
import { type ConfigReader, readSettings } from "../provider/settings";
import { command } from "./command";
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

/** `import-file`. */
export const importFileCommand = command({
  help: IMPORT_FILE_HELP,
  options: { account: { type: "string" }, stack: { type: "string" }, code: { type: "string" } },
  failed: 2,
  run: listAndPrint,
});

async function listAndPrint(values: { account?: string; stack?: string; code?: string }) {
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

/** A provider and what it is called in the program. */
export interface Named {
  readonly name: string;
  readonly variable: string;
  readonly provider: Provider;
}

/** Names from the nicknames, each once, the same whatever the order of the listing. */
export function named(providers: readonly Provider[]): Named[] {
  const sorted = [...providers].sort((a, b) => (a.mobileNumber < b.mobileNumber ? -1 : 1));
  const slugs = sorted.map((p) => slug(p.nickname) || "whatsapp");
  const variables = new Set(["config", "pulumi"]);
  return sorted.map((provider, i) => {
    const own = slugs[i] as string;
    const isShared = slugs.some(
      (other, j) => j !== i && (other === own || `${other}-${sorted[j]?.mobileNumber}` === own),
    );
    const name = isShared ? `${own}-${provider.mobileNumber}` : own;
    let variable = camel(name);
    while (variables.has(variable) || RESERVED.test(variable)) variable += "_";
    variables.add(variable);
    return { name, variable, provider };
  });
}

const RESERVED =
  /^(await|break|case|catch|class|const|continue|debugger|default|delete|do|else|enum|export|extends|false|finally|for|function|if|implements|import|in|instanceof|interface|let|new|null|package|private|protected|public|return|static|super|switch|this|throw|true|try|typeof|var|void|while|with|yield|undefined|WhatsAppProvider)$/;

function slug(nickname: string): string {
  const ascii = nickname.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  return ascii.replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "");
}

function camel(name: string): string {
  const joined = name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
  return /^\d/.test(joined) ? `n${joined}` : joined;
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

function resource({ name, variable, provider }: Named, account: string | undefined): string[] {
  const secrets: string[] = [];
  // A placeholder stands in for what is not set yet, so that one preview names every secret that is left.
  const read = (what: string, property: string): string => {
    const key = `${variable}${what}`;
    secrets.push(key);
    return `config.getSecret(${JSON.stringify(key)}) ?? ${JSON.stringify(placeholderFor(property))}`;
  };
  const args: [string, unknown][] = [
    ["nickname", provider.nickname],
    ["mobileNumber", provider.mobileNumber],
    ["httpEndpoint", provider.httpEndpoint],
  ];
  const lines = args.map(([key, value]) => `  ${key}: ${JSON.stringify(value)},`);
  lines.push(`  apiKey: ${read("ApiKey", "apiKey")},`, `  sid: ${read("Sid", "sid")},`);
  lines.push(`  kaleyraHost: ${JSON.stringify(headerValue(provider, "kaleyra-host") ?? "")},`);
  const headers = extraHeaderNames(provider);
  if (headers.length > 0) {
    const pairs = headers.map(
      (header) => `${JSON.stringify(header)}: ${read(pascal(header), `headers.${header}`)}`,
    );
    lines.push(`  headers: { ${pairs.join(", ")} },`);
  }
  if (provider.autoReplyUntracked) lines.push("  autoReplyUntracked: true,");
  if (provider.maxConcurrentRequests !== undefined) {
    lines.push(`  maxConcurrentRequests: ${provider.maxConcurrentRequests},`);
  }
  if (account !== undefined) lines.push(`  account: ${JSON.stringify(account)},`);
  return [
    ...secrets.map((key) => `// pulumi config set --secret ${key}`),
    `const ${variable} = new WhatsAppProvider(${JSON.stringify(name)}, {`,
    ...lines,
    "});",
  ];
}

function pascal(header: string): string {
  return `Header${header.replace(/(^|[^a-z0-9]+)([a-z0-9]?)/gi, (_, __, letter: string) => letter.toUpperCase())}`;
}

import { parseArgs } from "node:util";
import type { Provider } from "../provider/api/types";
import { WhatsAppProviderError } from "../provider/errors";
import { createContext } from "../provider/lifecycle/context";
import { isInScope, readMark, type Scope } from "../provider/lifecycle/mark";
import { extraHeaderNames, headerValue } from "../provider/lifecycle/wire";
import { placeholderFor } from "../provider/placeholder";
import { type ConfigReader, readSettings } from "../provider/settings";
import {
  configOfStack,
  exportState,
  idsOfOtherStacks,
  PulumiFailed,
  providersIn,
  type StackName,
  scopesOf,
  stackName,
} from "./selected-stack";

export const IMPORT_FILE_HELP = `Usage: pulumi-clevertap-whatsapp import-file [--account NAME] [--stack STACK] [--code typescript]

Lists the account and prints an import file of what nobody manages yet, for the plugin's resources:
  npx pulumi-clevertap-whatsapp import-file > import.json
  pulumi import --file import.json --generate-code=false
  npx pulumi-clevertap-whatsapp import-file --code typescript >> index.ts   (before the import)
With --code typescript it prints the program for them instead: each secret is read from the configuration;
what is not set there yet holds a placeholder, which preview names and up refuses.
What carries an owner's mark is left out and listed. Where it is this stack's own mark and no state of the backend
names it (a lost state), it is written with adoptExisting, which the first up needs. All is written protected.
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
    const { free, own, others } = await listed(values.account, values.stack);
    const found = named([...free, ...own]);
    const notes = [...own.map(adoptedLine), ...others.map(leftOutLine)];
    console.error([`${found.length} to import`, ...notes].join("\n"));
    console.log(
      values.code
        ? program(found, values.account, notes)
        : JSON.stringify(importFile(found, values.account), undefined, 2),
    );
    return 0;
  } catch (error) {
    if (!(error instanceof PulumiFailed) && !WhatsAppProviderError.is(error)) throw error;
    console.error(error.message);
    return 2;
  }
}

/** What the account has and the stack has not, by whose it is. */
interface Listed {
  /** Without a mark. */
  readonly free: readonly Provider[];
  /** With this stack's mark, and in no state: a state was lost. */
  readonly own: readonly Provider[];
  readonly others: readonly Provider[];
}

async function listed(account: string | undefined, stack: string | undefined): Promise<Listed> {
  const { config, known, scopes, name } = await selected(stack);
  const { api } = createContext(readSettings(config), { log: (line) => console.error(line) }).session(
    account,
  );
  try {
    const found = (await api.list()).filter(({ id }) => !known.has(id));
    const marked = found.filter((p) => p.externalReference !== undefined);
    const elsewhere = marked.length > 0 && name ? await idsOfOtherStacks(name) : new Map();
    const isOwn = ({ id, externalReference }: Provider) => {
      const mark = readMark(externalReference);
      return mark !== undefined && !elsewhere.has(id) && scopes.some((scope) => isInScope(mark, scope));
    };
    return {
      free: found.filter((p) => p.externalReference === undefined),
      own: marked.filter(isOwn),
      others: marked.filter((p) => !isOwn(p)),
    };
  } finally {
    await api.close();
  }
}

function leftOutLine({ id, mobileNumber, externalReference }: Provider): string {
  return `left out: ${id}, number ${mobileNumber}, which carries the mark ${JSON.stringify(externalReference)}`;
}

/** A state on another backend may have the same names: that one can't be searched. */
function adoptedLine({ id, mobileNumber, externalReference }: Provider): string {
  return `with this stack's own mark: ${id}, number ${mobileNumber}, mark ${JSON.stringify(externalReference)}: make sure that no state on another backend names it`;
}

/** What the selected stack says; without one, nothing but the environment. */
interface Selected {
  readonly config: ConfigReader;
  readonly known: ReadonlySet<string | undefined>;
  readonly scopes: readonly Scope[];
  readonly name?: StackName;
}

async function selected(stack: string | undefined): Promise<Selected> {
  try {
    const name = await stackName(stack);
    const config = await configOfStack(stack);
    const known = new Set(providersIn(await exportState(stack)).map(({ id }) => id));
    return { config, known, scopes: scopesOf(name, [config("owner")]), name };
  } catch (error) {
    const { CLEVERTAP_ENDPOINT, CLEVERTAP_ACCOUNT_ID, CLEVERTAP_PASSCODE } = process.env;
    const isComplete = CLEVERTAP_ENDPOINT && CLEVERTAP_ACCOUNT_ID && CLEVERTAP_PASSCODE;
    if (!(error instanceof PulumiFailed) || !isComplete || stack !== undefined) throw error;
    return { config: () => undefined, known: new Set(), scopes: [] };
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

/** The program for them in TypeScript. @param notes to end it with, as comments */
export function program(found: readonly Named[], account?: string, notes: readonly string[] = []): string {
  const head = [
    `import * as pulumi from "@pulumi/pulumi";`,
    `import { WhatsAppProvider } from "pulumi-clevertap-whatsapp/plugin";`,
    "",
    "const config = new pulumi.Config();",
  ];
  const comments = notes.map((note) => `// ${note}`);
  return [
    ...head,
    ...found.flatMap((one) => ["", ...resource(one, account)]),
    ...(comments.length > 0 ? ["", ...comments] : []),
  ].join("\n");
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
  if (provider.externalReference !== undefined) {
    lines.push(`  adoptExisting: ${JSON.stringify(provider.externalReference)},`);
  }
  if (account !== undefined) lines.push(`  account: ${JSON.stringify(account)},`);
  return [
    ...secrets.map((key) => `// pulumi config set --secret ${key}`),
    `const ${variable} = new WhatsAppProvider(${JSON.stringify(name)}, {`,
    ...lines,
    "}, { protect: true });",
  ];
}

function pascal(header: string): string {
  return `Header${header.replace(/(^|[^a-z0-9]+)([a-z0-9]?)/gi, (_, __, letter: string) => letter.toUpperCase())}`;
}

import type { Provider } from "../contract/types";
import { type ConfigReader, readSettings } from "../provider/configuration/settings";
import { placeholderFor } from "../provider/model/placeholder";
import { quoted, visible } from "../provider/model/text";
import { typesOf } from "../provider/program/tokens";
import { createContext } from "../provider/resources/context";
import { extraHeaderNames, valueIn } from "../provider/resources/whatsapp-provider/conversion";
import { isInScope, readMark, type Scope } from "../provider/resources/whatsapp-provider/mark";
import { ARGUMENTS } from "../provider/resources/whatsapp-provider/properties";
import { command, UsageError } from "./command";
import { type Named, named } from "./names";
import { PulumiFailed } from "./pulumi";
import { configOfStack, exportState, idsOfOtherStacks, type StackName, scopesOf, stackName } from "./stacks";
import { providersIn } from "./state";

const HELP = `Usage: pulumi-clevertap-whatsapp import-file [--account NAME] [--stack STACK] [--code typescript]

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

/** `import-file`. */
export const importFileCommand = command({
  help: HELP,
  options: { account: { type: "string" }, stack: { type: "string" }, code: { type: "string" } },
  failed: 2,
  async run({ account, stack, code }) {
    if (code !== undefined && code !== "typescript")
      throw new UsageError(
        "--code knows typescript only; for YAML, `pulumi import` writes the program itself.",
      );
    const { free, own, others } = await listed(account, stack);
    const found = named([...free, ...own]);
    const notes = [...own.map(adoptedLine), ...others.map(leftOutLine)];
    console.error([`${found.length} to import`, ...notes].join("\n"));
    const file = () => JSON.stringify(importFile(found, account), undefined, 2);
    console.log(code ? program(found, account, notes) : file());
    return 0;
  },
});

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
    // What is to go, since a stack was destroyed, is not to come back by an import.
    const found = (await api.list()).filter(({ id, status }) => !known.has(id) && status !== "deleting");
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
  return `left out: ${visible(id)}, number ${visible(mobileNumber)}, which carries the mark ${quoted(externalReference ?? "")}`;
}

/** A state on another backend may have the same names: that one can't be searched. */
function adoptedLine({ id, mobileNumber, externalReference }: Provider): string {
  return `with this stack's own mark: ${visible(id)}, number ${visible(mobileNumber)}, mark ${quoted(externalReference ?? "")}: make sure that no state on another backend names it`;
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

/** The file that `pulumi import --file` takes. */
export function importFile(providers: readonly Named[], account?: string) {
  return {
    resources: providers.map(({ name, provider }) => ({
      type: typesOf("WhatsAppProvider").plugin,
      name,
      id: account === undefined ? provider.id : `${account}/${provider.id}`,
    })),
  };
}

/** The program for them in TypeScript. @param notes to end it with, as comments */
export function program(
  providers: readonly Named[],
  account?: string,
  notes: readonly string[] = [],
): string {
  const head = [
    `import * as pulumi from "@pulumi/pulumi";`,
    `import { WhatsAppProvider } from "pulumi-clevertap-whatsapp/plugin";`,
    "",
    "const config = new pulumi.Config();",
  ];
  const comments = notes.map((note) => `// ${note}`);
  return [
    ...head,
    ...providers.flatMap((one) => ["", ...resource(one, account)]),
    ...(comments.length > 0 ? ["", ...comments] : []),
  ].join("\n");
}

function resource({ name, variable, keys, provider }: Named, account: string | undefined): string[] {
  // A placeholder stands in for what is not set yet, so that one preview names every secret that is left.
  const read = (property: string) =>
    `config.getSecret(${JSON.stringify(keys.get(property))}) ?? ${JSON.stringify(placeholderFor(property))}`;
  const values: Record<string, unknown> = { adoptExisting: provider.externalReference, account };
  const lines = ARGUMENTS.flatMap((p) => {
    if (p.otherHeaders) {
      const names = extraHeaderNames(provider);
      const pairs = names.map((header) => `${JSON.stringify(header)}: ${read(`${p.name}.${header}`)}`);
      return pairs.length > 0 ? [`  ${p.name}: { ${pairs.join(", ")} },`] : [];
    }
    if (p.secret) return [`  ${p.name}: ${read(p.name)},`];
    const value =
      values[p.name] ?? (p.writeOnly ? undefined : valueIn(provider, p)) ?? (p.required ? "" : p.default);
    return value === undefined || value === p.default ? [] : [`  ${p.name}: ${JSON.stringify(value)},`];
  });
  return [
    ...[...keys.values()].map((key) => `// pulumi config set --secret ${key}`),
    `const ${variable} = new WhatsAppProvider(${JSON.stringify(name)}, {`,
    ...lines,
    "}, { protect: true });",
  ];
}

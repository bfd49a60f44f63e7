import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Provider } from "../provider/api/types";
import { WhatsAppProviderError } from "../provider/errors";
import { createContext, type Session } from "../provider/lifecycle/context";
import { ownerOfMark } from "../provider/lifecycle/owner";
import { readSettings } from "../provider/settings";
import { command } from "./command";
import { configOfStack, nameOfStack, PulumiFailed, providersOfStack } from "./selected-stack";
import { printTable } from "./table";

export const ORPHANS_HELP = `Usage: pulumi-clevertap-whatsapp orphans [--stack STACK] [--remove ID]... [--remove-all]

Lists the providers that carry this stack's mark and are not in its state: what a killed create left behind when its
resource was then removed from the program. Nothing is removed unless told. Run it in the project's folder, while no
update of the stack is running. Exit code: 0 none left, 1 some left or a removal failed, 2 can't tell.`;

/** `orphans`. */
export const orphansCommand = command({
  help: ORPHANS_HELP,
  options: {
    stack: { type: "string" },
    remove: { type: "string", multiple: true },
    "remove-all": { type: "boolean" },
  },
  failed: 2,
  run: orphans,
});

async function orphans(values: { stack?: string; remove?: string[]; "remove-all"?: boolean }) {
  try {
    const { stack, remove = [], "remove-all": removeAll = false } = values;
    const found = await findOrphans(stack);
    if (found.length === 0) {
      console.log("No orphans: every provider with this stack's mark is in its state.");
      return 0;
    }
    printTable(
      ["account", "id", "number", "nickname", "mark"],
      found.map(({ session, provider: p }) => [
        session.account.accountId,
        p.id,
        p.mobileNumber,
        p.nickname,
        p.externalReference ?? "",
      ]),
    );
    const chosen = found.filter(({ provider }) => removeAll || remove.includes(provider.id));
    for (const { session, provider } of chosen) {
      await session.api.delete(provider.id, provider.revision);
      console.log(`removed ${provider.id}`);
    }
    const unknown = remove.filter((id) => !found.some(({ provider }) => provider.id === id));
    if (unknown.length > 0) console.error(`not an orphan of this stack, left alone: ${unknown.join(", ")}`);
    if (chosen.length === 0) console.log("\nTo remove one: --remove ID; all of them: --remove-all");
    return chosen.length === found.length && unknown.length === 0 ? 0 : 1;
  } catch (error) {
    if (!(error instanceof PulumiFailed) && !WhatsAppProviderError.is(error)) throw error;
    console.error(error.message);
    return 2;
  }
}

interface Orphan {
  readonly session: Session;
  readonly provider: Provider;
}

async function findOrphans(stack?: string): Promise<Orphan[]> {
  const config = await configOfStack(stack);
  const inState = new Set((await providersOfStack(stack)).map(({ id }) => id));
  // The last part of a fully qualified name; the part before, if any, is the organization.
  const name = (await nameOfStack(stack)).split("/").pop();
  const scope = `urn:pulumi:${name}::${projectName()}::`;
  const settings = readSettings(config);
  const context = createContext(settings, { log: (line) => console.error(line) });
  const orphans: Orphan[] = [];
  for (const account of accountNames(config)) {
    const session = context.session(account);
    for (const provider of await session.listing()) {
      const owner = ownerOfMark(provider.externalReference);
      const prefix = settings.owner ? `${settings.owner}/` : "";
      const isOurs =
        owner?.startsWith(prefix) &&
        owner.slice(prefix.length).split("/").slice(1).join("/").startsWith(scope);
      if (isOurs && !inState.has(provider.id)) orphans.push({ session, provider });
    }
  }
  return orphans;
}

function accountNames(config: (key: string) => string | undefined): (string | undefined)[] {
  const names: (string | undefined)[] = Object.keys(JSON.parse(config("accounts") ?? "{}"));
  return config("accountId") || process.env.CLEVERTAP_ACCOUNT_ID ? [undefined, ...names] : names;
}

/** Name of the project in this folder or above, as the engine finds it. */
function projectName(folder = process.cwd()): string {
  for (const file of ["Pulumi.yaml", "Pulumi.yml"]) {
    try {
      const name = readFileSync(join(folder, file), "utf8").match(/^name:\s*["']?([\w.-]+)/m)?.[1];
      if (name) return name;
    } catch {
      // Not here.
    }
  }
  const above = dirname(folder);
  if (above === folder) throw new PulumiFailed("there is no Pulumi.yaml here or above");
  return projectName(above);
}

import type { Provider } from "../contract/types";
import { accountNames, type ConfigReader, readSettings } from "../provider/configuration/settings";
import { isDefaultInstance, readerOf } from "../provider/hosts/plugin/instance";
import { partsOf } from "../provider/model/urn";
import { createContext } from "../provider/resources/context";
import type { Session } from "../provider/resources/session";
import { isInScope, readMark } from "../provider/resources/whatsapp-provider/mark";
import { configOfStack, type StackName, scopesOf } from "./stacks";
import { type ExportedState, plainValue } from "./state";

/** Where a stack may have made something, and what tells that it did. */
export interface Reach {
  /** A session with every account, each once. */
  readonly sessions: readonly Session[];
  /** Whether a provider carries a mark of this stack. */
  isOurs(provider: Provider): boolean;
}

/** @param state of the stack, with its secrets */
export async function reachOf(name: StackName, state: ExportedState): Promise<Reach> {
  const config = await configOfStack(name.full);
  const instances = instancesIn(state);
  const prefixes = [config, ...instances].map((read) => read("owner"));
  const scopes = scopesOf({ ...name, ...namesIn(state) }, prefixes);
  return {
    sessions: sessionsOf([config, ...instances]),
    isOurs({ externalReference }) {
      const mark = readMark(externalReference);
      return mark !== undefined && scopes.some((scope) => isInScope(mark, scope));
    },
  };
}

/** Names as the state has them: a folder's Pulumi.yaml may be of another project. */
function namesIn({ resources }: ExportedState): { stack?: string; project?: string } {
  const [first] = resources;
  if (!first) return {};
  const { stack, project } = partsOf(first.urn);
  return { stack, project };
}

/** The arguments of the program's own `Provider` instances. */
function instancesIn({ resources }: ExportedState): ConfigReader[] {
  return resources
    .filter(({ type, urn }) => type === "pulumi:providers:clevertap" && !isDefaultInstance(urn))
    .map(({ inputs }) => readerOf(plainValue(inputs ?? {}) as Record<string, unknown>));
}

/** Every account in which this stack may have made something, each once. */
function sessionsOf(configurations: readonly ConfigReader[]): Session[] {
  const sessions = new Map<string, Session>();
  for (const read of configurations) {
    const settings = readSettings(read);
    const context = createContext(settings, { log: (line) => console.error(line) });
    for (const account of accountNames(read)) {
      const session = context.session(account);
      sessions.set(JSON.stringify([session.account.api, session.account.accountId]), session);
    }
  }
  return [...sessions.values()];
}

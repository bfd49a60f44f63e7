import type { Provider } from "../contract/types";
import { extraHeaderNames } from "../provider/resources/whatsapp-provider/conversion";
import { ARGUMENTS } from "../provider/resources/whatsapp-provider/properties";

/** Names of providers and of their secrets in a generated program. */

/** A provider and its names. */
export interface Named {
  /** The resource's name. */
  readonly name: string;
  readonly variable: string;
  /** Configuration keys of its secrets, by property: `apiKey`, `sid`, `headers.NAME`. */
  readonly keys: ReadonlyMap<string, string>;
  readonly provider: Provider;
}

/** Names from the nicknames, each once in the program, the same whatever the order of the listing. */
export function named(providers: readonly Provider[]): Named[] {
  const sorted = [...providers].sort((a, b) => (a.mobileNumber < b.mobileNumber ? -1 : 1));
  const slugs = sorted.map((p) => slug(p.nickname) || "whatsapp");
  const variables = new Set(RESERVED);
  const keys = new Set<string>();
  return sorted.map((provider, i) => {
    const own = slugs[i] as string;
    const isShared = slugs.some(
      (other, j) => j !== i && (other === own || `${other}-${sorted[j]?.mobileNumber}` === own),
    );
    const name = isShared ? `${own}-${provider.mobileNumber}` : own;
    const variable = unused(camel(name), variables);
    const key = (what: string) => unused(`${variable}${what}`, keys);
    const secrets = ARGUMENTS.filter((p) => p.secret && !p.otherHeaders);
    const ownKeys = new Map(
      secrets.map((p) => [p.name, key(`${p.name[0]?.toUpperCase()}${p.name.slice(1)}`)]),
    );
    for (const header of extraHeaderNames(provider)) ownKeys.set(`headers.${header}`, key(pascal(header)));
    return { name, variable, keys: ownKeys, provider };
  });
}

/** Names that a constant can't have: words of the language, of a module, and of the generated program. */
const RESERVED = (
  "arguments await break case catch class config const continue debugger default delete do else enum eval export exports " +
  "extends false finally for function if implements import in instanceof interface let module new null package private " +
  "protected public pulumi require return static super switch this throw true try typeof undefined var void while with yield"
).split(" ");

/** Adds as many `_` to a name as make it new, and remembers it. */
function unused(name: string, taken: Set<string>): string {
  let free = name;
  while (taken.has(free)) free += "_";
  taken.add(free);
  return free;
}

function slug(nickname: string): string {
  const ascii = nickname.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  return ascii.replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "");
}

function camel(name: string): string {
  const joined = name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
  return /^\d/.test(joined) ? `n${joined}` : joined;
}

function pascal(header: string): string {
  return `Header${header.replace(/(^|[^a-z0-9]+)([a-z0-9]?)/gi, (_, __, letter: string) => letter.toUpperCase())}`;
}

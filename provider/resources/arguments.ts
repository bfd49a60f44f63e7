import { closest } from "fastest-levenshtein";
import { WhatsAppProviderError } from "../model/errors";
import { placeholdersIn } from "../model/placeholder";
import { propertiesOf, type Table } from "../model/property";
import { hasUnknown, type Properties, UNKNOWN } from "../model/unknown";
import type { CheckRequest } from "./resource";

/** What check does alike for every resource: the arguments against the table, and all problems at once. */

/** The arguments in canonical form as far as they are good, and everything that is wrong with them. Unknown values pass. */
export function checkArguments(
  table: Table,
  { olds, news, confidential = [], allowPlaceholders = false }: CheckRequest,
): { values: Properties; failures: WhatsAppProviderError[] } {
  const known = propertiesOf(table, "argument");
  const secrets = known.filter(({ secret }) => secret).map(({ name }) => name);
  const values: Properties = {};
  // An import's placeholder is no value: it gets the one failure that says so.
  const placeholders = placeholdersIn(news, secrets);
  const failures: WhatsAppProviderError[] = allowPlaceholders ? [] : placeholders;
  const open = placeholders.map(({ property }) => property?.split(".")[0]);
  const fail = (property: string, what: string) =>
    failures.push(new WhatsAppProviderError("invalid-input", what, { property, remedy: "" }));
  for (const { name, kind, required } of known) {
    const value = news[name];
    if (value === UNKNOWN || open.includes(name)) values[name] = value;
    else if (value === undefined || value === null) {
      if (required) fail(name, "is missing");
    } else {
      const parsed = kind.parse(withoutUnknowns(value));
      if ("value" in parsed) values[name] = hasUnknown(value) ? UNKNOWN : parsed.value;
      else {
        for (const { path = [], message, correction } of parsed.faults) {
          const isShown = correction !== undefined && !confidential.includes(name);
          fail([name, ...path].join("."), isShown ? `${message}: use ${correction}` : message);
        }
      }
    }
  }
  failures.push(...unknownArguments(table, news, olds));
  return { values, failures };
}

/** What can be checked of a value before all of it is known. */
function withoutUnknowns(value: unknown): unknown {
  if (!hasUnknown(value)) return value;
  return Object.fromEntries(Object.entries(value as object).filter(([, entry]) => !hasUnknown(entry)));
}

function unknownArguments(table: Table, news: Properties, olds: Properties = {}): WhatsAppProviderError[] {
  const names = propertiesOf(table, "argument").map(({ name }) => name);
  // With `ignoreChanges: ["*"]` the engine hands back what an earlier check has added.
  const isHandedBack = (name: string) => news[name] !== undefined && news[name] === olds[name];
  const extra = Object.keys(news).filter(
    (name) => !names.includes(name) && !name.startsWith("__") && !isHandedBack(name),
  );
  return extra.map((name) => {
    if (Object.hasOwn(table, name) && table[name]?.role === "early") {
      return new WhatsAppProviderError("unknown-argument", "is computed", {
        property: name,
        remedy: "Remove it",
      });
    }
    return new WhatsAppProviderError("unknown-argument", "there is no such argument", {
      property: name,
      remedy: `Did you mean ${closest(name, names)}?`,
    });
  });
}

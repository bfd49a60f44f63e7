import { placeholderFor } from "../../model/placeholder";
import { propertiesOf, type Table } from "../../model/property";
import type { Context } from "../../resources/context";
import type { ReadResult } from "../../resources/resource";

/** What `pulumi import` asks for and gets. */

/** `ID`, or `NAME/ID` for a provider of an entry of clevertap:accounts: an import can't say it otherwise. */
export function importId(context: Context, text: string): { id: string; account?: string } {
  const [name, ...rest] = text.split("/");
  if (!name || rest.length === 0) return { id: text };
  try {
    context.session(name);
  } catch {
    return { id: text };
  }
  return { id: rest.join("/"), account: name };
}

/** The API shows no secret: each gets a text that says what is left to do, and that no check lets through. */
export function withPlaceholders({ state, inputs }: ReadResult, table: Table): ReadResult {
  const secrets = propertiesOf(table, "argument").filter((p) => p.secret);
  const placeholders = Object.fromEntries(
    secrets.flatMap(({ name, kind }): [string, unknown][] => {
      if (kind.name !== "map of string") return [[name, placeholderFor(name)]];
      const entries = Object.entries(state[name] ?? {}).map(([key, value]): [string, unknown] => [
        key,
        value || placeholderFor(`${name}.${key}`),
      ]);
      return entries.length > 0 ? [[name, Object.fromEntries(entries)]] : [];
    }),
  );
  return { state: { ...state, ...placeholders }, inputs: { ...inputs, ...placeholders } };
}

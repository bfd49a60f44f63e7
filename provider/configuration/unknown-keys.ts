import { closest } from "fastest-levenshtein";
import { KEYS } from "./table";

/**
 * A warning for each key that nothing reads: a misspelt one would silently count as not set.
 *
 * @param config values by key, without the namespace
 */
export function unknownKeyWarnings(config: Readonly<Record<string, unknown>>): string[] {
  const ofStack = KEYS.map(({ name }) => name);
  const ofAccounts = KEYS.filter(({ inAccounts }) => inAccounts).map(({ name }) => name);
  return [
    ...Object.keys(config).flatMap((key) => warning("", key, ofStack)),
    ...Object.entries(asObject(config.accounts)).flatMap(([name, entry]) =>
      Object.keys(asObject(entry)).flatMap((key) => warning(`accounts.${name}.`, key, ofAccounts)),
    ),
  ];
}

function warning(path: string, key: string, known: readonly string[]): string[] {
  if (known.includes(key)) return [];
  // In JSON's form: a control character must not reach the terminal.
  const name = JSON.stringify(`clevertap:${path}${key}`).slice(1, -1);
  return [`${name} is not a known key and counts for nothing. Did you mean ${closest(key, known)}?`];
}

/** The object, or the one that a JSON text holds; what is neither is somebody else's error. */
function asObject(value: unknown): object {
  try {
    const parsed: unknown = typeof value === "string" ? JSON.parse(value) : value;
    return typeof parsed === "object" && parsed !== null && !Array.isArray(parsed) ? parsed : {};
  } catch {
    return {};
  }
}

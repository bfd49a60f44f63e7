import { WhatsAppProviderError } from "./errors";

/**
 * What an import writes where a secret goes: the API never shows one. It is not a secret itself, and not a value that a
 * credential or header could have.
 */
export function placeholderFor(property: string): string {
  return `<set ${property}>`;
}

/** Whether a value is a placeholder of an import. */
export function isPlaceholder(value: unknown): boolean {
  return typeof value === "string" && /^<set (apiKey|sid|headers\.[^\s>]+)>$/.test(value);
}

/** The failure of a secret that is left to set. */
export function placeholderLeft(property: string): WhatsAppProviderError {
  return new WhatsAppProviderError("placeholder-secret", "still holds the placeholder of an import", {
    property,
  });
}

/** Every secret of some inputs that is left to set. */
export function placeholdersIn(inputs: Record<string, unknown>): WhatsAppProviderError[] {
  const { apiKey, sid, headers } = inputs;
  const named: [string, unknown][] = [
    ["apiKey", apiKey],
    ["sid", sid],
    ...Object.entries(typeof headers === "object" && headers !== null ? headers : {}).map(
      ([name, value]): [string, unknown] => [`headers.${name}`, value],
    ),
  ];
  return named.filter(([, value]) => isPlaceholder(value)).map(([name]) => placeholderLeft(name));
}

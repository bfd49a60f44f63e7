import { WhatsAppProviderError } from "./errors";

/**
 * What an import writes where a secret goes: the API never shows one. It is not a secret itself, and not a value that a
 * credential or header could have.
 */
export function placeholderFor(property: string): string {
  return `<set ${property}>`;
}

/** Whether a value is a placeholder of an import. */
function isPlaceholder(value: unknown): boolean {
  return typeof value === "string" && /^<set [^\s>]+>$/.test(value);
}

/** The failure of a secret that is left to set. */
function placeholderLeft(property: string): WhatsAppProviderError {
  return new WhatsAppProviderError("placeholder-secret", "still holds the placeholder of an import", {
    property,
  });
}

/** Every secret of some inputs that is left to set. @param secrets names of the secret arguments */
export function placeholdersIn(
  inputs: Record<string, unknown>,
  secrets: readonly string[],
): WhatsAppProviderError[] {
  return secrets.flatMap((name) => {
    const value = inputs[name];
    const named: [string, unknown][] =
      typeof value === "object" && value !== null
        ? Object.entries(value).map(([key, entry]) => [`${name}.${key}`, entry])
        : [[name, value]];
    return named.filter(([, entry]) => isPlaceholder(entry)).map(([property]) => placeholderLeft(property));
  });
}

import { WhatsAppProviderError } from "../model/errors";
import { setLines } from "./messages";
import type { ConfigReader } from "./settings";
import { KEYS } from "./table";

/**
 * Keys of the configuration, with their namespace, that hold a passcode in clear.
 * @param isSecret whether the configuration keeps the key encrypted
 */
export function plainPasscodes(read: ConfigReader, isSecret: (key: string) => boolean): string[] {
  return KEYS.filter(({ secret, name }) => secret && !isSecret(name))
    .filter(({ kind, name }) => {
      const text = read(name) ?? "";
      if (kind !== "accounts") return text !== "";
      return secretsOfAccounts().some((key) => text.includes(JSON.stringify(key.name)));
    })
    .map(({ name }) => `clevertap:${name}`);
}

/** A passcode that stands in the stack's configuration in clear. @param setting with its namespace */
export function passcodeNotSecret(setting: string): WhatsAppProviderError {
  const key = KEYS.find(({ name }) => `clevertap:${name}` === setting);
  const isMap = key?.kind === "accounts";
  const lines = setLines(isMap || !key ? secretsOfAccounts() : [key], isMap);
  return new WhatsAppProviderError("passcode-not-secret", `${setting} holds a passcode in clear`, {
    remedy: `Run ${lines}, and change the passcode if the file was committed or \`pulumi up\` has run: state then holds it in clear too`,
  });
}

function secretsOfAccounts() {
  return KEYS.filter(({ secret, inAccounts }) => secret && inAccounts);
}

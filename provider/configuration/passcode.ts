import { WhatsAppProviderError } from "../model/errors";

/** A passcode that stands in the stack's configuration in clear. @param key with its namespace */
export function passcodeNotSecret(key: string): WhatsAppProviderError {
  const line =
    key === "clevertap:accounts"
      ? "pulumi config set --secret --path clevertap:accounts.<name>.passcode"
      : `pulumi config set --secret ${key}`;
  return new WhatsAppProviderError("passcode-not-secret", `${key} holds a passcode in clear`, {
    remedy: `Run \`${line}\`, and change the passcode if the file was committed or \`pulumi up\` has run: state then holds it in clear too`,
  });
}

import type { Sandbox } from "../../sandbox";

/** The `clevertap:` configuration for the first account of the sandbox. */
export function goodConfig({ accounts, endpoint }: Sandbox) {
  const [account] = accounts;
  if (!account) throw new Error("the sandbox has no account");
  return { endpoint, accountId: account.id, passcode: account.passcode };
}

/** Arguments of a provider that the sandbox's stand-in of Kaleyra accepts. */
export function goodArguments(sandbox: Sandbox, over: object = {}) {
  return {
    nickname: "Kaleyra",
    mobileNumber: "919999999999",
    httpEndpoint: sandbox.httpEndpoint,
    apiKey: sandbox.kaleyra.apiKey,
    sid: sandbox.kaleyra.sid,
    kaleyraHost: sandbox.kaleyraHost,
    ...over,
  };
}

/** Arguments of the Incoming URL of a number that the stand-in accepts. */
export function goodUrlArguments(sandbox: Sandbox, over: object = {}) {
  return {
    mobileNumber: "919999999999",
    kaleyraHost: sandbox.kaleyraHost,
    sid: sandbox.kaleyra.sid,
    apiKey: sandbox.kaleyra.apiKey,
    baseUrl: sandbox.incomingBaseUrl,
    incomingUrlQuery: "inbound_message_callback_url=https://example.com/in&payload_version=0.1",
    ...over,
  };
}

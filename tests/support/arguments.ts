import type { Sandbox } from "../../sandbox";

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

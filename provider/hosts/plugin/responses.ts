import * as messages from "@pulumi/pulumi/proto/provider_pb";
import type { WhatsAppProviderError } from "../../model/errors";
import type { Properties } from "../../model/unknown";
import { encode } from "./encoding";

/** Answers in the protocol's messages. */

export function checkResponse(
  inputs: Properties,
  secrets: readonly string[],
  failures: readonly WhatsAppProviderError[],
) {
  const response = new messages.CheckResponse();
  response.setInputs(encode(inputs, secrets));
  response.setFailuresList(failures.map(checkFailure));
  return response;
}

/** A property's name here would make the engine print its value in clear, secret or not. */
export function checkFailure(error: WhatsAppProviderError) {
  const failure = new messages.CheckFailure();
  failure.setProperty("");
  failure.setReason(error.message);
  return failure;
}

export function diffResponse(changed: string[], replaces: string[], olds: Properties, news?: Properties) {
  const { Kind } = messages.PropertyDiff;
  const response = new messages.DiffResponse();
  const { DiffChanges } = messages.DiffResponse;
  response.setChanges(changed.length > 0 ? DiffChanges.DIFF_SOME : DiffChanges.DIFF_NONE);
  response.setReplacesList(replaces);
  response.setDiffsList(changed);
  response.setHasdetaileddiff(true);
  for (const name of changed) {
    const isReplacing = replaces.includes(name);
    const detail = new messages.PropertyDiff();
    if (olds[name] === undefined) detail.setKind(isReplacing ? Kind.ADD_REPLACE : Kind.ADD);
    else if (news && news[name] === undefined)
      detail.setKind(isReplacing ? Kind.DELETE_REPLACE : Kind.DELETE);
    else detail.setKind(isReplacing ? Kind.UPDATE_REPLACE : Kind.UPDATE);
    response.getDetaileddiffMap().set(name, detail);
  }
  return response;
}

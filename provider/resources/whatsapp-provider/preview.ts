import type { Provider } from "../../../contract/types";
import { ApiError } from "../../api/api-error";
import { digest } from "../../model/digest";
import type { WhatsAppProviderError } from "../../model/errors";
import { quoted } from "../../model/text";
import { UNKNOWN } from "../../model/unknown";
import type { Context } from "../context";
import type { Session } from "../session";
import { sessionAt } from "./account";
import { overwritten, toRequest } from "./conversion";
import { compare, isLocal } from "./diff";
import { explain, numberInUse } from "./explain";
import { isKnown } from "./inputs";
import { nameOfOwner, newMark } from "./mark";
import { isAdopted, isHeld, mayTake } from "./ownership";
import { verifyFromHere } from "./probe";
import type { Inputs, State, Wanted } from "./properties";
import { changeSinceSeen, gone } from "./update";
import { isUnderWay, needsAnotherWrite } from "./waiting";

/**
 * What Save would say, asked during preview. Nothing is stored at the API. Whatever needs a value that is not
 * known yet is left to the update, where create and update give the same texts.
 */

const NOT_VERIFIED =
  "could not be verified: the API did not see that a dry run was asked for, and nothing was written. Let the proxy or gateway pass the query validateOnly=true, or set clevertap:probeFrom to here";

/** For a provider that is to be made, or made anew because of a replacement. @returns everything that is wrong */
export async function previewCreate(context: Context, inputs: Wanted): Promise<WhatsAppProviderError[]> {
  const { account, mobileNumber } = inputs;
  if (account === UNKNOWN || typeof mobileNumber !== "string") return [];
  return collect(async () => {
    const session = context.session(account);
    // A provider whose delete waits does not hold its number any more.
    const holder = (await session.listing()).find(
      (p) => p.mobileNumber === mobileNumber && p.status !== "deleting",
    );
    if (holder && inputs.adoptExisting === UNKNOWN) return [];
    if (holder && !mayTake(context.evidence, inputs, holder)) throw numberInUse(holder, inputs.__owner);
    if (!isKnown(inputs)) return [];
    if (holder) announceTakeOver(context, holder, inputs);
    return dryRun(context, session, inputs, holder);
  });
}

/** For a provider that exists and changes in place. What is another owner's was told by the diff, and is the update's error. */
export async function previewUpdate(
  context: Context,
  id: string,
  state: State,
  inputs: Wanted,
): Promise<WhatsAppProviderError[]> {
  return collect(async () => {
    const { changed } = compare(context, state, inputs);
    if (isLocal(changed)) return [];
    const session = sessionAt(context, state, inputs);
    const goesOn = changed.length === 0 && isUnderWay(state);
    if (goesOn && !(await needsAnotherWrite(context, session, id, state, inputs))) return [];
    const found = (await session.listing()).find((p) => p.id === id) ?? (await session.api.get(id));
    if (!found) throw gone(id);
    if (!isHeld(state, found, inputs)) return [];
    changeSinceSeen(state, found, inputs);
    if (!isKnown(inputs)) return [];
    const mark = found.externalReference;
    if (mark !== state.__mark && isAdopted(inputs, mark)) announceTakeOver(context, found, inputs);
    return dryRun(context, session, inputs, found);
  });
}

/** Names the properties that a take-over overwrites, with public values only. */
function announceTakeOver(context: Context, holder: Provider, inputs: Inputs): void {
  const what = [...overwritten(inputs, holder), "the credentials"];
  const last = what.pop();
  const list = what.length > 0 ? `${what.join(", ")} and ${last}` : last;
  const name = nameOfOwner(inputs.__owner);
  context.log(`${name}: takes over provider ${holder.id} (${quoted(holder.nickname)}): overwrites ${list}`);
}

async function dryRun(
  context: Context,
  session: Session,
  inputs: Inputs,
  holder?: Provider,
): Promise<WhatsAppProviderError[]> {
  const { previewProbe, probeFrom } = context.settings;
  if (previewProbe === "off") return [];
  if (previewProbe === "once") {
    const { httpEndpoint, kaleyraHost, apiKey, sid, headers } = inputs;
    const key = digest(JSON.stringify([httpEndpoint, kaleyraHost, apiKey, sid, headers]), 64);
    if (session.probed.has(key)) return [];
    session.probed.add(key);
  }
  if (probeFrom === "here") return verifyFromHere(inputs);
  const body = toRequest(inputs, holder?.externalReference ?? newMark(inputs.__owner));
  try {
    const found = holder
      ? await session.api.validateUpdate(holder.id, body)
      : await session.api.validateCreate(body);
    if (found === "not verified") context.warn(`${nameOfOwner(inputs.__owner)}: ${NOT_VERIFIED}`);
    return [];
  } catch (error) {
    if (error instanceof ApiError && error.code === "number-in-use" && error.conflict) {
      throw numberInUse(error.conflict, inputs.__owner, error.requestId);
    }
    throw error;
  }
}

async function collect(run: () => Promise<WhatsAppProviderError[]>): Promise<WhatsAppProviderError[]> {
  try {
    return await run();
  } catch (error) {
    return explain(error);
  }
}

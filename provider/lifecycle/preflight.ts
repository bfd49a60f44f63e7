import { createHash } from "node:crypto";
import { ApiError } from "../api/problem";
import type { Provider } from "../api/types";
import type { WhatsAppProviderError } from "../errors";
import { nameOf } from "./check";
import { type Context, type Session, sessionOf } from "./context";
import { mayTake } from "./create";
import { explain, numberInUse } from "./explain";
import { newMark } from "./owner";
import { changeSinceSeen } from "./update";
import { hasUnknown, type Inputs, type Properties, type State, UNKNOWN } from "./values";
import { verifyFromHere } from "./verify";
import { toRequest, visibleDifferences } from "./wire";

/**
 * What Save would say, asked during preview. Nothing is stored at the API. Whatever needs a value that is not
 * known yet is left to the update, where create and update give the same texts.
 */

const NOT_VERIFIED =
  "could not be verified: the API did not see that a dry run was asked for, and nothing was written. Let the proxy or gateway pass the query validateOnly=true, or set clevertap:probeFrom to here";

/** For a provider that is to be made, or made anew because of a replacement. @returns everything that is wrong */
export async function preflightCreate(
  context: Context,
  inputs: Properties,
): Promise<WhatsAppProviderError[]> {
  const { account, mobileNumber } = inputs;
  if (account === UNKNOWN || typeof mobileNumber !== "string") return [];
  return collect(async () => {
    const session = context.session(account as string | undefined);
    const holder = (await session.listing()).find((p) => p.mobileNumber === mobileNumber);
    const owner = inputs.__owner as string;
    if (holder && inputs.adoptExisting === UNKNOWN) return [];
    if (holder && !mayTake(inputs as unknown as Inputs, holder.externalReference))
      throw numberInUse(holder, owner);
    if (hasUnknown(inputs)) return [];
    const known = inputs as unknown as Inputs;
    if (holder) context.log(`${nameOf(owner)}: ${takeOverNotice(holder, known)}`);
    return dryRun(context, session, known, holder);
  });
}

/** For a provider that exists and changes in place. */
export async function preflightUpdate(
  context: Context,
  id: string,
  state: State,
  inputs: Properties,
): Promise<WhatsAppProviderError[]> {
  return collect(async () => {
    const session = sessionOf(context, state);
    const current = (await session.listing()).find((p) => p.id === id);
    if (current) changeSinceSeen(state, current, inputs as Partial<Inputs>);
    if (hasUnknown(inputs) || !current) return [];
    return dryRun(context, session, inputs as unknown as Inputs, current);
  });
}

/** Names the fields that a take-over will overwrite, public values only. */
export function takeOverNotice(holder: Provider, inputs: Inputs): string {
  const fields = visibleDifferences(inputs, holder);
  const what = fields.length > 0 ? `${fields.join(", ")} and the credentials` : "the credentials";
  return `takes over provider ${holder.id} (${JSON.stringify(holder.nickname)}): overwrites ${what}`;
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
    const key = createHash("sha256")
      .update(
        JSON.stringify([inputs.httpEndpoint, inputs.kaleyraHost, inputs.apiKey, inputs.sid, inputs.headers]),
      )
      .digest("hex");
    if (session.probed.has(key)) return [];
    session.probed.add(key);
  }
  if (probeFrom === "here") return verifyFromHere(inputs);
  const body = toRequest(inputs, holder?.externalReference ?? newMark(inputs.__owner));
  try {
    const found = holder
      ? await session.api.validateUpdate(holder.id, body)
      : await session.api.validateCreate(body);
    if (found === "not verified") context.log(`${nameOf(inputs.__owner)}: ${NOT_VERIFIED}`);
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

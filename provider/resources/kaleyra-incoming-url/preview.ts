import { WhatsAppProviderError } from "../../model/errors";
import { hasUnknown, type Properties, UNKNOWN } from "../../model/unknown";
import type { Context } from "../context";
import { isRotation } from "./diff";
import { look } from "./look";
import type { Inputs, State, Wanted } from "./properties";

/** What can be known before a write: whether Kaleyra accepts key and SID, and what it has now. `previewProbe: off` leaves it out. */

/** For a resource that is to be made. */
export function previewCreate(context: Context, inputs: Wanted): Promise<WhatsAppProviderError[]> {
  return ask(context, inputs);
}

/** For one that exists and changes in place. */
export async function previewUpdate(
  context: Context,
  _: string,
  state: State,
  inputs: Wanted,
): Promise<WhatsAppProviderError[]> {
  return isRotation(state, inputs) ? [] : ask(context, inputs, state.incomingUrl);
}

/** @param expected the URL that the state has */
async function ask(context: Context, inputs: Wanted, expected?: string): Promise<WhatsAppProviderError[]> {
  if (context.settings.previewProbe === "off" || !isAskable(inputs)) return [];
  const { mobileNumber, incomingUrl } = inputs;
  try {
    const urls = [expected, incomingUrl];
    const shown = (await look(context, context.kaleyra(inputs), mobileNumber, urls))?.incomingUrl;
    if (shown !== undefined && !urls.includes(shown))
      context.warn(
        `number ${mobileNumber}: replaces the Incoming URL that it has at Kaleyra${hostIn(shown)}, which this state did not set`,
      );
    return [];
  } catch (error) {
    if (!WhatsAppProviderError.is(error)) throw error;
    return [error];
  }
}

/** The host alone: the rest of the URL may hold what a program keeps secret. */
function hostIn(url: string): string {
  return URL.canParse(url) ? ` (at ${new URL(url).host})` : "";
}

/** Whether what a read needs is known. The URL itself may still be open. */
function isAskable(inputs: Wanted): inputs is Omit<Inputs, "incomingUrl"> & Pick<Wanted, "incomingUrl"> {
  const { mobileNumber, kaleyraHost, sid, apiKey } = inputs;
  return ![mobileNumber, kaleyraHost, sid, apiKey].some((value) => value === undefined || hasUnknown(value));
}

/** Outputs at preview, as far as they are known. @param state of the resource that changes; none: it will be made */
export function planned(_: Context, inputs: Wanted, state?: State): Properties {
  const isKept = state !== undefined && isRotation(state, inputs);
  return { ...inputs, readsBack: isKept ? state.readsBack : UNKNOWN };
}

import { detailsOf } from "../../kaleyra/incoming-url";
import { WhatsAppProviderError } from "../../model/errors";
import { sorted } from "../../model/unknown";
import type { Context } from "../context";
import { KeptInState } from "../resource";
import { isRotation } from "./diff";
import { look } from "./look";
import type { Inputs, State } from "./properties";

const NEVER_TRIED =
  "KaleyraIncomingUrl was never tried on a live account, and Kaleyra does not document whether what a call leaves out of a " +
  "number's profile survives (address, about, picture and the like): look at the profile after this `pulumi up`";
const NOT_SHOWN =
  "Kaleyra's answers do not hold the Incoming URL, so drift can't be seen: a change made elsewhere shows nowhere";

/** One PUT. It sets the URL of a number that has one as well, so a lost answer or a repeated run does no harm. */
export async function create(context: Context, inputs: Inputs): Promise<{ id: string; state: State }> {
  context.warn(NEVER_TRIED);
  return { id: inputs.mobileNumber, state: await write(context, inputs) };
}

/** One PUT; none where only the credentials are others. */
export async function update(context: Context, _: string, state: State, inputs: Inputs): Promise<State> {
  if (isRotation(state, inputs)) return sorted({ ...inputs, readsBack: state.readsBack });
  return write(context, inputs, state.readsBack);
}

/**
 * Sets the URL, then reads the number to see whether Kaleyra shows it.
 * @param readBefore what was known of Kaleyra's answers
 * @throws KeptInState where the URL is set, but the read is refused
 */
async function write(context: Context, inputs: Inputs, readBefore?: boolean): Promise<State> {
  const { mobileNumber, incomingUrl } = inputs;
  const kaleyra = context.kaleyra(inputs);
  await kaleyra.setIncomingUrl(mobileNumber, incomingUrl);
  const details = await look(context, kaleyra, mobileNumber, [incomingUrl]).catch((error: unknown) => {
    if (!WhatsAppProviderError.is(error)) throw error;
    const { code, status } = error;
    const what = `the Incoming URL is set, but can't be read back: ${error.what}`;
    const told = new WhatsAppProviderError(code, what, { status, ...detailsOf(code) });
    throw new KeptInState(told, mobileNumber, sorted({ ...inputs, readsBack: readBefore ?? false }));
  });
  const shown = details?.incomingUrl;
  if (shown !== undefined && shown !== incomingUrl)
    context.warn(`number ${mobileNumber}: Kaleyra has taken the Incoming URL, but does not show it yet`);
  const readsBack = details ? shown !== undefined : (readBefore ?? false);
  if (details && !readsBack && readBefore !== false) context.warn(NOT_SHOWN);
  return sorted({ ...inputs, readsBack });
}

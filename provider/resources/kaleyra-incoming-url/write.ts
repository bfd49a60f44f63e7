import { sorted } from "../../model/unknown";
import type { Context } from "../context";
import { isRotation } from "./diff";
import { look } from "./look";
import type { Inputs, State } from "./properties";

const NEVER_TRIED =
  "KaleyraIncomingUrl was never tried on a live account of Kaleyra, which does not document whether the number's profile " +
  "(address, description, e-mail, website, about, picture) survives a call that leaves it out: look at it after the first `pulumi up`";
const NOT_SHOWN =
  "Kaleyra's answers do not hold the Incoming URL, so a change that is made elsewhere can't be seen";

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

/** @param readBefore what was known of Kaleyra's answers */
async function write(context: Context, inputs: Inputs, readBefore?: boolean): Promise<State> {
  const { mobileNumber, incomingUrl } = inputs;
  const kaleyra = context.kaleyra(inputs);
  await kaleyra.setIncomingUrl(mobileNumber, incomingUrl);
  const details = await look(context, kaleyra, mobileNumber, [incomingUrl]);
  const shown = details?.incomingUrl;
  if (shown !== undefined && shown !== incomingUrl)
    context.warn(`number ${mobileNumber}: Kaleyra has taken the Incoming URL, but does not show it yet`);
  const readsBack = details ? shown !== undefined : (readBefore ?? false);
  if (details && !readsBack && readBefore !== false) context.warn(NOT_SHOWN);
  return sorted({ ...inputs, readsBack });
}

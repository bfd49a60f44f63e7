import { sorted } from "../../model/unknown";
import type { Context } from "../context";
import type { ReadResult } from "../resource";
import { accessOf } from "./access";
import { look } from "./look";
import { ARGUMENTS, EARLY, type State } from "./properties";

/**
 * Reads for refresh and for get. Where Kaleyra shows the URL, it comes back as state and as input, so that drift shows. A number
 * is never taken for gone: which answer would say so is not documented.
 * @throws WhatsAppProviderError invalid-input for an import: the read needs the credentials
 */
export async function read(context: Context, id: string, state: State): Promise<ReadResult> {
  const access = accessOf(id, state);
  const details = await look(context, context.kaleyra(access), access.mobileNumber, [state.incomingUrl]);
  const shown = details?.incomingUrl;
  const readsBack = shown !== undefined || (state.readsBack ?? false);
  // What Kaleyra used to show and does not show any more was taken away.
  const incomingUrl = details && readsBack ? (shown ?? "") : state.incomingUrl;
  const found: State = sorted({ ...state, mobileNumber: id, incomingUrl, readsBack });
  const inputs = Object.fromEntries(
    [...ARGUMENTS, ...EARLY].map(({ name }) => [name, Reflect.get(found, name) as unknown]),
  );
  return { state: found, inputs: sorted(inputs) };
}

import { HTTP_END_POINT } from "./kaleyra/end-point";
import { INCOMING } from "./kaleyra/incoming";
import type { World } from "./world";

/** Where a program finds the sandbox. */
export type Addresses = Readonly<ReturnType<typeof addresses>>;

export function addresses({ url }: World) {
  return {
    /** The server's root, without a slash at the end. */
    url,
    /** For `clevertap:endpoint`. */
    endpoint: url,
    /** The HTTP End Point of Kaleyra's stand-in. */
    httpEndpoint: `${url}${HTTP_END_POINT}`,
    kaleyraHost: `${url}/`,
    /** Base of an Incoming URL, as Kaleyra's support hands it out. */
    incomingBaseUrl: `${url}${INCOMING}`,
  };
}

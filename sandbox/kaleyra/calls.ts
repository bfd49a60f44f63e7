import { router } from "../../server/routes";
import type { World } from "../world";
import { endPoint, HTTP_END_POINT } from "./end-point";
import { forward, INCOMING, inbound, readIncomingUrl, writeIncomingUrl } from "./incoming";
import { numberDetails, updateNumber } from "./number-api";

const NUMBER = "(?<number>\\d+)";

/** Kaleyra's middleware, its public API, and what its users and its dashboard do. */
export const kaleyraCall = router<World>(
  {
    [`* ${HTTP_END_POINT}`]: endPoint,
    // A base address that ends in a slash makes two of them.
    [`GET /+v2/:sid/whatsapp/${NUMBER}/phone_number_details`]: numberDetails,
    "PUT /+v1/:sid/whatsapp/number": updateNumber,
    [`POST ${INCOMING}`]: forward,
    [`GET /kaleyra/numbers/${NUMBER}/incoming-url`]: readIncomingUrl,
    [`PUT /kaleyra/numbers/${NUMBER}/incoming-url`]: writeIncomingUrl,
    [`POST /kaleyra/numbers/${NUMBER}/inbound`]: inbound,
  },
  "Kaleyra's stand-in has no such address.",
);

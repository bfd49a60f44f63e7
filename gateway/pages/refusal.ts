import type { Refused } from "../trust/roles";

/** How a page answers what can't be done. */
export const STATUS = {
  forbidden: 403,
  "not-found": 404,
  conflict: 409,
  invalid: 422,
} as const satisfies Record<Refused["kind"], number>;

import type { World } from "../world";

/** Does Kaleyra's stand-in accept this SID with this key? */
export function acceptsKey({ kaleyra }: World, sid: unknown, apiKey: unknown): boolean {
  return sid === kaleyra.sid && apiKey === kaleyra.apiKey;
}

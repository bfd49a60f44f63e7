import { randomBytes } from "node:crypto";

/** What an action had to say, shown on the page that follows it. */
export interface Notice {
  readonly isGood: boolean;
  readonly text: string;
}

export type Notices = ReturnType<typeof notices>;

const KEPT = 100;

/** Keeps the last notices, each under an id for an address: the text itself does not belong there. */
export function notices() {
  const kept = new Map<string, Notice>();
  return {
    /** @returns the address with the notice */
    add(path: string, text: string, isGood = true): string {
      const id = randomBytes(6).toString("hex");
      kept.set(id, { isGood, text });
      for (const old of [...kept.keys()].slice(0, -KEPT)) kept.delete(old);
      return `${path}${path.includes("?") ? "&" : "?"}notice=${id}`;
    },
    get: (id: string | undefined): Notice | undefined => (id === undefined ? undefined : kept.get(id)),
  };
}

import { randomUUID } from "node:crypto";

/** Secret values that were typed into a form that is not saved yet, by the row of their pair. */
export type Draft = Map<number, string>;

export type Drafts = ReturnType<typeof drafts>;

const KEPT = 50;

/**
 * Keeps what was typed as a secret while its form comes back, after Add Pair or with a reason why Save refused it: the page
 * itself never holds it.
 */
export function drafts() {
  const kept = new Map<string, Draft>();
  return {
    /** A draft by its id, or a new one where there is none any more. */
    open(id: string | undefined): { readonly id: string; readonly draft: Draft } {
      const found = id === undefined ? undefined : kept.get(id);
      if (id !== undefined && found) return { id, draft: found };
      const fresh = { id: randomUUID(), draft: new Map() };
      kept.set(fresh.id, fresh.draft);
      for (const old of [...kept.keys()].slice(0, -KEPT)) kept.delete(old);
      return fresh;
    },
    drop: (id: string): void => void kept.delete(id),
  };
}

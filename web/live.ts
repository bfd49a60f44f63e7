import type { Context } from "hono";
import { streamSSE } from "hono/streaming";

/** Tells open pages that something has changed. */
export interface Changes {
  /** Another text after each change, and after a restart. */
  readonly version: string;
  /** Something that a page shows has changed. */
  notify(): void;
  /** @returns ends the subscription */
  subscribe(listener: () => void): () => void;
}

export function changes(): Changes {
  const listeners = new Set<() => void>();
  const start = Date.now();
  let count = 0;
  return {
    get version() {
      return `${start}.${count}`;
    },
    notify() {
      count += 1;
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/**
 * The stream that an open page listens to: the version at once, so that nothing is missed between page and stream, and again
 * after each change.
 */
export function eventStream(c: Context, changes: Changes): Response {
  return streamSSE(c, async (stream) => {
    const send = () => void stream.writeSSE({ data: changes.version });
    send();
    const end = changes.subscribe(send);
    await new Promise<void>((resolve) => stream.onAbort(resolve));
    end();
  });
}

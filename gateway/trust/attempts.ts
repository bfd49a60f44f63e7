/** How many wrong attempts are answered, and in which time. */
const WINDOW_MS = 15 * 60 * 1000;
/** So many remembered that memory stays small whatever is tried. */
const KEPT = 10_000;

/** Counts wrong attempts, by whatever they have in common: a name, an address. */
export interface Attempts {
  /** Seconds until another attempt is answered; 0: now. */
  waitSeconds(key: string, most: number): number;
  failed(key: string): void;
  /** It was right: the earlier ones don't count any more. */
  succeeded(key: string): void;
}

/** @param now milliseconds since 1970 */
export function countAttempts(now: () => number): Attempts {
  const failures = new Map<string, number[]>();
  const recent = (key: string) => (failures.get(key) ?? []).filter((time) => time > now() - WINDOW_MS);
  return {
    waitSeconds(key, most) {
      const times = recent(key);
      const first = times.at(-most);
      return first === undefined ? 0 : Math.max(1, Math.ceil((first + WINDOW_MS - now()) / 1000));
    },
    failed(key) {
      const times = [...recent(key), now()];
      failures.delete(key);
      failures.set(key, times);
      const [oldest] = failures.keys();
      if (failures.size > KEPT && oldest !== undefined) failures.delete(oldest);
    },
    succeeded: (key) => void failures.delete(key),
  };
}

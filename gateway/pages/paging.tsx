/** Rows of one page of a list. */
export const PAGE_SIZE = 50;

/** A page of a list, and where the next one begins. */
export interface Listed<T> {
  readonly items: readonly T[];
  /** The last key of this page; absent: nothing follows. */
  readonly next?: number;
}

/** @param found at most one more than a page takes */
export function listedPage<T>(found: readonly T[], keyOf: (item: T) => number): Listed<T> {
  const items = found.slice(0, PAGE_SIZE);
  const last = items.at(-1);
  return found.length > PAGE_SIZE && last !== undefined ? { items, next: keyOf(last) } : { items };
}

/** The key that a page begins after; 0: it is the first page. */
export function startOf(text: string | undefined): number {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : 0;
}

/** An address with those parameters that say something. */
export function address(
  path: string,
  parameters: Readonly<Record<string, string | number | undefined>>,
): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters))
    if (value !== undefined && value !== "" && value !== 0) query.set(name, String(value));
  return query.size > 0 ? `${path}?${query}` : path;
}

/** The ways to the first and the next page of a list. */
export function Paging({
  path,
  parameters,
  start,
  next,
}: {
  path: string;
  parameters: Readonly<Record<string, string | undefined>>;
  start: number;
  next?: number;
}) {
  if (start === 0 && next === undefined) return null;
  return (
    <nav class="row" aria-label="Pages">
      {start > 0 && (
        <a class="button" href={address(path, parameters)}>
          First page
        </a>
      )}
      {next !== undefined && (
        <a class="button" href={address(path, { ...parameters, after: next })}>
          Next page
        </a>
      )}
    </nav>
  );
}

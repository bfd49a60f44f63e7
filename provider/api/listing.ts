import type { Provider } from "../../contract/types";
import { readPage } from "./answers";
import { ApiError } from "./api-error";
import type { Caller } from "./call";
import { operationBound } from "./retry";

/** Pages of a listing at most: with more, the server goes round in circles. */
const MAX_PAGES = 1000;
const PAGE_SIZE = 100;
/** Seconds for all pages together, where the bound of one call is shorter. */
const LISTING_BOUND = 60;

/** The pages of a listing, one request each, made when the page is wanted. @throws ApiError also for a listing without end */
export async function* pages(
  caller: Caller,
  url: string,
  query: Record<string, string> = {},
): AsyncGenerator<Provider[]> {
  const { requestTimeout, maxAttempts } = caller.options;
  const limit = Math.max(LISTING_BOUND, operationBound(requestTimeout, maxAttempts));
  const end = Date.now() + limit * 1000;
  const seen = new Set<string>();
  let pageToken: string | undefined;
  for (let count = 1; ; count++) {
    const parameters = new URLSearchParams({
      ...query,
      pageSize: String(PAGE_SIZE),
      ...(pageToken && { pageToken }),
    });
    const page = await caller.call({
      name: "the listing",
      method: "GET",
      path: `${url}?${parameters}`,
      success: { read: (json, { headers }) => readPage(json, headers.date) },
    });
    yield page.items;
    pageToken = page.nextPageToken;
    if (!pageToken) return;
    if (seen.has(pageToken))
      throw new ApiError("bad-answer", "the listing goes round in circles: a page token came twice");
    if (count >= MAX_PAGES) throw new ApiError("bad-answer", `the listing has more than ${MAX_PAGES} pages`);
    if (Date.now() > end)
      throw new ApiError("unavailable", `the listing did not end within ${limit} s (${count} pages)`);
    seen.add(pageToken);
  }
}

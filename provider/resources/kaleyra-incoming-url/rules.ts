import { INCOMING_URL_QUERY } from "../../../contract/incoming-url";
import { urlFault } from "../../../contract/url";
import type { Fault } from "../../model/kind";
import { urlOrHost } from "../rules";

/** What the arguments must be. Texts never quote a value. */

export function apiHost(value: string): string | undefined {
  return urlOrHost(value) ?? (value.includes("?") ? "must not contain a query (?…)" : undefined);
}

/** What Kaleyra's support hands out: the URL without what CleverTap's guide appends. */
export function baseUrl(value: string): string | undefined {
  const problem = urlFault(value);
  if (problem !== undefined) return problem;
  const own = INCOMING_URL_QUERY.filter((name) => new URL(value).searchParams.has(name));
  return own.length === 0
    ? undefined
    : `must not contain ${own.join(" and ")} yet: incomingUrlQuery is appended to it`;
}

export function incomingUrlQuery(value: string): Fault | string | undefined {
  if (/[\s\p{Cc}#]/u.test(value)) return "must not contain spaces, control characters or #";
  const [, query = ""] = /^[?&]?(.*)$/s.exec(value) ?? [];
  const names = [...new URLSearchParams(query).keys()];
  if (INCOMING_URL_QUERY.some((name) => !names.includes(name)))
    return `must contain ${INCOMING_URL_QUERY.join(" and ")}: pass the incomingUrlQuery of a WhatsAppProvider`;
  return query === value
    ? undefined
    : { message: "must not begin with ? or &, which are added where the URL needs them", correction: query };
}

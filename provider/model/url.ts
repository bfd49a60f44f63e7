import { isLoopback } from "../../contract/url";

/** What is wrong with an URL that requests are sent to. The value may hold a token, so it is not quoted. */
export function urlProblem(value: string): string | undefined {
  if (/[\s\p{Cc}]/u.test(value)) return "must not contain spaces or control characters";
  let url: URL;
  try {
    url = new URL(value);
  } catch {
    return "must be an absolute https URL, like https://example.com/whatsapp/message/clevertap";
  }
  if (url.username || url.password) return "must not contain a user name or password";
  if (value.includes("#")) return "must not contain a fragment (#…)";
  if (url.protocol === "http:" && isLoopback(url)) return undefined;
  if (url.protocol === "http:") return "must use https (http is accepted on loopback only)";
  return url.protocol === "https:" ? undefined : "must be an absolute https URL";
}

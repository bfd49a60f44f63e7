/** Does the URL stay on this machine? */
export function isLoopback(url: URL): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(url.hostname);
}

/** What is wrong with a URL that requests are sent to. The value may hold a token, so it is not quoted. */
export function urlFault(value: string): string | undefined {
  if (/[\s\p{Cc}]/u.test(value)) return "must not contain spaces or control characters";
  if (!URL.canParse(value))
    return "must be an absolute https URL, like https://example.com/whatsapp/message/clevertap";
  const url = new URL(value);
  if (url.username || url.password) return "must not contain a user name or password";
  if (value.includes("#")) return "must not contain a fragment (#…)";
  if (url.protocol === "http:")
    return isLoopback(url) ? undefined : "must use https (http is accepted on loopback only)";
  return url.protocol === "https:" ? undefined : "must be an absolute https URL";
}

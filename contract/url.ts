/** Does the URL stay on this machine? */
export function isLoopback(url: URL): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(url.hostname);
}

/** What is wrong with an HTTP End Point. The value may hold a token, so it is not quoted. */
export function endpointFault(value: string): string | undefined {
  if (!URL.canParse(value) || /\s/.test(value)) return "must be an absolute https URL";
  const url = new URL(value);
  if (url.username || url.password || value.includes("#")) return "must have no user-info and no fragment";
  const fine = url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url));
  return fine ? undefined : "must use https, or http on loopback";
}

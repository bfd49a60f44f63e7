/** Is this Host header an address of this machine? Another name could be a foreign site's that now leads here. */
export function isLoopbackHost(host: string): boolean {
  return /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(host);
}

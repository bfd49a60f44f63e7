import type { IncomingMessage } from "node:http";

/** How a gateway is reached. */
export interface Addressing {
  /** The address that it listens on. */
  readonly host: string;
  readonly isTls: boolean;
  readonly behindProxy: boolean;
  readonly publicUrl?: string;
}

/** A host name or address, with or without a port. */
const HOST = /^(\[[\da-f:.]+\]|[a-z\d]([a-z\d.-]*[a-z\d])?)(:\d{1,5})?$/i;
const LOOPBACK = /^(127(\.\d{1,3}){3}|localhost|\[::1\])$/i;

const nameOf = (host: string) => host.replace(/:\d+$/, "").toLowerCase();

/** The Host header as it came, or as the proxy says that it came. */
function hostOf({ behindProxy }: Addressing, request: IncomingMessage): string {
  const forwarded = behindProxy ? request.headers["x-forwarded-host"] : undefined;
  return (
    (typeof forwarded === "string" ? forwarded.split(",")[0]?.trim() : undefined) ??
    request.headers.host ??
    ""
  );
}

/**
 * Is the gateway meant by this name? Without `publicUrl`: on loopback only loopback names; elsewhere the certificate or the
 * proxy decides which names lead here.
 */
export function isKnownHost(addressing: Addressing, request: IncomingMessage): boolean {
  const host = hostOf(addressing, request);
  if (!HOST.test(host)) return false;
  const name = nameOf(host);
  if (LOOPBACK.test(name) || name === addressing.host.toLowerCase()) return true;
  if (addressing.publicUrl !== undefined) return name === nameOf(new URL(addressing.publicUrl).host);
  return addressing.isTls || addressing.behindProxy;
}

/** The root under which this caller reaches the gateway, without a slash at the end. */
export function baseOf(addressing: Addressing, request: IncomingMessage): string {
  if (addressing.publicUrl !== undefined) return addressing.publicUrl.replace(/\/+$/, "");
  const isHttps =
    addressing.isTls || (addressing.behindProxy && request.headers["x-forwarded-proto"] !== "http");
  return `${isHttps ? "https" : "http"}://${hostOf(addressing, request)}`;
}

import type { Context } from "hono";
import type { Gateway } from "../gateway";
import type { LoggedIn } from "../trust/sessions";
import type { Revealed } from "./revealed";

/** What the pages are started with. */
export interface PagesOptions {
  /** Is this, with its port, a name of the server? */
  readonly isOwnHost: (host: string) => boolean;
  /** True: browsers reach it by https, so its cookies go nowhere else. */
  readonly isSecure: boolean;
  /** True: a proxy in front of it says who asks. */
  readonly behindProxy?: boolean;
  /** After how many days somebody is asked to compare a provider with the dashboard. Left out: never. */
  readonly attestEveryDays?: number;
}

/** What all pages share. */
export interface Site {
  readonly gateway: Gateway;
  readonly options: PagesOptions;
  readonly revealed: Revealed;
}

/** What a request behind the log-in knows of who sent it. */
export interface Variables {
  readonly session: LoggedIn;
  readonly sessionId: string;
}

/** A request of somebody who has logged in. */
export type PageContext = Context<{ Variables: Variables }>;

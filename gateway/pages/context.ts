import type { HttpBindings } from "@hono/node-server";
import type { Context } from "hono";
import type { Gateway } from "../gateway";
import type { Addressing } from "../trust/addresses";
import type { LoggedIn } from "../trust/sessions";
import type { Revealed } from "./revealed";

/** What the pages are started with. */
export interface PagesOptions {
  readonly addressing: Addressing;
  /** After how many days somebody is asked to compare a provider with the dashboard. Left out: never. */
  readonly attestEveryDays?: number;
}

/** What all pages share. */
export interface Site {
  readonly gateway: Gateway;
  readonly options: PagesOptions;
  readonly revealed: Revealed;
}

/** What a request of the pages holds; the variables only behind the log-in. */
export interface Env {
  Bindings: HttpBindings;
  Variables: { session: LoggedIn; sessionId: string };
}

/** A request of somebody who has logged in. */
export type PageContext = Context<Env>;

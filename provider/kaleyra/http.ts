import { parseJson } from "../../contract/json";
import { redactor } from "../api/redact";
import { type Request, sendOnce } from "../api/transport";
import type { KaleyraSettings } from "./findings";

/** One request to a server of Kaleyra: certificates, proxies and redirects as for the API. */

/** An answer. Its members may be of any type. */
export interface Reply {
  readonly status: number;
  /** The status is 2xx. */
  readonly isSuccess: boolean;
  readonly body: string;
  /** The body as JSON; undefined where it is none. */
  readonly json: unknown;
}

/** Why there is no answer; it holds no foreign text. */
export interface NoReply {
  readonly why: string;
  readonly timedOut?: true;
}

/** @param limit milliseconds */
export async function ask(
  url: string,
  request: Omit<Request, "path">,
  limit: number,
): Promise<Reply | NoReply> {
  const answer = await sendOnce(url, request, limit);
  if ("what" in answer) {
    const { what, timedOut } = answer;
    return { why: timedOut ? `no answer within ${limit / 1000} s` : what, timedOut };
  }
  const { status, body } = answer;
  return { status, isSuccess: status >= 200 && status < 300, body, json: parseJson(body) };
}

/** A text of Kaleyra for a person, without the secrets of the settings. */
export function shown({ apiKey, sid, headers }: KaleyraSettings, said: string): string {
  return redactor([apiKey, sid, ...Object.values(headers ?? {})]).text(said);
}

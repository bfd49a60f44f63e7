import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";

/** What came back from an address, or why nothing did. */
export interface Outcome {
  /** Absent: there was no answer. */
  readonly status?: number;
  readonly body: string;
  readonly timedOut: boolean;
}

const ANSWER_LIMIT = 64 * 1024;

/** Posts JSON and takes what comes, never a throw. Redirects are not followed: the headers hold credentials. */
export function postJson(
  address: string,
  headers: Record<string, string>,
  value: unknown,
  limitMs: number,
  signal?: AbortSignal,
): Promise<Outcome> {
  return new Promise<Outcome>((resolve) => {
    let body = "";
    let status: number | undefined;
    let done = false;
    const end = (outcome: Partial<Outcome>) => {
      if (done) return;
      done = true;
      clearTimeout(timer);
      resolve({ body, timedOut: false, ...outcome });
      request.destroy();
    };
    const url = new URL(address);
    const payload = JSON.stringify(value);
    const open = url.protocol === "https:" ? httpsRequest : httpRequest;
    const request = open(url, {
      method: "POST",
      headers: {
        ...headers,
        "content-type": "application/json",
        "content-length": Buffer.byteLength(payload),
      },
      agent: false,
      // Whatever the environment says: the headers hold credentials.
      rejectUnauthorized: true,
      signal,
    });
    // A process that was busy for a second finds both the timer and the answer due: the answer goes first.
    const timer = setTimeout(() => setImmediate(() => setImmediate(() => end({ timedOut: true }))), limitMs);
    request.on("error", () => end({}));
    request.on("response", (response) => {
      status = response.statusCode ?? 0;
      response.setEncoding("utf8");
      response.on("data", (text: string) => {
        body += text;
        if (body.length > ANSWER_LIMIT) end({ status });
      });
      response.on("error", () => end({}));
      response.on("end", () => end({ status }));
    });
    request.end(payload);
    // An edit past the API can leave an address or a header that no request can be made of.
  }).catch(() => ({ body: "", timedOut: false }));
}

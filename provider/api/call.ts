import { randomUUID } from "node:crypto";
import { PUBLIC_HEADER_NAMES } from "../../contract/headers";
import { parseJson } from "../../contract/json";
import type { ProviderRequest } from "../../contract/types";
import type { ErrorCode, ErrorDetails } from "../model/errors";
import { readProblem } from "./answers";
import { ApiError, type Failure } from "./api-error";
import { failureOf, isFailEnvelope } from "./error-answers";
import { type Redactor, redactor } from "./redact";
import { type Clock, type GivenUp, type Patience, withRetries } from "./retry";
import { type Answer, type Breakdown, openTransport, type Request, type Transport } from "./transport";
import { UnfitAnswer } from "./unfit-answer";

/** One call of the contract: its attempts, what their answers mean, and the error that it ends with. */

/** How the body of a success is read. */
export interface Reading<T> {
  /** @throws UnfitAnswer */
  read(json: unknown, answer: Answer): T;
}

/** A request, and what its answers mean. */
export interface Call<T> extends Pick<Request, "method" | "path"> {
  /** Its name in messages: "the create". */
  readonly name: string;
  readonly headers?: Record<string, string>;
  readonly body?: ProviderRequest;
  /** It changes something, so without an answer the outcome is open. */
  readonly isWrite?: boolean;
  /** A verification that timed out is not tried again. */
  readonly verifiesOnce?: boolean;
  /** `noContent`: the result of a 204. Without a reading beside it, nothing else is a success. */
  readonly success: Reading<T> | (Partial<Reading<T>> & { readonly noContent: T });
  /** Codes that are no error for this call, with the result that they stand for. */
  readonly accepted?: Partial<Record<ErrorCode, { readonly value: T }>>;
}

/** The account, and how long to try. */
export interface CallerOptions extends Patience {
  readonly accountId: string;
  readonly passcode: string;
  /** Seconds per attempt. */
  readonly requestTimeout: number;
}

/** Codes that leave nothing open, even after a lost attempt: the server has checked the same request and refused it. */
const SETTLED: readonly string[] = [
  "number-in-use",
  "invalid-field",
  "verification-failed",
  "verification-timeout",
  "provider-not-found",
];

/** Makes the calls of one account. Nothing is loaded or opened before the first. */
export class Caller {
  // One for all calls: the answer to a read may quote a secret of an earlier write.
  readonly #secrets: Redactor;
  #transport?: Transport;

  constructor(
    readonly origin: string,
    readonly options: CallerOptions,
    readonly clock: Clock,
  ) {
    this.#secrets = redactor([options.passcode]);
  }

  /** Makes a call, and repeats it after a failure that can heal. @throws ApiError */
  async call<T>(spec: Call<T>): Promise<T> {
    this.conceal(secretsOf(spec.body));
    const body = spec.body && JSON.stringify(spec.body);
    const headers = {
      "X-CleverTap-Account-Id": this.options.accountId,
      "X-CleverTap-Passcode": this.options.passcode,
      "User-Agent": userAgent(),
      Accept: "application/json, application/problem+json",
      ...(body !== undefined && { "Content-Type": "application/json" }),
      ...spec.headers,
    };
    const ended = await withRetries(
      () => this.#attempt(spec, { method: spec.method, path: spec.path, headers, body }),
      this.options,
      this.clock,
    );
    if ("value" in ended) return ended.value;
    throw errorOf(spec, ended);
  }

  async #attempt<T>(spec: Call<T>, request: Request): Promise<{ value: T } | Failure> {
    const { requestTimeout, signal } = this.options;
    const requestId = randomUUID();
    const headers = { ...request.headers, "X-Request-Id": requestId };
    this.#transport ??= openTransport(this.origin, requestTimeout * 1000);
    const result = await this.#transport.send({ ...request, headers }, signal);
    if ("status" in result) {
      const outcome = judge(spec, result, this.#secrets);
      return "value" in outcome ? outcome : { ...outcome, requestId };
    }
    return { ...withoutAnswer(result, spec), requestId };
  }

  /** Further secrets to take out of texts of the API, beside those that a call carries. */
  conceal(secrets: readonly string[]): void {
    secrets.forEach(this.#secrets.add);
  }

  get redactor(): Redactor {
    return this.#secrets;
  }

  async close(): Promise<void> {
    await this.#transport?.close();
  }
}

/** What one answer means for a call. */
function judge<T>(spec: Call<T>, answer: Answer, redact: Redactor): { value: T } | Failure {
  const { success, isWrite = false } = spec;
  const { status } = answer;
  if (status === 204 && "noContent" in success) return { value: success.noContent };
  const json = parseJson(answer.body);
  const problem = json === undefined ? undefined : readProblem(json);
  if (status < 200 || status >= 300 || isFailEnvelope(problem)) {
    const failure = failureOf(answer, problem, redact);
    const accepted = spec.accepted?.[failure.code];
    if (accepted) return accepted;
    if (failure.code === "verification-timeout" && spec.verifiesOnce) return { ...failure, retry: false };
    return isWrite ? failure : { ...failure, lost: false };
  }
  const unfit = (why: string, retry = true): Failure => {
    const what = `the answer to ${spec.name} (status ${status}) can't be used: ${why}`;
    return { code: "bad-answer", what, retry, lost: isWrite, status };
  };
  if (!success.read) return unfit("it should be 204");
  if (json === undefined) return unfit(answer.body.trim() === "" ? "it is empty" : "it is not JSON");
  try {
    return { value: success.read(json, answer) };
  } catch (error) {
    if (!(error instanceof UnfitAnswer)) throw error;
    // A write is repeated, as after a lost answer. For a read, another attempt would bring the same shape.
    return unfit(error.message, isWrite);
  }
}

/** One attempt that brought no answer. */
export function withoutAnswer({ code, what, sent, heals }: Breakdown, { isWrite }: Named): Failure {
  const lost = sent && isWrite === true;
  // Also a write with an answer that was too large is repeated, under the same key or revision.
  return { code, what, retry: heals || (lost && code !== "cancelled"), lost };
}

/** What the message of a call's error is made of, beside its last failure. */
type Named = Pick<Call<unknown>, "name" | "isWrite">;

/** The error of a call that failed. @param detailsOf what the throw site knows better than the table of codes */
export function errorOf(
  spec: Named,
  { failure, attempts, lostBefore }: GivenUp,
  detailsOf: (code: ErrorCode) => Pick<ErrorDetails, "property" | "remedy"> = () => ({}),
): ApiError {
  const { code, what, status, requestId, problems, conflict, verification } = failure;
  const isOpen = spec.isWrite === true && (lostBefore || failure.lost) && !SETTLED.includes(code);
  const ended = { status, requestId, afterLostAttempt: lostBefore, outcomeUnknown: isOpen };
  if (isOpen && failure.retry && code !== "request-in-progress") {
    const tried = attempts === 1 ? "" : ` in ${attempts} attempts`;
    const text = `${spec.name} got no usable answer${tried}, so it is not known whether it took effect: ${what}`;
    return new ApiError("outcome-unknown", text, { ...ended, ...detailsOf("outcome-unknown") });
  }
  const tried = failure.retry && attempts > 1 ? ` (${attempts} attempts)` : "";
  return new ApiError(code, `${what}${tried}`, {
    ...ended,
    problems,
    conflict,
    verification,
    ...detailsOf(code),
  });
}

/** Every secret value of a request. A header is secret unless it is known to be public. */
function secretsOf(body: ProviderRequest | undefined): string[] {
  const secret =
    body?.headers.filter((h) => h.secret || !PUBLIC_HEADER_NAMES.includes(h.key.toLowerCase())) ?? [];
  return secret.flatMap((h) => h.value ?? []);
}

/** How this package introduces itself. */
export function userAgent(): string {
  const { version } = require("pulumi-clevertap-whatsapp/package.json") as { version: string };
  return `pulumi-clevertap-whatsapp/${version}`;
}

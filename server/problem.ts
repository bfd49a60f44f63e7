import { PROBLEMS, type ProblemCode } from "../contract/problems";
import type { Conflict, ProblemDetail, Verification } from "../contract/types";

export interface ProblemExtra {
  readonly errors?: ProblemDetail[];
  readonly conflict?: Conflict;
  readonly verification?: Verification;
}

/** An answer that ends a call: thrown anywhere in a handler. */
export class Problem extends Error {
  /**
   * @param detail what happened here; never a secret
   * @param status that of the code, unless a fault asks for another
   */
  constructor(
    readonly code: ProblemCode,
    detail: string,
    readonly extra: ProblemExtra = {},
    readonly headers: Record<string, string> = {},
    readonly status: number = PROBLEMS[code][0],
  ) {
    super(detail);
  }

  /** The problem+json body. */
  body(): Record<string, unknown> {
    const { code, message: detail, status, extra } = this;
    const type = `urn:problem:whatsapp-provider:${code}`;
    return { type, title: PROBLEMS[code][1], status, detail, code, ...extra };
  }
}

export function invalidField(errors: ProblemDetail[]): Problem {
  const detail = errors.map((error) => `${error.pointer || "the body"} ${error.message}`).join("; ");
  return new Problem("invalid-field", `${detail}.`, { errors });
}

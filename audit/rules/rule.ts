import type { Confirmation } from "../confirmation";
import type { CredentialAge } from "../credentials";
import type { GatewayLog } from "../reading/gateway-log";
import type { AuditState } from "../reading/state";
import type { AuditedResource } from "../resource";

/** What a rule is, and what it looks at. */

export const SEVERITIES = ["error", "warning", "note"] as const;
export type Severity = (typeof SEVERITIES)[number];

/** What can be set of a rule: a number, a text, or a list of texts, each with its default. */
export type Options = Readonly<Record<string, number | string | readonly string[]>>;

/** Everything that is looked at together. */
export interface Subject {
  readonly states: readonly AuditState[];
  readonly log?: GatewayLog;
  /** Ages against this limit. */
  ages(state: AuditState, maxDays: number): readonly CredentialAge[];
  confirmations(state: AuditState): readonly Confirmation[];
}

/** What a rule has found, before it is put into words for a place. */
export interface Found {
  readonly state?: AuditState;
  readonly resource?: Pick<AuditedResource, "urn">;
  /** What is wrong, as one sentence without its end, without a secret. */
  readonly what: string;
}

export interface Rule<O extends Options = Options> {
  readonly severity: Severity;
  /** What it looks for, as one sentence. */
  readonly about: string;
  /** What to do about what it finds. */
  readonly remedy: string;
  readonly options: O;
  find(subject: Subject, options: O): Found[];
}

/** Makes a rule: here its options get their types. */
export function rule<const O extends Options>(made: Rule<Widened<O>> & { options: O }): Rule {
  return { ...made, find: (subject, options) => made.find(subject, options as Widened<O>) };
}

type Widened<O extends Options> = {
  readonly [N in keyof O]: O[N] extends number ? number : O[N] extends string ? string : readonly string[];
};

/** Looks at each resource of each state. */
export function ofEachResource(
  { states }: Subject,
  look: (resource: AuditedResource, state: AuditState) => readonly string[],
): Found[] {
  return states.flatMap((state) =>
    state.resources.flatMap((resource) => look(resource, state).map((what) => ({ state, resource, what }))),
  );
}

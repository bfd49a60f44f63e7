import type { Change, PropertyChange } from "./compare";
import type { Confirmation, LoggedAs } from "./confirmation";
import type { CredentialAge } from "./credentials";
import type { Author } from "./reading/history";
import type { Finding } from "./rules";

/** What an audit has found: every format shows this, and nothing else. It holds no secret. */

/** A state that was looked at. */
export interface StateSummary {
  /** The file, as the user named it. */
  readonly source: string;
  /** `project/stack`. */
  readonly stack: string;
  /** When the engine wrote it, RFC 3339; empty where it does not say. */
  readonly time: string;
  /** Resources of this package in it. */
  readonly resources: number;
  /** Resources of other packages, which are not looked at but for secrets in clear. */
  readonly others: number;
}

/** An update that made a change, and who ran it. */
export interface Attribution {
  readonly time: string;
  readonly kind: string;
  readonly result: string;
  readonly message: string;
  readonly author: Author;
}

/** What the gateway's log has on a change. */
export interface Logged {
  readonly as: LoggedAs;
  readonly by?: string;
  readonly at?: string;
  readonly task?: string;
}

export interface ReportedChange extends Change {
  /** The updates that made it, oldest first; none where nothing was kept. */
  readonly by: readonly Attribution[];
  /** Only where a log was given, and of what goes through the gateway. */
  readonly logged?: Logged;
}

/** An update with what it changed. */
export interface ReportedUpdate extends Attribution {
  readonly stack: string;
  readonly changes: readonly ReportedChange[];
  /** Changes of the `clevertap:` configuration. */
  readonly settings: readonly PropertyChange[];
}

export interface Report {
  /** Version of this form: it moves when a member is removed or changes its meaning. */
  readonly version: 1;
  readonly report: "diff" | "history" | "check";
  /** The day from which ages are counted, RFC 3339. */
  readonly asOf: string;
  /** Days from which on a credential counts as old. */
  readonly maxDays: number;
  readonly states: readonly StateSummary[];
  readonly log?: { readonly source: string; readonly lines: number; readonly fault?: string };
  /** Of a diff. */
  readonly changes: readonly ReportedChange[];
  /** Of a history, oldest first. */
  readonly updates: readonly ReportedUpdate[];
  /** Resources that stayed as they were. */
  readonly unchanged: number;
  /** Technical differences that were left out. */
  readonly folded: number;
  readonly credentials: readonly CredentialAge[];
  readonly confirmations: readonly Confirmation[];
  readonly findings: readonly Finding[];
}

import type { TASK_KINDS, TASK_STATES } from "../../contract/types";
import type { FormValues } from "./values";

/** What the database holds. Times are RFC 3339, UTC. */

export type TaskKind = (typeof TASK_KINDS)[number];
export type TaskState = (typeof TASK_STATES)[number];

/** Whose number it is in which account: what the dashboard has at most once. */
export interface Place {
  readonly account: string;
  readonly number: string;
}

/** A provider as it is declared. */
export interface Declared {
  /** Grows from one provider to the next. */
  readonly seq: number;
  readonly id: string;
  readonly account: string;
  readonly values: FormValues;
  readonly externalReference?: string;
  readonly revision: number;
  /** True: it was asked to go, and a person has to delete it. */
  readonly going: boolean;
  /** True: CleverTap refused the values, and the program has not sent them again. */
  readonly refused: boolean;
  /** Number of the last task that was refused, as long as these values are declared: asked again, it is opened again. */
  readonly refusedTask?: number;
  /** What a person said of the last refusal. */
  readonly statusReason?: string;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** What a person said that the dashboard holds under a number. */
export interface Attestation {
  readonly values: FormValues;
  /** Name of the operator. */
  readonly by: string;
  readonly at: string;
  /** Number of the task that they confirmed. */
  readonly task: number;
}

/** What a person keeps with a confirmation. */
export interface Evidence {
  /** What Kaleyra's dashboard says of the number. */
  readonly numberDetails?: string;
  readonly note?: string;
}

/** A task: one change, or one look, with the exact values. */
export interface KeptTask extends Place {
  /** The N of `/tasks/N`. */
  readonly n: number;
  readonly kind: TaskKind;
  readonly state: TaskState;
  /** Id of the provider that asked. */
  readonly provider: string;
  /** Of the provider when it asked. */
  readonly revision: number;
  /** What has to stand in the form at the end; absent for a delete. */
  readonly target?: FormValues;
  /** What was attested when it was opened or last worked out; absent: nothing was. */
  readonly base?: FormValues;
  /** Who asked: the owner's mark. */
  readonly externalReference?: string;
  readonly openedAt: string;
  readonly takenBy?: string;
  readonly takenAt?: string;
  /** Who confirmed or refused it. */
  readonly closedBy?: string;
  readonly closedAt?: string;
  /** What CleverTap said. */
  readonly reason?: string;
  readonly evidence?: Evidence;
  /** A look that was confirmed: the fields that were different. */
  readonly found?: readonly string[];
}

import { WhatsAppProviderError } from "../model/errors";
import type { Table } from "../model/property";
import type { Properties } from "../model/unknown";
import type { Context } from "./context";

/** What hosts need of a resource, and all that they know of it. A resource is a folder here and a line in `index.ts`. */
export interface Resource {
  /** The last part of its type tokens, and the name of its class. */
  readonly name: string;
  readonly properties: Table;
  /** Changes that old and new inputs don't show. */
  readonly changesInOutputs: readonly string[];
  check(context: Context, request: CheckRequest): Promise<CheckResult>;
  diff(context: Context, id: string, state: Properties, inputs: Properties): Promise<Diff>;
  /** Whether new inputs make a new object of what the old ones made. */
  isReplaced(context: Context, olds: Properties, news: Properties): boolean;
  /** What a create would be refused for, asked at preview. */
  previewCreate(context: Context, inputs: Properties): Promise<WhatsAppProviderError[]>;
  /** What an update would be refused for, asked at preview. */
  previewUpdate(
    context: Context,
    id: string,
    state: Properties,
    inputs: Properties,
  ): Promise<WhatsAppProviderError[]>;
  /** Outputs at preview, as far as they are known. @param state of the object that changes; none: it will be made */
  planned(context: Context, inputs: Properties, state?: Properties): Properties;
  /** Names of the outputs that an update leaves as they are. */
  stable(state: Properties, inputs: Properties): string[];
  create(context: Context, inputs: Properties): Promise<{ id: string; state: Properties }>;
  /** @returns undefined when the object is gone */
  read(context: Context, id: string, state: Properties): Promise<ReadResult | undefined>;
  update(context: Context, id: string, state: Properties, inputs: Properties): Promise<Properties>;
  delete(context: Context, id: string, state: Properties): Promise<void>;
}

/** A write that took effect and still ends with an error: the engine keeps the resource, and the next `up` goes on with it. */
export class KeptInState extends WhatsAppProviderError {
  // It holds secrets, and whoever prints an error prints its public members.
  readonly #state: Properties;

  constructor(
    cause: WhatsAppProviderError,
    readonly id: string,
    state: Properties,
  ) {
    super(cause.code, cause.what, cause);
    this.message = cause.message;
    this.#state = state;
  }

  get state(): Properties {
    return this.#state;
  }
}

/** What a host asks: the old inputs (none for a new resource), the new arguments, and who is asking. */
export interface CheckRequest {
  readonly olds?: Properties;
  readonly news: Properties;
  readonly urn: string;
  readonly organization: string;
  /** Arguments that the program passed as secrets: their values are not shown in messages. */
  readonly confidential?: readonly string[];
  /** Only for the check that belongs to an import: its secrets are left to set. */
  readonly allowPlaceholders?: boolean;
}

/** Inputs in canonical form, to be kept in state, and everything that is wrong with them. */
export interface CheckResult {
  readonly inputs: Properties;
  readonly failures: readonly WhatsAppProviderError[];
}

/** What a change of the inputs means for an object that exists. */
export interface Diff {
  /** Names of the properties that change, in the order of the table. */
  readonly changed: string[];
  /** Those of them that make a new object. */
  readonly replaces: string[];
  readonly deleteBeforeReplace: boolean;
}

/** What is there now, as state and as the inputs that would make it. */
export interface ReadResult {
  readonly state: Properties;
  readonly inputs: Properties;
}

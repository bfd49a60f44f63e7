import { typesOf } from "../provider/program/tokens";
import { parsed } from "./pulumi";

/** What is read from an exported state. */

/** A resource of an exported state. */
export interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  /** Waits for deletion after a replacement. */
  readonly delete?: boolean;
  readonly inputs?: Record<string, unknown>;
  readonly outputs?: Record<string, unknown>;
}

/** An exported state. With `secrets` they are in clear: keep them in memory, print none. */
export interface ExportedState {
  readonly resources: readonly StateResource[];
  /** An update was killed in the middle, so its last operations may or may not have happened. */
  readonly hasPending: boolean;
}

/** The providers of a state, of both kinds of resource: dynamic and the plugin's. */
export function providersIn({ resources }: ExportedState): StateResource[] {
  const { dynamic, plugin } = typesOf("WhatsAppProvider");
  return resources.filter(({ type }) => type === dynamic || type === plugin);
}

/** A value of an exported state without the envelope that a secret has even in clear. */
export function plainValue(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if ("plaintext" in value && typeof value.plaintext === "string") return plainValue(parsed(value.plaintext));
  if (Array.isArray(value)) return value.map(plainValue);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plainValue(inner)]));
}

import type { PlainMembers } from "../contract/members";
import type { Answer } from "./http";

/** Documents by key, in the order in which their keys came. What is put or read must not be changed in place. */
export interface Collection<T> {
  get(key: string): T | undefined;
  all(): T[];
  put(key: string, document: T): void;
  remove(key: string): void;
  clear(): void;
}

/** A header pair as it is kept, with its value. */
export interface KeptHeader {
  readonly key: string;
  readonly value: string;
  readonly secret: boolean;
}

/** What a write can set. */
export interface ProviderValues extends Readonly<PlainMembers> {
  readonly headers: readonly KeptHeader[];
  readonly isDefault: boolean;
}

/** A provider as it is kept: secrets in clear, so it never leaves the process as it is. */
export interface KeptProvider extends ProviderValues {
  /** Grows from one provider to the next. */
  readonly seq: number;
  readonly id: string;
  readonly account: string;
  /** True: delete is refused with provider-in-use. */
  readonly inUse: boolean;
  readonly revision: number;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** By id. */
export type Providers = Collection<KeptProvider>;

/** An answer that is kept under an Idempotency-Key. */
export interface KeptAnswer extends Answer {
  /** Account and key. */
  readonly name: string;
  /** Of the request's body. */
  readonly digest: string;
  /** In milliseconds since 1970. */
  readonly created: number;
}

/** The answers that are kept under an Idempotency-Key, by name. */
export interface Answers {
  /** What tells one request body from another. */
  digest(body: Buffer): string;
  get(name: string): KeptAnswer | undefined;
  put(name: string, answer: KeptAnswer): void;
  /** Forgets those of before a time, in milliseconds since 1970. */
  removeBefore(time: number): void;
}

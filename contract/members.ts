import { endpointFault } from "./url";

/** A header pair in a request. A secret header sent without `value` keeps what is stored. */
export interface HeaderPair {
  key: string;
  value?: string;
  secret?: boolean;
}

/** One member of a save request, with values of type T. */
export interface Member<T> {
  is(value: unknown): value is T;
  /** What is wrong when it is not: words that follow the member's name. */
  readonly words: string;
  /** What is wrong with a value of the right type; the value is not quoted. */
  fault?(value: T): string | undefined;
  /** What a server takes for a member that is left out; undefined: it stays out. */
  readonly standard?: T;
}

const string = { is: (value: unknown) => typeof value === "string", words: "must be a string" };
const flag = {
  is: (value: unknown) => typeof value === "boolean",
  words: "must be true or false",
  standard: false,
};

function nicknameFault(value: string): string | undefined {
  if (value.trim() === "" || [...value].length > 64) return "must have 1 to 64 characters";
  return /\p{Cc}/u.test(value) ? "must not contain control characters" : undefined;
}

function numberFault(value: string): string | undefined {
  const words = "must be 7 to 15 digits with the country code, without +";
  return /^[1-9]\d{6,14}$/.test(value) ? undefined : words;
}

const LIMIT = "must be an integer from 30 to 1000";
const REFERENCE = "must be a string of at most 255 characters";

const REQUIRED = {
  provider: { is: (value: unknown) => value === "generic", words: 'must be "generic"' },
  nickname: { ...string, fault: nicknameFault },
  mobileNumber: { ...string, fault: numberFault },
  httpEndpoint: { ...string, fault: endpointFault },
  headers: { is: (value: unknown): value is HeaderPair[] => Array.isArray(value), words: "must be an array" },
};

const OPTIONAL = {
  markAsDefault: flag,
  autoReplyUntracked: flag,
  maxConcurrentRequests: {
    is: (value: unknown): value is number => Number.isInteger(value),
    words: LIMIT,
    fault: (value: number) => (value >= 30 && value <= 1000 ? undefined : LIMIT),
    standard: 100,
  },
  externalReference: {
    is: string.is,
    words: REFERENCE,
    fault: (value: string) => ([...value].length <= 255 ? undefined : REFERENCE),
  },
};

/**
 * The members of a save request. Its type, a server's validation, storage and answers follow this table: a new member is
 * an entry here and one in openapi.yaml. What may stand in a header pair is looked at by the server.
 */
export const MEMBERS: Readonly<Record<string, Member<unknown>>> = { ...REQUIRED, ...OPTIONAL };

/** What is wrong with a member of a request. */
export function memberFault(name: string, value: unknown): string | undefined {
  const member = Object.hasOwn(MEMBERS, name) ? MEMBERS[name] : undefined;
  if (!member) return "is not a known member";
  if (value === undefined && !Object.hasOwn(REQUIRED, name)) return undefined;
  return member.is(value) ? member.fault?.(value) : member.words;
}

type Values<T> = { [N in keyof T]: T[N] extends { is(value: unknown): value is infer V } ? V : never };

/** Body of POST and PUT. */
export type ProviderRequest = Values<typeof REQUIRED> & Partial<Values<typeof OPTIONAL>>;

/** What a server takes for the members that are left out. Each has its key, so that a replacement clears what it leaves out. */
export const STANDARDS: Partial<Values<typeof OPTIONAL>> = Object.fromEntries(
  Object.keys(OPTIONAL).map((name) => [name, MEMBERS[name]?.standard]),
);

/** Members that a server keeps and shows as they came; the other three have another form in an answer. */
export type PlainMembers = Omit<ProviderRequest, (typeof CHANGED)[number]>;
const CHANGED = ["provider", "headers", "markAsDefault"] as const satisfies (keyof ProviderRequest)[];

export function isPlain(name: string): name is keyof PlainMembers {
  return Object.hasOwn(MEMBERS, name) && !CHANGED.some((other) => other === name);
}

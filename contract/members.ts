import { urlFault } from "./url";

/** A header pair in a request. A secret header sent without `value` keeps what is stored. */
export interface HeaderPair {
  key: string;
  value?: string;
  secret?: boolean;
}

type JsonType = "string" | "number" | "boolean" | "array";

/** One member of a save request, with values of type T. */
export interface Member<T> {
  /** What a reader of answers expects, whatever `fault` says beyond it. */
  readonly type: JsonType;
  /** What is wrong with a value, in words that follow the member's name and don't quote the value. */
  readonly fault: (value: unknown) => string | undefined;
  /** What a server takes for a member that is left out; undefined: it stays out. */
  readonly standard?: T;
  /** The field of CleverTap's form; undefined: the form has none. */
  readonly field?: FormField;
}

/** A field as a person sees it. */
export interface FormField {
  readonly label: string;
  /** What the field wants, in a few words. */
  readonly hint?: string;
  /** What the field's list offers. */
  readonly options?: readonly (readonly [value: string, text: string])[];
}

interface Rule<T> extends Omit<Member<T>, "fault"> {
  /** Is this a value of the member? */
  readonly test: (value: unknown) => boolean;
  /** What a value must be, in words. */
  readonly words: string;
}

function required<T>({ test, words, ...rest }: Rule<T>): Member<T> {
  return { ...rest, fault: (value) => (test(value) ? undefined : `must be ${words}`) };
}

function optional<T>({ test, ...rest }: Rule<T>): Member<T> {
  return required({ ...rest, test: (value) => value === undefined || test(value) });
}

function text(label: string, fault: (value: string) => string | undefined, hint?: string): Member<string> {
  const words = "must be a string";
  return {
    type: "string",
    fault: (value) => (typeof value === "string" ? fault(value) : words),
    field: { label, hint },
  };
}

function flag(label: string, hint?: string): Member<boolean> {
  const test = (value: unknown) => typeof value === "boolean";
  return optional({ type: "boolean", test, words: "true or false", standard: false, field: { label, hint } });
}

function nicknameFault(value: string): string | undefined {
  if (value.trim() === "" || [...value].length > 64) return "must have 1 to 64 characters";
  return /\p{Cc}/u.test(value) ? "must not contain control characters" : undefined;
}

/**
 * WhatsApp's ids: E.164 digits. Nothing stricter, since number libraries refuse ids that work (Brazil with 12 digits, Mexico
 * with a 1).
 */
export function isMobileNumber(value: string): boolean {
  return /^[1-9]\d{6,14}$/.test(value);
}

function numberFault(value: string): string | undefined {
  return isMobileNumber(value) ? undefined : "must be 7 to 15 digits with the country code, without +";
}

const REQUIRED = {
  provider: required<"generic">({
    type: "string",
    test: (value) => value === "generic",
    words: '"generic"',
    field: { label: "Provider", options: [["generic", "Generic (Other)"]] },
  }),
  nickname: text("Nickname", nicknameFault),
  mobileNumber: text(
    "Mobile number",
    numberFault,
    "Country code first, digits only: a number that is approved in Kaleyra's dashboard",
  ),
  httpEndpoint: text("HTTP End Point", urlFault, "Handed out by Kaleyra support"),
  headers: required<HeaderPair[]>({ type: "array", test: Array.isArray, words: "an array" }),
};

const OPTIONAL = {
  markAsDefault: flag(
    "Mark as default",
    "An account has one: marking this provider takes the mark from the other",
  ),
  autoReplyUntracked: flag("Auto-reply to untracked users"),
  maxConcurrentRequests: optional<number>({
    type: "number",
    test: (value) => Number.isInteger(value) && Number(value) >= 30 && Number(value) <= 1000,
    words: "an integer from 30 to 1000",
    standard: 100,
    field: { label: "Maximum concurrent requests", hint: "30 to 1000" },
  }),
  externalReference: optional<string>({
    type: "string",
    test: (value) => typeof value === "string" && [...value].length <= 255,
    words: "a string of at most 255 characters",
  }),
};

/**
 * The members of a save request. Its type, a server's validation, storage and answers, and how a client reads these follow
 * this table: a new member is an entry here and one in openapi.yaml. What may stand in a header pair is looked at by the server.
 */
export const MEMBERS: Readonly<Record<string, Member<unknown>>> = { ...REQUIRED, ...OPTIONAL };

type Values<T> = { [N in keyof T]: T[N] extends Member<infer V> ? V : never };

/** Body of POST and PUT. */
export type ProviderRequest = Values<typeof REQUIRED> & Partial<Values<typeof OPTIONAL>>;

/** What a server takes for the members that are left out. Each has its key, so that a replacement clears what it leaves out. */
export const STANDARDS: Partial<Values<typeof OPTIONAL>> = Object.fromEntries(
  Object.entries(OPTIONAL).map(([name, { standard }]) => [name, standard]),
);

/** Members that a server keeps and shows as they came; the other three have another form in an answer. */
export type PlainMembers = Omit<ProviderRequest, (typeof CHANGED)[number]>;
const CHANGED = ["provider", "headers", "markAsDefault"] as const satisfies (keyof ProviderRequest)[];

export function isPlain(name: string): name is keyof PlainMembers {
  return Object.hasOwn(MEMBERS, name) && !CHANGED.some((other) => other === name);
}

/** The plain members with what `make` makes of each. */
export function plainMembers<R>(make: (member: Member<unknown>) => R): Record<keyof PlainMembers, R> {
  const entries = Object.entries(MEMBERS).filter(([name]) => isPlain(name));
  return Object.fromEntries(entries.map(([name, member]) => [name, make(member)])) as Record<
    keyof PlainMembers,
    R
  >;
}

import { SECRET_HEADER_NAMES } from "../../contract/headers";
import { type Member, type PlainMembers, plainMembers } from "../../contract/members";
import type { Provider, ProviderDefaults } from "../../contract/types";
import { harmless } from "../model/sentinels";
import { visible } from "../model/text";
import { flag, lenient, list, number, object, optional, type Reader, text, turned, value } from "./readers";

/** The shapes of answers. */

/** A text that goes into state. */
const stated = turned(text, harmless);
/** A header's name is a key of an object in state. Names ignore case, and `__proto__` is no ordinary key. */
const headerName = turned(text, (key) => {
  const name = harmless(key.toLowerCase());
  return name === "__proto__" ? "__proto_" : name;
});
/** The server has to get an id back unchanged, so an id that is unfit for a path, a line or the engine is refused. */
const id = value(
  (found): found is string =>
    typeof found === "string" &&
    found.length <= 1024 &&
    !["", ".", ".."].includes(found) &&
    found === visible(found) &&
    found === harmless(found),
);
const revision = value((found): found is number => Number.isSafeInteger(found) && Number(found) >= 0);

const storedHeader = turned(
  object({
    key: headerName,
    value: optional(stated),
    secret: optional(flag),
    valueSet: optional(flag),
  }),
  ({ value, ...header }) => {
    const secret = header.secret || SECRET_HEADER_NAMES.includes(header.key);
    // A server that shows a secret must not bring it into state.
    return secret ? { ...header, secret: true } : { ...header, value };
  },
);

const defaults = {
  inboundMessageCallbackUrl: stated,
  deliveryReportCallbackUrl: stated,
  payloadVersion: stated,
};

/** What a member of each type is read as, with any value of that type. */
const READERS: Record<Member<unknown>["type"], Reader<unknown>> = {
  string: stated,
  number,
  boolean: flag,
  array: list((entry) => entry),
};

/** Members that come back as they were sent. */
const plain = plainMembers<Reader<unknown>>(({ type, fault }) => {
  const isRequired = fault(undefined) !== undefined;
  return isRequired ? READERS[type] : optional(READERS[type]);
}) as { [N in keyof PlainMembers]-?: Reader<PlainMembers[N]> };

const provider = object({
  ...defaults,
  ...plain,
  id,
  provider: stated,
  headers: list(storedHeader),
  isDefault: flag,
  status: stated,
  // A plain server may mean something else by these.
  statusReason: lenient(stated),
  task: lenient(object({ id: stated, url: stated, kind: stated, state: stated })),
  revision,
  createdAt: optional(stated),
  updatedAt: optional(stated),
});

const page = object({ items: list(provider), nextPageToken: optional(text) });

/** @throws UnfitAnswer */
export const readDefaults = (json: unknown): ProviderDefaults => object(defaults)(json);
/** @param answeredAt the answer's `Date` @throws UnfitAnswer */
export const readProvider = (json: unknown, answeredAt?: string): Provider => ({
  ...provider(json),
  answeredAt,
});
/** @param answeredAt the answer's `Date` @throws UnfitAnswer */
export const readPage = (
  json: unknown,
  answeredAt?: string,
): { items: Provider[]; nextPageToken?: string } => {
  const { items, nextPageToken } = page(json);
  return { items: items.map((item) => ({ ...item, answeredAt })), nextPageToken };
};
/** @throws UnfitAnswer */
export const readValid = object({ valid: value((found) => found === true) });

/** The members of an error are lenient, so that the rest of it is still shown. */
const maybeText = lenient(text);
const maybeNumber = lenient(number);
const textOrNumber = lenient(
  value((found): found is string | number => typeof found === "string" || Number.isFinite(found)),
);
const problemDetail = object({ pointer: maybeText, key: maybeText, code: maybeText, message: maybeText });
const problem = object({
  title: maybeText,
  detail: maybeText,
  code: textOrNumber,
  // CleverTap's own envelope.
  status: textOrNumber,
  error: maybeText,
  errors: turned(lenient(list(lenient(problemDetail))), (entries = []) =>
    entries.filter((entry) => entry !== undefined).slice(0, 50),
  ),
  conflict: lenient(object({ id, nickname: maybeText, externalReference: lenient(stated) })),
  verification: lenient(
    object({
      httpStatus: maybeNumber,
      bspCode: maybeNumber,
      bspMessage: maybeText,
      timedOut: lenient(flag),
    }),
  ),
});

/** The members of an error, before redaction. */
export type RawProblem = ReturnType<typeof problem>;

/** Reads a problem or CleverTap's envelope. */
export const readProblem = lenient(problem);

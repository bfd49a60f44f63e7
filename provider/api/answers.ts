import { z } from "zod";
import { SECRET_HEADER_NAMES } from "../../contract/headers";
import { type PlainMembers, plainMembers } from "../../contract/members";
import type { Provider, ProviderDefaults } from "../../contract/types";
import { harmless } from "../model/sentinels";
import { visible } from "../model/text";
import { UnfitAnswer } from "./unfit-answer";

/** The shapes of answers: unknown members are dropped, a wrong type is an error that names the member and not its value. */

/** Servers write an absent member as null too. */
const optional = <T extends z.ZodType>(type: T) => type.nullish().transform((v) => v ?? undefined);

/** A text that goes into state. */
const stated = z.string().transform(harmless);
/** A header's name is a key of an object in state. Names ignore case, and `__proto__` is no ordinary key. */
const headerName = z.string().transform((key) => {
  const name = harmless(key.toLowerCase());
  return name === "__proto__" ? "__proto_" : name;
});
/** The server has to get an id back unchanged, so an id that is unfit for a path, a line or the engine is refused. */
const id = z
  .string()
  .refine((text) => text.length <= 1024 && !["", ".", ".."].includes(text))
  .refine((text) => text === visible(text) && text === harmless(text));

const storedHeader = z
  .object({
    key: headerName,
    value: optional(stated),
    secret: optional(z.boolean()),
    valueSet: optional(z.boolean()),
  })
  .transform(({ value, ...header }) => {
    const secret = header.secret || SECRET_HEADER_NAMES.includes(header.key);
    // A server that shows a secret must not bring it into state.
    return secret ? { ...header, secret: true } : { ...header, value };
  });

const defaults = z.object({
  inboundMessageCallbackUrl: stated,
  deliveryReportCallbackUrl: stated,
  payloadVersion: stated,
});

/** For what is not worth an error: a value of a wrong type counts as absent. */
const lenient = <T extends z.ZodType>(type: T) => type.optional().catch(undefined);

/** What a member of each type is read as, with any value of that type. */
const READERS = { string: stated, number: z.number(), boolean: z.boolean(), array: z.array(z.unknown()) };

/** Members that come back as they were sent. */
const plain = plainMembers<z.ZodType>(({ type, fault }) => {
  const isRequired = fault(undefined) !== undefined;
  return isRequired ? READERS[type] : optional(READERS[type]);
}) as { [N in keyof PlainMembers]-?: z.ZodType<PlainMembers[N]> };

const provider = defaults.extend({
  ...plain,
  id,
  provider: stated,
  headers: z.array(storedHeader),
  isDefault: z.boolean(),
  status: stated,
  // A plain server may mean something else by these.
  statusReason: lenient(stated),
  task: lenient(z.object({ id: stated, url: stated, kind: stated, state: stated })),
  revision: z.int().min(0),
  createdAt: optional(stated),
  updatedAt: optional(stated),
});

const page = z.object({ items: z.array(provider), nextPageToken: optional(z.string()) });
const valid = z.object({ valid: z.literal(true) });

/** @throws UnfitAnswer */
export const readDefaults = (json: unknown): ProviderDefaults => read(defaults, json);
/** @param answeredAt the answer's `Date` @throws UnfitAnswer */
export const readProvider = (json: unknown, answeredAt?: string): Provider => ({
  ...read(provider, json),
  answeredAt,
});
/** @param answeredAt the answer's `Date` @throws UnfitAnswer */
export const readPage = (
  json: unknown,
  answeredAt?: string,
): { items: Provider[]; nextPageToken?: string } => {
  const { items, nextPageToken } = read(page, json);
  return { items: items.map((item) => ({ ...item, answeredAt })), nextPageToken };
};
/** @throws UnfitAnswer */
export const readValid = (json: unknown): void => void read(valid, json);

function read<T>(schema: z.ZodType<T>, json: unknown): T {
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  // Paths are made of our own names and of positions, so nothing of the answer is quoted.
  const member = issue?.path.join(".");
  throw new UnfitAnswer(
    member ? `member ${member} is missing or has a wrong type` : "it is not the object of the contract",
  );
}

/** The members of an error are lenient, so that the rest of it is still shown. */
const text = lenient(z.string());
const number = lenient(z.number());
const textOrNumber = lenient(z.union([z.string(), z.number()]));
const problemDetail = z.object({ pointer: text, key: text, code: text, message: text });
const problem = z.object({
  title: text,
  detail: text,
  code: textOrNumber,
  // CleverTap's own envelope.
  status: textOrNumber,
  error: text,
  errors: z
    .array(z.unknown())
    .catch([])
    .transform((entries) => entries.slice(0, 50).flatMap((e) => problemDetail.safeParse(e).data ?? [])),
  conflict: lenient(z.object({ id, nickname: text, externalReference: lenient(stated) })),
  verification: lenient(
    z.object({ httpStatus: number, bspCode: number, bspMessage: text, timedOut: lenient(z.boolean()) }),
  ),
});

/** The members of an error, before redaction. */
export type RawProblem = z.infer<typeof problem>;

/** Reads a problem or CleverTap's envelope. */
export function readProblem(json: unknown): RawProblem | undefined {
  return problem.safeParse(json).data;
}

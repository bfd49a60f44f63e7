import { gunzipSync, zstdDecompressSync } from "node:zlib";
import { AuditProblem } from "../problem";

/** From bytes to JSON that is safe to walk through. */

/** An object of a JSON document. Its keys are anybody's: read it by {@link member} only. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Bytes of a document, unpacked: about as many as one text can hold. */
const LIMIT = 512 * 1024 * 1024 - 1;
/** Objects and lists inside each other. A state of a program has less than twenty. */
const MAX_DEPTH = 200;

const GZIP = Buffer.from([0x1f, 0x8b]);
const ZSTD = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);

/** The text in a file that may be packed, as backends do it on request. @throws AuditProblem */
export function unpacked(bytes: Buffer, source: string): string {
  const begins = (magic: Buffer) => bytes.subarray(0, magic.length).equals(magic);
  try {
    const options = { maxOutputLength: LIMIT };
    const plain = begins(GZIP)
      ? gunzipSync(bytes, options)
      : begins(ZSTD)
        ? zstdDecompressSync(bytes, options)
        : bytes;
    if (plain.length > LIMIT) throw new RangeError();
    return plain.toString("utf8").replace(/^\uFEFF/, "");
  } catch (error) {
    const isTooLarge = error instanceof RangeError;
    throw new AuditProblem(
      isTooLarge
        ? `${source} is larger than 512 MiB: audit its stacks one by one`
        : `${source} is packed and can't be unpacked: it is cut off or damaged. Copy it again`,
    );
  }
}

/** @throws AuditProblem without the parser's own words, which quote what they were given: it may be a secret */
export function parsedJson(text: string, source: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new AuditProblem(`${source} ${whyNoJson(text)}`);
  }
  if (!isShallow(value))
    throw new AuditProblem(
      `${source} holds more than ${MAX_DEPTH} objects inside each other: it is no state`,
    );
  return value;
}

function whyNoJson(text: string): string {
  if (text.trim() === "") return "is empty";
  if (!/^\s*[{[]/.test(text)) return "is not JSON. Give what `pulumi stack export` wrote";
  return /[}\]]\s*$/.test(text)
    ? "is not JSON: something in it is damaged. Export the state again"
    : "ends in the middle: it is cut off. Export the state again";
}

/** Whether a recursive walk of it needs no further guard. */
export function isShallow(value: unknown): boolean {
  const isNested = (inner: unknown) => typeof inner === "object" && inner !== null;
  let level = [value].filter(isNested);
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_DEPTH) return false;
    level = level.flatMap((inner) => Object.values(inner as object).filter(isNested));
  }
  return true;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A member that the object itself has: `__proto__` and `constructor` are keys like others. */
export function member(value: unknown, key: string): unknown {
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

/** A member that is a text. */
export function textMember(value: unknown, key: string): string | undefined {
  const found = member(value, key);
  return typeof found === "string" ? found : undefined;
}

/** A member that is a list; an empty one where it is something else. */
export function listMember(value: unknown, key: string): readonly unknown[] {
  const found = member(value, key);
  return Array.isArray(found) ? found : [];
}

import type { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { SIGNATURE, UNKNOWNS } from "../../model/sentinels";
import { type Properties, UNKNOWN } from "../../model/unknown";
import { StructMessage } from "./sdk";

/** How property values travel between engine and plugin. */

const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4";
/** What stands for any unknown value that we send. */
const [UNKNOWN_TEXT] = UNKNOWNS;

/** Values with the engine's wrappings taken off. */
export interface Decoded {
  readonly values: Properties;
  /** Names of the properties that are or hold a secret. */
  readonly secrets: readonly string[];
}

/** Takes a struct apart. A missing one is an empty one. */
export function decode(struct: Struct | undefined): Decoded {
  const entries: [string, unknown][] = [];
  const secrets: string[] = [];
  for (const [name, raw] of Object.entries((struct?.toJavaScript() ?? {}) as Properties)) {
    const state = { isSecret: false };
    const value = unwrap(raw, state);
    if (value === undefined) continue;
    entries.push([name, value]);
    if (state.isSecret) secrets.push(name);
  }
  return { values: Object.fromEntries(entries), secrets };
}

function unwrap(value: unknown, state: { isSecret: boolean }): unknown {
  if (value === null) return undefined;
  if (typeof value === "string") {
    // The engine joins an unknown with text where a program does: all of it is unknown then.
    return UNKNOWNS.some((sign) => value.includes(sign)) ? UNKNOWN : value;
  }
  if (typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map((item) => unwrap(item, state));
  const map = value as Properties;
  if (map[SIGNATURE] === SECRET) {
    state.isSecret = true;
    return unwrap(map.value, state);
  }
  if (map[SIGNATURE] === OUTPUT) {
    if (map.secret === true) state.isSecret = true;
    return "value" in map ? unwrap(map.value, state) : UNKNOWN;
  }
  const entries = Object.entries(map).map(([key, inner]) => [key, unwrap(inner, state)]);
  return Object.fromEntries(entries.filter(([, inner]) => inner !== undefined));
}

/** Puts a struct together; the named properties become secret as a whole. */
export function encode(values: object, secrets: Iterable<string> = []): Struct {
  const marked = new Set(secrets);
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  return StructMessage.fromJavaScript(
    Object.fromEntries(
      entries.map(([name, value]) => {
        const plain = wrap(value);
        return [name, marked.has(name) ? { [SIGNATURE]: SECRET, value: plain } : plain];
      }),
    ) as Parameters<typeof StructMessage.fromJavaScript>[0],
  );
}

function wrap(value: unknown): unknown {
  if (value === UNKNOWN) return UNKNOWN_TEXT;
  if (typeof value !== "object" || value === null) return value ?? null;
  if (Array.isArray(value)) return value.map(wrap);
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return Object.fromEntries(entries.map(([key, inner]) => [key, wrap(inner)]));
}

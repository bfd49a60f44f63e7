/** Takes secrets out of texts that a server wrote. */

const MASK = "***";
/** Longer texts are cut before they are searched; far more than is ever shown. */
const WINDOW = 1 << 20;
/** Below this a secret may be part of any word, so only whole words are masked. */
const SHORT = 4;
/** Marks and ids are compared by the lifecycle, so only what can't be there by chance is masked in them. */
const UNMISTAKABLE = 16;

/** Takes out what must not be shown. */
export interface Redactor {
  /** For texts to be shown: one line without control characters, at most `limit` characters (default 300). */
  text(value: string, limit?: number): string;
  /** For ids and owner's marks: unchanged unless a long secret is in them. */
  name(value: string): string;
}

/**
 * Makes a redactor.
 * @param secrets the secret values that were sent; each is found as it is and URL-encoded, base64, hexadecimal or escaped
 */
export function redactor(secrets: readonly string[]): Redactor {
  const distinct = [...new Set(secrets)].filter((s) => s !== "");
  const plain = distinct.map((s) => visible(s).toLowerCase()).filter((s) => s.length >= SHORT);
  const masks = patternOf(distinct);
  const nameMasks = patternOf(distinct.filter((s) => s.length >= UNMISTAKABLE));
  return {
    text(value, limit = 300) {
      // Control characters go first: without them, a secret that they split would come together again.
      const masked = replaceAll(visible(value.slice(0, WINDOW)), masks);
      let decoded = masked;
      for (let depth = 0; depth < 3; depth++) {
        decoded = unescaped(decoded);
        const lower = decoded.toLowerCase();
        if (plain.some((s) => lower.includes(s))) return "(text withheld: it holds a secret)";
      }
      return masked.length > limit ? `${wellFormed(masked.slice(0, limit - 1))}…` : masked;
    },
    name: (value) => replaceAll(value, nameMasks),
  };
}

/** A text to be shown, without the secrets: see {@link Redactor.text}. */
export function redact(value: string, secrets: readonly string[]): string {
  return redactor(secrets).text(value);
}

/** One line: control, format and line-separating characters become spaces or vanish. */
function visible(value: string): string {
  return wellFormed(value.replace(/[\s\p{Zl}\p{Zp}]+/gu, " ").replace(/[\p{Cc}\p{Cf}]/gu, "")).trim();
}

/** Without halves of surrogate pairs, which no encoder takes. */
function wellFormed(value: string): string {
  return value.replace(/\p{Cs}/gu, "\uFFFD");
}

function replaceAll(value: string, patterns: readonly RegExp[]): string {
  return patterns.reduce((text, pattern) => text.replace(pattern, MASK), value);
}

function patternOf(secrets: readonly string[]): RegExp[] {
  const forms = [...new Set(secrets.flatMap(formsOf))].sort((a, b) => b.length - a.length);
  const long = forms.filter((f) => f.length >= SHORT);
  const short = forms.filter((f) => f.length < SHORT);
  const patterns: RegExp[] = [];
  if (long.length > 0) patterns.push(new RegExp(long.map(literal).join("|"), "giu"));
  if (short.length > 0) {
    patterns.push(
      new RegExp(`(?<![\\p{L}\\p{N}])(?:${short.map(literal).join("|")})(?![\\p{L}\\p{N}])`, "gu"),
    );
  }
  return patterns;
}

function formsOf(secret: string): string[] {
  const shown = visible(secret);
  const encodable = wellFormed(secret);
  const forms = [
    shown,
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(encodable),
    encodeURI(encodable),
  ];
  forms.push(new URLSearchParams([["", secret]]).toString().slice(1), htmlEscaped(shown));
  if (secret.length >= SHORT) forms.push(...base64Forms(secret), Buffer.from(secret).toString("hex"));
  return forms.filter((f) => f !== "");
}

/** Base64 of the secret at each of the three places where it can begin inside something longer. */
function base64Forms(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const forms = [0, 1, 2].map((offset) => {
    const padded = Buffer.concat([Buffer.alloc(offset), bytes]);
    const first = Math.ceil((offset * 8) / 6);
    return padded.toString("base64").slice(first, Math.floor((padded.length * 8) / 6));
  });
  return [...forms, ...forms.map((f) => f.replaceAll("+", "-").replaceAll("/", "_"))].filter(
    (f) => f.length >= 5,
  );
}

function htmlEscaped(value: string): string {
  return value.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
}

/** Undoes percent, \u and HTML escapes, to find what an unusual spelling hides. */
function unescaped(value: string): string {
  return visible(
    value
      .replace(/\\u([0-9a-f]{4})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
      .replace(/&#x([0-9a-f]{1,5});/gi, (_, hex: string) => String.fromCodePoint(Number.parseInt(hex, 16)))
      .replace(/&#(\d{1,6});/g, (_, n: string) => String.fromCodePoint(Number(n)))
      .replace(
        /&(amp|lt|gt|quot|apos);/g,
        (_, n: string) => ({ amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" })[n] ?? "",
      )
      .replace(/(?:%[0-9a-f]{2})+/gi, (run) => Buffer.from(run.replaceAll("%", ""), "hex").toString())
      .replace(/\\(.)/g, "$1"),
  );
}

function literal(value: string): string {
  return value.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}

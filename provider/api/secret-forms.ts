import { visible, wellFormed } from "../model/text";
import { traced, unescapings } from "./unescape";

const FEW = 4;

/** The spellings in which a secret may come back: as it is, encoded, and with its own characters read as escapes. */
export function formsOf(secret: string): string[] {
  const shown = visible(secret);
  const encodable = wellFormed(secret);
  const forms = [
    ...unescapings(traced(shown)).map(({ text }) => text.trim()),
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(encodable),
    encodeURI(encodable),
    new URLSearchParams([["", secret]]).toString().slice(1),
    shown.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`),
  ];
  // The bytes of so few characters occur in many numbers and words.
  if (secret.length >= FEW) forms.push(...byteForms(Buffer.from(secret)));
  const least = Math.min(secret.length, FEW);
  return [...new Set(forms)].filter((form) => form.length >= least);
}

/** Hexadecimal, and base64 at each of the three places where the secret can begin inside something longer. */
function byteForms(bytes: Buffer): string[] {
  const forms = [0, 1, 2].map((offset) => {
    const padded = Buffer.concat([Buffer.alloc(offset), bytes]);
    const first = Math.ceil((offset * 8) / 6);
    return padded.toString("base64").slice(first, Math.floor((padded.length * 8) / 6));
  });
  const safe = forms.map((form) => form.replaceAll("+", "-").replaceAll("/", "_"));
  return [bytes.toString("hex"), ...[...forms, ...safe].filter((form) => form.length >= 5)];
}

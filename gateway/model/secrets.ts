import type { Gateway } from "../gateway";
import type { KeptTask, Place } from "./documents";
import { digestOf, type FormValues, secretsOf } from "./values";

/** Credentials are kept encrypted while a task needs them; what stays is a keyed digest. */

const name = (key: string) => key.toLowerCase();

/** What tells the value of a secret header from another one under the same number. */
export function secretDigest({ keys }: Gateway, place: Place, header: string, value: string): string {
  return keys.digest("header", JSON.stringify([place.account, place.number, name(header), value]));
}

function where(place: Place, header: string, digest: string): string {
  return JSON.stringify([place.account, place.number, name(header), digest]);
}

/** Keeps a value until {@link dropSecrets} finds that no task needs it. */
export function keepSecret(gateway: Gateway, place: Place, header: string, value: string): void {
  const digest = secretDigest(gateway, place, header, value);
  const box = gateway.keys.seal(value, where(place, header, digest));
  const sql = "INSERT INTO sealed VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING";
  gateway.database.run(sql, place.account, place.number, name(header), digest, box);
}

/** The value of a secret header; undefined where only its digest is left. */
export function keptSecret(
  gateway: Gateway,
  place: Place,
  header: string,
  digest: string,
): string | undefined {
  const sql = "SELECT box FROM sealed WHERE account = ? AND number = ? AND header = ? AND digest = ?";
  const box = gateway.database.row(sql, place.account, place.number, name(header), digest)?.box;
  return box instanceof Uint8Array ? gateway.keys.open(box, where(place, header, digest)) : undefined;
}

interface SecretPair {
  readonly key: string;
  readonly digest: string;
}

/** The secret headers whose value a task needs: all of an add, and those that an edit changes. */
export function neededBy(task: Pick<KeptTask, "target">, bases: readonly (FormValues | undefined)[]) {
  if (!task.target) return [];
  return secretsOf(task.target).filter(({ key, digest }) =>
    bases.some((base) => base === undefined || digestOf(base, key) !== digest),
  );
}

/**
 * Deletes the values of a number that no task needs.
 *
 * @param useful kept as well, where they are there
 * @returns the headers whose value is needed and not there
 */
export function dropSecrets(
  { database }: Gateway,
  place: Place,
  needed: readonly SecretPair[],
  useful: readonly SecretPair[],
): string[] {
  const sql = "SELECT header, digest FROM sealed WHERE account = ? AND number = ?";
  const kept = database.rows(sql, place.account, place.number);
  for (const { header = null, digest = null } of kept) {
    if ([...needed, ...useful].some((one) => name(one.key) === header && one.digest === digest)) continue;
    const sql = "DELETE FROM sealed WHERE account = ? AND number = ? AND header = ? AND digest = ?";
    database.run(sql, place.account, place.number, header, digest);
    database.forgetsSecrets();
  }
  return needed
    .filter((one) => !kept.some(({ header, digest }) => name(one.key) === header && one.digest === digest))
    .map(({ key }) => key);
}

/**
 * A text that a person typed, without any secret of the number: by value where one is kept, else word by word by its digest.
 */
export function withoutSecrets(
  gateway: Gateway,
  place: Place,
  forms: readonly FormValues[],
  text: string,
): string {
  const secrets = forms.flatMap(secretsOf);
  let clean = text;
  for (const { key, digest } of secrets) {
    const value = keptSecret(gateway, place, key, digest);
    if (value)
      for (const form of new Set([value, encodeURIComponent(value), Buffer.from(value).toString("base64")]))
        clean = clean.replaceAll(form, REDACTED);
  }
  const isSecret = (word: string) =>
    secrets.some(({ key, digest }) => secretDigest(gateway, place, key, word) === digest);
  // A word with what surrounds it in a sentence: quotes, brackets, a full stop.
  return clean.replace(/[^\s"'`<>()[\]{},;]+/g, (word) => {
    const bare = word.replace(/^[^=:]*[=:]|[.!?:]+$/g, "");
    if (isSecret(word)) return REDACTED;
    return bare !== "" && isSecret(bare) ? word.replace(bare, REDACTED) : word;
  });
}

const REDACTED = "[redacted]";

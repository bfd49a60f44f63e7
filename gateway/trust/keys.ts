import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from "node:crypto";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Database } from "../storage/database";

/** What the gateway does with its key. */
export interface Keys {
  /** Encrypts a text (AES-256-GCM). @param place where it is kept: it can't be opened anywhere else */
  seal(text: string, place: string): Buffer;
  /** @throws Error where the box was changed, or belongs to another place */
  open(box: Uint8Array, place: string): string;
  /** Tells a text from another and can't be turned back without the key. @param use digests of different uses can't be compared */
  digest(use: string, text: string): string;
}

/** The key can't be used. The message is for the person who starts the gateway. */
export class KeyProblem extends Error {}

const FILE = "key";

/**
 * The key of a data folder: `GATEWAY_KEY`, or the file `key` in the folder, which is made where there is neither.
 * What is encrypted with it is the folder's own key, so that it can be exchanged without touching the data.
 *
 * @param given the value of `GATEWAY_KEY`: 32 bytes as 64 hexadecimal digits or in base64
 * @throws KeyProblem
 */
export function keysOf(database: Database, dataDir: string, given: string | undefined): Keys {
  const kept = keptKey(database);
  const main = mainKey(dataDir, given, kept === undefined);
  if (kept !== undefined) return derived(unwrapped(kept, main));
  const own = randomBytes(32);
  // A second process that starts at the same moment uses the key that the first one has written.
  database.run("INSERT INTO note VALUES ('key', ?) ON CONFLICT DO NOTHING", wrapped(own, main));
  return keysOf(database, dataDir, given);
}

/**
 * Exchanges the key of a data folder, in one change of the database: whenever the process ends, the old key fits or the new one.
 * A gateway that is running goes on.
 *
 * @param given the present value of `GATEWAY_KEY`; undefined: the key is in the file
 * @param next the new key: 32 bytes as 64 hexadecimal digits or in base64
 * @throws KeyProblem
 */
export function exchangeKey(
  database: Database,
  dataDir: string,
  given: string | undefined,
  next: string,
): void {
  const fresh = parsed(next);
  if (fresh === undefined)
    throw new KeyProblem("The new key must be 32 bytes, as 64 hexadecimal digits or in base64.");
  const kept = keptKey(database);
  if (kept === undefined) throw new KeyProblem("There is no key yet: start the gateway with the new one.");
  const own = unwrapped(kept, mainKey(dataDir, given, false));
  database.run("UPDATE note SET value = ? WHERE name = 'key'", wrapped(own, fresh));
}

/** The data's own key, encrypted with the main one; undefined: there is none yet. */
function keptKey(database: Database): string | undefined {
  const kept = database.row("SELECT value FROM note WHERE name = 'key'")?.value;
  return typeof kept === "string" ? kept : undefined;
}

function mainKey(dataDir: string, given: string | undefined, isNew: boolean): Buffer {
  const main = given === undefined ? keyInFile(join(dataDir, FILE), isNew) : parsed(given);
  if (main === undefined)
    throw new KeyProblem("GATEWAY_KEY must be 32 bytes, as 64 hexadecimal digits or in base64.");
  return main;
}

function keyInFile(file: string, isNew: boolean): Buffer | undefined {
  if (!existsSync(file)) {
    if (!isNew)
      throw new KeyProblem(
        `The data are encrypted with a key that is not here: set GATEWAY_KEY, or bring back ${file}.`,
      );
    writeFileSync(file, `${randomBytes(32).toString("hex")}\n`, { mode: 0o600, flag: "wx" });
  }
  if (process.platform !== "win32" && (statSync(file).mode & 0o077) !== 0)
    throw new KeyProblem(`${file} can be read by others: chmod 600 it.`);
  const key = parsed(readFileSync(file, "utf8").trim());
  if (key === undefined) throw new KeyProblem(`${file} does not hold a key: 64 hexadecimal digits.`);
  return key;
}

function parsed(text: string): Buffer | undefined {
  const key = Buffer.from(text, /^[\da-f]{64}$/i.test(text) ? "hex" : "base64");
  return key.length === 32 ? key : undefined;
}

const PLACE_OF_KEY = "key of the data";

function wrapped(own: Buffer, main: Buffer): string {
  return encrypt(own, main, PLACE_OF_KEY).toString("base64");
}

function unwrapped(kept: string, main: Buffer): Buffer {
  try {
    return decrypt(Buffer.from(kept, "base64"), main, PLACE_OF_KEY);
  } catch {
    throw new KeyProblem("This is not the key that the data are encrypted with.");
  }
}

function derived(own: Buffer): Keys {
  const part = (use: string) => Buffer.from(hkdfSync("sha256", own, "", use, 32));
  const sealing = part("seal");
  const digesting = part("digest");
  return {
    seal: (text, place) => encrypt(Buffer.from(text), sealing, place),
    open: (box, place) => decrypt(box, sealing, place).toString(),
    digest: (use, text) =>
      createHmac("sha256", digesting)
        .update(JSON.stringify([use, text]))
        .digest("hex"),
  };
}

/** Nonce, tag and ciphertext, one after the other. */
function encrypt(text: Buffer, key: Buffer, place: string): Buffer {
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(Buffer.from(place));
  const inside = Buffer.concat([cipher.update(text), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), inside]);
}

function decrypt(box: Uint8Array, key: Buffer, place: string): Buffer {
  const decipher = createDecipheriv("aes-256-gcm", key, box.subarray(0, 12), { authTagLength: 16 })
    .setAAD(Buffer.from(place))
    .setAuthTag(box.subarray(12, 28));
  return Buffer.concat([decipher.update(box.subarray(28)), decipher.final()]);
}

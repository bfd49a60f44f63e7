import { randomBytes, scryptSync, timingSafeEqual } from "node:crypto";

/** What scrypt costs: 32 MB and about a tenth of a second for each guess. */
const COST = { N: 2 ** 15, r: 8, p: 1 };
const MAXMEM = 64 * 1024 * 1024;

/** A scrypt hash with its cost and its salt, to be kept instead of the password. */
export function hashOfPassword(password: string): string {
  const salt = randomBytes(16);
  const hash = scryptSync(password.normalize("NFKC"), salt, 32, { ...COST, maxmem: MAXMEM });
  return ["scrypt", COST.N, COST.r, COST.p, salt.toString("base64"), hash.toString("base64")].join(":");
}

/** Takes the same time whether it is the right one or not. */
export function isPassword(password: string, kept: string): boolean {
  const [, N, r, p, salt = "", hash = ""] = kept.split(":");
  const cost = { N: Number(N), r: Number(r), p: Number(p), maxmem: MAXMEM };
  const wanted = Buffer.from(hash, "base64");
  const found = scryptSync(password.normalize("NFKC"), Buffer.from(salt, "base64"), wanted.length, cost);
  return timingSafeEqual(found, wanted);
}

let nobodys: string | undefined;

/** A name that does not exist: takes the time of a real comparison, so that an answer's time does not tell the two apart. */
export function isNobodysPassword(password: string): false {
  nobodys ??= hashOfPassword(randomBytes(16).toString("hex"));
  isPassword(password, nobodys);
  return false;
}

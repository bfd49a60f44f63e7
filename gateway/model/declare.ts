import { randomBytes } from "node:crypto";
import { numberInUse } from "../../server/providers";
import type { Gateway } from "../gateway";
import { log } from "../log";
import type { Declared, Place } from "./documents";
import { keepSecret, secretDigest } from "./secrets";
import { type Settled, settle } from "./settle";
import { declaredAt, defaultsOf, placeOf, putProvider, removeProvider } from "./tables";
import { type FormPair, type FormValues, same } from "./values";

/** Who calls the API, in the log. */
export const PULUMI = "pulumi";

/** What a program declares. */
export interface Wish extends Omit<FormValues, "headers"> {
  readonly headers: readonly WishedPair[];
  readonly externalReference?: string;
}

/** A secret pair comes with its value, or keeps what is stored. */
export type WishedPair =
  | { readonly key: string; readonly value: string; readonly secret: boolean }
  | { readonly key: string; readonly digest: string };

/** What came of a write. */
export interface Written extends Settled {
  readonly provider: Declared;
}

const NOTHING: Settled = { asks: false, gone: false, missing: [] };

/**
 * Declares a new provider.
 *
 * @throws Problem number-in-use; a number whose provider is asked to go is free
 */
export function declareNew(gateway: Gateway, account: string, wish: Wish): Written {
  return gateway.database.atOnce(() => {
    const place = { account, number: wish.mobileNumber };
    const holder = declaredAt(gateway, place).at(-1);
    if (holder && !holder.going) throw inUse(holder);
    const now = gateway.now().toISOString();
    const { externalReference, ...form } = wish;
    const provider: Declared = {
      seq: gateway.database.next("provider"),
      id: `wap_${randomBytes(8).toString("hex")}`,
      account,
      values: sealed(gateway, place, form),
      externalReference,
      revision: 1,
      going: false,
      refused: false,
      createdAt: now,
      updatedAt: now,
    };
    return declared(gateway, "create", provider);
  });
}

/**
 * Declares other values for a provider, and takes it back where it was asked to go.
 *
 * @param before as it is kept
 * @throws Problem number-in-use where a newer provider has got the number of one that was asked to go
 */
export function declareAgain(gateway: Gateway, before: Declared, wish: Wish): Written {
  return gateway.database.atOnce(() => {
    const place = placeOf(before);
    const newest = declaredAt(gateway, place).at(-1);
    if (newest && newest.id !== before.id) throw inUse(newest);
    const { externalReference, ...form } = wish;
    const values = sealed(gateway, place, form);
    const isEqual = same(values, before.values);
    const isMarked = externalReference !== before.externalReference;
    const updatedAt = gateway.now().toISOString();
    const marked = isMarked
      ? { ...before, externalReference, revision: before.revision + 1, updatedAt }
      : before;
    if (isEqual && !before.going && (isMarked || !before.refused)) {
      // Nobody is asked for anything: the mark is not in the form.
      putProvider(gateway, marked);
      if (isMarked) log(gateway, { actor: PULUMI, action: "mark", provider: before.id });
      settle(gateway, place, PULUMI);
      return { ...NOTHING, provider: marked };
    }
    const again = { ...marked, going: false, refused: false, statusReason: undefined };
    const provider = isEqual
      ? again
      : { ...again, values, refusedTask: undefined, revision: before.revision + 1, updatedAt };
    return declared(gateway, before.going ? "withdraw" : "change", provider);
  });
}

/**
 * Asks for a provider to go.
 *
 * @returns `gone` where nobody has to do anything
 */
export function declareGone(gateway: Gateway, before: Declared): Written {
  return gateway.database.atOnce(() => {
    if (before.going) return { ...NOTHING, provider: before };
    const place = placeOf(before);
    // Of the number, an older one is still being deleted: this one was never there.
    if (declaredAt(gateway, place).some(({ seq }) => seq < before.seq)) {
      removeProvider(gateway, before);
      log(gateway, { actor: PULUMI, action: "delete", provider: before.id });
      return { ...settle(gateway, place, PULUMI), gone: true, provider: before };
    }
    return declared(gateway, "delete", { ...before, going: true, refused: false, statusReason: undefined });
  });
}

function inUse(holder: Declared) {
  const { id, externalReference, values } = holder;
  return numberInUse({ id, externalReference, nickname: values.nickname, mobileNumber: values.mobileNumber });
}

function declared(gateway: Gateway, action: string, provider: Declared): Written {
  putProvider(gateway, provider);
  log(gateway, { actor: PULUMI, action, provider: provider.id });
  if (provider.values.isDefault && !provider.going) demoteOthers(gateway, provider, PULUMI);
  return { ...settle(gateway, placeOf(provider), PULUMI), provider };
}

/** One default for each account: the earlier one is none any more, and its revision moves. */
export function demoteOthers(gateway: Gateway, { account, id }: Declared, actor: string): void {
  for (const other of defaultsOf(gateway, account)) {
    if (other.id === id) continue;
    const values = { ...other.values, isDefault: false };
    const updatedAt = gateway.now().toISOString();
    putProvider(gateway, { ...other, values, revision: other.revision + 1, updatedAt });
    settle(gateway, placeOf(other), actor);
  }
}

/** Keeps the values of secret pairs apart, encrypted. */
function sealed(gateway: Gateway, place: Place, form: Omit<Wish, "externalReference">): FormValues {
  const headers = form.headers.map((pair): FormPair => {
    if ("digest" in pair) return pair;
    const { key, value, secret } = pair;
    if (!secret) return { key, value };
    keepSecret(gateway, place, key, value);
    return { key, digest: secretDigest(gateway, place, key, value) };
  });
  return { ...form, headers };
}

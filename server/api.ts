import { createHash, timingSafeEqual } from "node:crypto";
import type { SandboxAccount } from "../sandbox/options";
import { accountOf, providerDefaults, type World } from "../sandbox/world";
import { etag, providerAnswer } from "./answers";
import { type Answer, type Call, json, jsonBody, problemAnswer } from "./http";
import { idempotent } from "./idempotency";
import { Problem } from "./problem";
import { invalidField } from "./save-request";
import { create, existing, matchRevision, replace } from "./saving";

function same(left: string, right: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(left), digest(right));
}

/** @throws Problem unauthenticated, with one text whichever part is wrong */
function authenticate(world: World, call: Call): SandboxAccount {
  const id = call.headers["x-clevertap-account-id"];
  const passcode = call.headers["x-clevertap-passcode"];
  const account = typeof id === "string" ? accountOf(world, id) : undefined;
  if (!account || typeof passcode !== "string" || !same(passcode, account.passcode))
    throw new Problem("unauthenticated", "These are not the credentials of an account of this server.");
  return account;
}

function validateOnly(call: Call): boolean {
  const value = call.query.get("validateOnly");
  if (value === null || value === "false") return false;
  if (value === "true") return true;
  throw invalidField([{ pointer: "/validateOnly", code: "invalid", message: "must be true or false" }]);
}

function listing(world: World, account: SandboxAccount, call: Call): Answer {
  const asked = call.query.get("pageSize") ?? "50";
  const token = call.query.get("pageToken");
  const afterSeq =
    token === null ? 0 : Number(/^page:(\d{1,15})$/.exec(Buffer.from(token, "base64url").toString())?.[1]);
  const errors = [];
  if (!/^\d{1,3}$/.test(asked) || Number(asked) < 1 || Number(asked) > 100)
    errors.push({ pointer: "/pageSize", code: "invalid", message: "must be 1 to 100" });
  if (Number.isNaN(afterSeq))
    errors.push({ pointer: "/pageToken", code: "invalid", message: "is not one that this server gave" });
  if (errors.length > 0) throw invalidField(errors);
  const size = Math.min(Number(asked), world.settings.pageSize);
  const mobileNumber = call.query.get("mobileNumber") ?? undefined;
  const found = world.store.list(account.id, { mobileNumber, afterSeq, limit: size + 1 });
  const page = found.slice(0, size);
  const next = Buffer.from(`page:${page.at(-1)?.seq}`).toString("base64url");
  const items = page.map((kept) => providerAnswer(world, kept));
  return json(200, { items, ...(found.length > size ? { nextPageToken: next } : {}) });
}

function remove(world: World, account: SandboxAccount, call: Call, id: string): Answer {
  const kept = existing({ world, account }, id);
  matchRevision(call, kept);
  if (kept.inUse)
    throw new Problem(
      "provider-in-use",
      "Campaigns or journeys still send with this provider: end them first.",
    );
  world.store.remove(id);
  return { status: 204, headers: {}, body: "" };
}

function methodNotAllowed(...allowed: string[]): Problem {
  const list = allowed.join(", ");
  return new Problem("method-not-allowed", `Use ${list} here.`, {}, { Allow: list });
}

/** A failure inside the idempotent part has to be kept as an answer, so it must be one. */
async function asAnswer(work: Promise<Answer>): Promise<Answer> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Problem) return problemAnswer(error);
    throw error;
  }
}

/**
 * One call of the contract.
 *
 * @throws Problem every answer that is not a success
 */
export async function apiCall(world: World, call: Call): Promise<Answer> {
  const account = authenticate(world, call);
  const { method, path } = call;
  const writes = method === "POST" || method === "PUT" || method === "DELETE";
  if (writes && account.readOnly) throw new Problem("forbidden", "This account may only read.");

  if (path === "/v1/whatsapp/provider-defaults") {
    if (method !== "GET") throw methodNotAllowed("GET");
    return json(200, providerDefaults(world, account));
  }
  if (path === "/v1/whatsapp/providers") {
    if (method === "GET") return listing(world, account, call);
    if (method !== "POST") throw methodNotAllowed("GET", "POST");
    const dry = validateOnly(call);
    const save = { world, account, call, validateOnly: dry };
    if (dry) return create(save);
    // A body that can't be read is answered first: there is nothing to keep a key for.
    jsonBody(call);
    return idempotent(world, account.id, call, () => asAnswer(create(save)));
  }
  const id = /^\/v1\/whatsapp\/providers\/([^/]+)$/.exec(path)?.[1];
  if (id === undefined) throw new Problem("not-found", "The contract has no such call.");
  if (method === "GET") {
    const kept = existing({ world, account }, id);
    return json(200, providerAnswer(world, kept), { ETag: etag(kept) });
  }
  if (method === "PUT") return replace({ world, account, call, validateOnly: validateOnly(call) }, id);
  if (method === "DELETE") return remove(world, account, call, id);
  throw methodNotAllowed("GET", "PUT", "DELETE");
}

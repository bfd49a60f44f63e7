import { createServer } from "node:net";
import type { ErrorCode } from "../../provider/model/errors";
import type { Properties } from "../../provider/model/unknown";
import type { FaultSpec, Sandbox } from "../../sandbox";
import type { Outcome, Program, Subject } from "./driver";
import { startRewritingProxy } from "./rewriting-proxy";

/** The two sides of the matrix: what is done, and what goes wrong while it is done. */

export const NUMBER = "919999999999";

/** One verb: what is there before, what is done, and the program that is wanted in the end. */
export interface Verb {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** Which requests the fault hits. */
  readonly path: string;
  /** Whether the provider is made before. */
  readonly exists: boolean;
  readonly act: (driver: Subject, wanted: Program, id: string, args: Properties) => Promise<Outcome>;
  /** What the program says in the end. */
  readonly wanted: "one" | "changed" | "none";
}

const LISTING = "^/v1/whatsapp/providers\\?(?!validateOnly)";
const DRY_RUN = "validateOnly=true";
const ITEM = "^/v1/whatsapp/providers/[^?]+$";
const preview = (driver: Subject, wanted: Program) => driver.preview(wanted);
const up = (driver: Subject, wanted: Program) => driver.up(wanted);

/** Of a provider. */
export const VERBS: Record<string, Verb> = {
  defaults: { method: "GET", path: "^/v1/whatsapp/provider-defaults", exists: false, act: up, wanted: "one" },
  listing: { method: "GET", path: LISTING, exists: false, act: preview, wanted: "one" },
  "dry run of a create": { method: "POST", path: DRY_RUN, exists: false, act: preview, wanted: "one" },
  "dry run of an update": { method: "PUT", path: DRY_RUN, exists: true, act: preview, wanted: "changed" },
  create: { method: "POST", path: "^/v1/whatsapp/providers$", exists: false, act: up, wanted: "one" },
  read: {
    method: "GET",
    path: ITEM,
    exists: true,
    act: (driver, _, id) => driver.get(id, {}),
    wanted: "one",
  },
  refresh: { method: "GET", path: LISTING, exists: true, act: (driver) => driver.refresh(), wanted: "one" },
  update: { method: "PUT", path: ITEM, exists: true, act: up, wanted: "changed" },
  delete: { method: "DELETE", path: ITEM, exists: true, act: (driver) => driver.destroy(), wanted: "none" },
};

const DETAILS = "/phone_number_details$";
/** Kaleyra's update of a number. */
export const NUMBER_UPDATE = "^/+v1/[^/]+/whatsapp/number$";
const getUrl: Verb["act"] = (driver, _, id, { kaleyraHost, sid, apiKey }) =>
  driver.get(id, { kaleyraHost, sid, apiKey });

/** Of an Incoming URL. A delete makes no request, so nothing of it can fail. */
export const URL_VERBS: Record<string, Verb> = {
  "read before a create": { method: "GET", path: DETAILS, exists: false, act: preview, wanted: "one" },
  "read before an update": { method: "GET", path: DETAILS, exists: true, act: preview, wanted: "changed" },
  create: { method: "PUT", path: NUMBER_UPDATE, exists: false, act: up, wanted: "one" },
  "read after a create": { method: "GET", path: DETAILS, exists: false, act: up, wanted: "one" },
  read: { method: "GET", path: DETAILS, exists: true, act: getUrl, wanted: "one" },
  refresh: { method: "GET", path: DETAILS, exists: true, act: (driver) => driver.refresh(), wanted: "one" },
  update: { method: "PUT", path: NUMBER_UPDATE, exists: true, act: up, wanted: "changed" },
  "read after an update": { method: "GET", path: DETAILS, exists: true, act: up, wanted: "changed" },
  delete: { method: "PUT", path: "", exists: true, act: (driver) => driver.destroy(), wanted: "none" },
};

/** What a fault needs to know of its cell. */
export interface Cell {
  readonly sandbox: Sandbox;
  readonly driver: Subject;
  readonly verbName: string;
  readonly verb: Verb;
  /** The provider's id; empty where there is none yet. */
  readonly id: string;
  /** How many requests are hit; undefined for all. */
  readonly count: number | undefined;
  /** The arguments, to make an earlier run of the same program. */
  readonly program: Program;
  /** Run when the fault is over. */
  readonly after: (() => Promise<void>)[];
}

/** One fault. */
export interface Fault {
  readonly arrange: (cell: Cell) => unknown;
  /** Codes that the verb may end with while it lasts. */
  readonly codes: readonly ErrorCode[];
  /** Whether a single one of it is not even noticed: true, or the verbs of which it holds. */
  readonly heals?: true | readonly string[];
  /** Default: a single one, and for ever. */
  readonly modes?: readonly ("once" | "for ever")[];
  readonly settings?: { requestTimeout?: number; maxAttempts?: number };
  /** It hits whatever is sent, not only what the verb is named after. */
  readonly everywhere?: true;
  /** What is otherwise for a write to Kaleyra, whose answers have no codes of the contract. "none": it can't happen there. */
  readonly atKaleyra?: "none" | Partial<Pick<Fault, "codes" | "heals">>;
}

/** What Kaleyra's API refuses without a status of its own. */
const REFUSED = { codes: ["request-refused"], heals: [] } as const;

const WRITES = ["create", "update", "delete"];
const DRY_RUNS = ["dry run of a create", "dry run of an update"];
/** A lost answer: a read has no outcome, a write has one that is not known. */
const LOST = ["unreachable", "outcome-unknown"] as const;
const UNREADABLE = ["bad-answer", "outcome-unknown"] as const;
const DOWN = ["unavailable", "outcome-unknown"] as const;
const ENVIRONMENT = ["for ever"] as const;

const spec = (fault: Partial<FaultSpec> & Pick<FaultSpec, "kind">) => (cell: Cell) =>
  cell.sandbox.fault({ method: cell.verb.method, path: cell.verb.path, count: cell.count, ...fault });
const status = (code: number, more: Partial<FaultSpec> = {}) =>
  spec({ kind: "status", status: code, ...more });

/** The number's holder, as a server that mixes its answers up would tell it to any verb. */
const conflict = (id: string, mark?: string) => ({
  kind: "status" as const,
  status: 409,
  headers: { "Content-Type": "application/problem+json" },
  body: {
    status: 409,
    code: "number-in-use",
    detail: "taken",
    conflict: { id, nickname: "Holder", externalReference: mark },
  },
});

async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Another endpoint, account or the like, for as long as the fault lasts. The API is the same, at another address. */
function configured(cell: Cell, over: Partial<Subject["options"]>): void {
  const { options } = cell.driver;
  cell.driver.options = { ...options, formerEndpoint: options.endpoint, ...over };
  cell.after.push(async () => {
    cell.driver.options = { ...options, formerEndpoint: over.endpoint };
  });
}

/** Every answer of the verb changed on its way. */
const rewritten = (change: (json: unknown) => unknown) => async (cell: Cell) => {
  let left = cell.count ?? Number.POSITIVE_INFINITY;
  const proxy = await startRewritingProxy(cell.sandbox.endpoint, (json, { method = "", url = "" }) => {
    const hit = method === cell.verb.method && new RegExp(cell.verb.path).test(url);
    return hit && left-- > 0 ? change(json) : json;
  });
  configured(cell, { endpoint: proxy.url });
  cell.after.push(() => proxy.close());
};

const members = (json: unknown): unknown =>
  Array.isArray(json)
    ? json.map(members)
    : typeof json === "object" && json !== null
      ? {
          ...Object.fromEntries(Object.entries(json).map(([k, v]) => [k, members(v)])),
          futureMember: { deep: [1, null] },
          constructor: "x",
        }
      : json;

const wrongTypes = (json: unknown): unknown =>
  typeof json === "object" && json !== null && !Array.isArray(json)
    ? Object.fromEntries(
        Object.entries(json).map(([k, v]) => [
          k,
          typeof v === "string" ? [v] : typeof v === "boolean" ? 1 : "x",
        ]),
      )
    : json;

export const FAULTS: Record<string, Fault> = {
  "connection refused": {
    arrange: async (cell) => configured(cell, { endpoint: `http://127.0.0.1:${await closedPort()}` }),
    codes: ["unreachable"],
    modes: ENVIRONMENT,
    everywhere: true,
  },
  "DNS failure": {
    arrange: (cell) => configured(cell, { endpoint: "https://nowhere.invalid" }),
    codes: ["unreachable"],
    modes: ENVIRONMENT,
    everywhere: true,
  },
  "reset before the change": { arrange: spec({ kind: "drop-before" }), codes: LOST, heals: true },
  "reset after the change": { arrange: spec({ kind: "drop-after" }), codes: LOST, heals: true },
  "answer hangs": {
    arrange: spec({ kind: "hang" }),
    codes: LOST,
    settings: { requestTimeout: 0.3, maxAttempts: 2 },
  },
  "truncated JSON": { arrange: spec({ kind: "truncated" }), codes: [...LOST, ...UNREADABLE], heals: true },
  "invalid JSON with 200": { arrange: spec({ kind: "invalid-json" }), codes: UNREADABLE, heals: true },
  HTML: { arrange: spec({ kind: "html" }), codes: UNREADABLE, heals: true },
  "empty body": { arrange: spec({ kind: "empty" }), codes: UNREADABLE, heals: true },
  "100 MB body": {
    arrange: spec({ kind: "huge" }),
    codes: UNREADABLE,
    heals: WRITES,
    settings: { maxAttempts: 2 },
  },
  "wrong content type": { arrange: spec({ kind: "wrong-type" }), codes: [], heals: true },
  redirect: { arrange: spec({ kind: "redirect" }), codes: ["bad-answer"] },
  "401": { arrange: status(401), codes: ["unauthenticated"] },
  "403": { arrange: status(403), codes: ["forbidden"] },
  "404 of the API": {
    arrange: (cell) =>
      cell.verb.exists && cell.verbName !== "read"
        ? cell.sandbox.deleteProvider(cell.id)
        : status(404, { code: "provider-not-found" })(cell),
    codes: ["provider-not-found"],
    atKaleyra: "none",
  },
  "408": { arrange: status(408), codes: DOWN, heals: true },
  "409 in progress": {
    arrange: status(409, { code: "request-in-progress" }),
    codes: ["request-in-progress", "outcome-unknown"],
    heals: true,
    atKaleyra: REFUSED,
  },
  "409 ours": {
    arrange: async (cell) => {
      if (cell.verbName !== "create") return spec(conflict(cell.id || "wap_0"))(cell);
      // An earlier run made it, and never got to write its state.
      await cell.driver.up(cell.program);
      cell.driver.resources = [];
    },
    codes: ["number-in-use"],
    heals: ["create"],
    atKaleyra: "none",
  },
  "409 foreign": {
    arrange: (cell) => {
      if (cell.verb.exists || cell.verbName === "defaults")
        return spec(conflict("wap_0", "someone else"))(cell);
      cell.sandbox.createProvider({
        mobileNumber: NUMBER,
        nickname: "Foreign",
        externalReference: "someone else",
      });
    },
    codes: ["number-in-use"],
    atKaleyra: "none",
  },
  "412 real": {
    arrange: (cell) =>
      cell.verb.exists && cell.verbName !== "read"
        ? cell.sandbox.patchProvider(cell.id, { nickname: "By hand" })
        : status(412, { code: "revision-mismatch" })(cell),
    codes: ["changed-elsewhere"],
    heals: ["refresh", "delete"],
    atKaleyra: "none",
  },
  "412 after our own lost PUT": {
    arrange: (cell) => {
      spec({ kind: "drop-after", count: 1 })(cell);
      if (cell.verbName !== "update") status(412, { code: "revision-mismatch", count: 1 })(cell);
    },
    codes: ["changed-elsewhere"],
    heals: ["update", "delete"],
    modes: ["once"],
    atKaleyra: "none",
  },
  "413": { arrange: status(413), codes: ["request-refused"] },
  "422": { arrange: status(422), codes: ["invalid-field", "request-refused"] },
  "428": { arrange: status(428), codes: ["precondition-required"], atKaleyra: REFUSED },
  "429 with Retry-After in seconds": {
    arrange: status(429, { retryAfter: 8 }),
    codes: ["too-many-requests"],
    heals: true,
  },
  "429 with Retry-After as a date": {
    arrange: status(429, { retryAfterDate: 20 }),
    codes: ["too-many-requests"],
    heals: true,
  },
  "429 with an absurd Retry-After": {
    arrange: status(429, { retryAfter: 86_400 }),
    codes: ["too-many-requests"],
  },
  "429 without Retry-After": { arrange: status(429), codes: ["too-many-requests"], heals: true },
  "5xx burst": {
    arrange: (cell) => {
      for (const code of [500, 502, 503, 500]) status(code, { count: 1 })(cell);
    },
    codes: [],
    heals: true,
    modes: ["once"],
  },
  "5xx for ever": { arrange: status(500), codes: DOWN, modes: ["for ever"] },
  "503 with Retry-After": { arrange: status(503, { retryAfter: 30 }), codes: DOWN, heals: true },
  "504 of the probe": {
    arrange: status(504, { code: "verification-timeout" }),
    codes: ["verification-timeout"],
    heals: Object.keys(VERBS).filter((verb) => !DRY_RUNS.includes(verb)),
    atKaleyra: { codes: DOWN, heals: true },
  },
  "a gateway's 404": {
    arrange: spec({ kind: "html", status: 404 }),
    codes: ["not-the-api"],
    atKaleyra: REFUSED,
  },
  "valid credentials of another account": {
    arrange: (cell) => {
      const other = cell.sandbox.accounts[1] as { id: string; passcode: string };
      const account = { accountId: other.id, passcode: other.passcode };
      if (cell.verb.exists) configured(cell, account);
      // For what does not exist yet it is just the account in which to make it.
      else cell.driver.options = { ...cell.driver.options, ...account };
    },
    codes: ["account-mismatch"],
    modes: ENVIRONMENT,
    atKaleyra: "none",
  },
  "CleverTap's own envelope": {
    arrange: status(200, { body: { status: "fail", error: "Invalid Credentials", code: 12 } }),
    codes: ["request-refused"],
  },
  "unknown extra members": { arrange: rewritten(members), codes: [], heals: true, atKaleyra: REFUSED },
  "wrong types": { arrange: rewritten(wrongTypes), codes: UNREADABLE, heals: WRITES, atKaleyra: REFUSED },
};

const envelope = (code: string | number, error: object) => ({
  kind: "status" as const,
  body: { code, message: "No", data: {}, error },
});

/** What only Kaleyra's API says. */
export const KALEYRA_FAULTS: Record<string, Fault> = {
  "RBC001 with 200": {
    arrange: spec({ ...envelope("RBC001", {}), status: 200 }),
    codes: ["unauthenticated"],
  },
  "RBC001 with 400": {
    arrange: spec({ ...envelope("RBC001", { error: "x" }), status: 400 }),
    codes: ["unauthenticated"],
  },
  "an error in a 200": {
    arrange: spec({ ...envelope("E13001", [{ params: "x" }]), status: 200 }),
    codes: ["request-refused"],
  },
  "a code that is a number": {
    arrange: spec({ ...envelope(1400, {}), status: 202, stored: true }),
    codes: [],
    heals: true,
  },
};

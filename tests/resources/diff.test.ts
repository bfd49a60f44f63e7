import { readSettings } from "../../provider/configuration/settings";
import { type Properties, UNKNOWN } from "../../provider/model/unknown";
import { createContext } from "../../provider/resources/context";
import { compare } from "../../provider/resources/whatsapp-provider/diff";
import type { State } from "../../provider/resources/whatsapp-provider/properties";

const ACCOUNTS = JSON.stringify({
  emea: { accountId: "EMEA", passcode: "p" },
  again: { accountId: "MAIN", passcode: "p" },
  "at another address": { accountId: "MAIN", passcode: "p", endpoint: "https://new.example.com" },
});
const CONFIG: Record<string, string> = {
  endpoint: "https://api.example.com/base/",
  accountId: "MAIN",
  passcode: "p",
  accounts: ACCOUNTS,
};
const diff = (state: State, inputs: Properties, over: Record<string, string> = {}) =>
  compare(createContext(readSettings((key) => ({ ...CONFIG, ...over })[key], {})), state, inputs);

const inputs: Properties = {
  nickname: "Kaleyra",
  mobileNumber: "919999999999",
  httpEndpoint: "https://example.com/x",
  apiKey: "key",
  sid: "sid",
  kaleyraHost: "api.kaleyra.io",
  inboundMessageCallbackUrl: "https://example.com/in",
  deliveryReportCallbackUrl: "https://example.com/out",
  payloadVersion: "0.1",
  credentialFingerprint: "0123456789ab",
  __owner: "organization/test/dev/kaleyra",
};
const MARK = "organization/test/dev/kaleyra#0123456789ab";
const state = (over: Properties = {}): State => ({
  ...inputs,
  isDefault: false,
  revision: 1,
  accountId: "MAIN",
  externalReference: MARK,
  __mark: MARK,
  __api: "https://api.example.com/base",
  ...over,
});
const NONE = { changed: [], replaces: [], deleteBeforeReplace: false };

test("nothing differs", () => expect(diff(state(), inputs)).toEqual(NONE));

test.each([
  ["a default written out", { autoReplyUntracked: false }],
  ["adoptExisting, a hint of the create", { adoptExisting: true }],
  ["markAsDefault false", { markAsDefault: false }],
])("%s is no change", (_, over) => expect(diff(state(), { ...inputs, ...over })).toEqual(NONE));

test("markAsDefault is a change only while it is not fulfilled", () => {
  const wish = { ...inputs, markAsDefault: true };
  expect(diff(state(), wish).changed).toEqual(["markAsDefault"]);
  expect(diff(state({ isDefault: true }), wish).changed).toEqual([]);
  expect(diff(state({ isDefault: true, markAsDefault: true }), inputs).changed).toEqual([]);
});

test.each([
  "nickname",
  "httpEndpoint",
  "apiKey",
  "sid",
  "kaleyraHost",
  "autoReplyUntracked",
  "maxConcurrentRequests",
])("%s updates in place", (name) =>
  expect(diff(state(), { ...inputs, [name]: "other" })).toEqual({ ...NONE, changed: [name] }),
);

test("headers differ by value and by name, not by order", () => {
  const old = state({ headers: { a: "1", b: "2" } });
  expect(diff(old, { ...inputs, headers: { b: "2", a: "1" } })).toEqual(NONE);
  for (const headers of [
    { a: "1" },
    { a: "1", b: "3" },
    { a: "1", b: "2", c: "3" },
    undefined,
    { a: "1", b: UNKNOWN },
  ]) {
    expect(diff(old, { ...inputs, headers }).changed).toEqual(["headers"]);
  }
});

test("the number replaces, create first; the account replaces, delete first", () => {
  expect(diff(state(), { ...inputs, mobileNumber: "14155550100" })).toEqual({
    changed: ["mobileNumber"],
    replaces: ["mobileNumber"],
    deleteBeforeReplace: false,
  });
  expect(diff(state(), { ...inputs, account: "emea" })).toEqual({
    changed: ["account"],
    replaces: ["account"],
    deleteBeforeReplace: true,
  });
});

test("a credential that may have been changed elsewhere shows until it is sent again", () => {
  expect(diff(state({ credentialFingerprint: "000000000000" }), inputs).changed).toEqual([
    "credentialFingerprint",
  ]);
});

test("another name or address of the same account changes the state and replaces nothing", () => {
  expect(diff(state(), { ...inputs, account: "again" })).toEqual({ ...NONE, changed: ["account"] });
  // Its earlier name is not configured any more.
  expect(diff(state({ account: "old" }), { ...inputs, account: "again" })).toEqual({
    ...NONE,
    changed: ["account"],
  });
  expect(diff(state(), { ...inputs, account: "at another address" }).replaces).toEqual(["account"]);
  const moved = { endpoint: "https://new.example.com", formerEndpoint: "https://API.example.com:443/base" };
  expect(diff(state(), inputs, moved)).toEqual({ ...NONE, changed: ["__api"] });
  expect(() => diff(state(), inputs, { endpoint: "https://new.example.com" })).toThrow(/api-mismatch/);
});

test("a mark shows as a change: at an import's first preview, for an adoption, and where it was lost", () => {
  const change = (over: Properties, adoptExisting?: unknown) =>
    diff(state(over), { ...inputs, adoptExisting }).changed;
  const imported = { __imported: true, __mark: undefined };
  const other = "organization/test/prod/kaleyra#ba9876543210";
  expect(change({ ...imported, externalReference: undefined })).toEqual(["externalReference"]);
  expect(change({ ...imported, externalReference: other })).toEqual([]);
  expect(change({ ...imported, externalReference: other }, true)).toEqual([]);
  expect(change({ ...imported, externalReference: other }, other)).toEqual(["externalReference"]);
  expect(change({ externalReference: other })).toEqual(["externalReference"]);
  expect(change({ externalReference: undefined })).toEqual(["externalReference"]);
  // A rename keeps its mark, and so does an upgrade.
  const renamed = { ...inputs, __owner: "organization/test/prod/kaleyra" };
  expect(diff(state(), renamed)).toEqual(NONE);
  const earlier =
    "organization/urn:pulumi:dev::test::t$clevertap:index:WhatsAppProvider::kaleyra#0123456789ab";
  const of01 = state({ externalReference: earlier, __mark: undefined, __api: undefined });
  expect(diff(of01, { ...inputs, __owner: "organization/test/dev/t/kaleyra" })).toEqual(NONE);
});

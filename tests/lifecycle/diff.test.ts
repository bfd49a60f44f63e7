import { diff } from "../../provider/lifecycle/diff";
import { type Properties, type State, UNKNOWN } from "../../provider/lifecycle/values";

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
};
const state = (over: Properties = {}): State => ({ ...inputs, isDefault: false, revision: 1, ...over });
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

import { compare } from "../../audit/compare";
import { readState } from "../../audit/reading/state";
import { exported, resource, type Wanted } from "./support/states";

const INDIA: Wanted = { name: "india", number: "919999999999", nickname: "Kaleyra", key: "1" };
const US: Wanted = { name: "us", number: "15017122661", nickname: "US", key: "2" };

const stateOf = (resources: readonly object[], more = {}) =>
  readState(Buffer.from(JSON.stringify(exported("2026-07-01T00:00:00Z", resources, more))), "state.json");

function differences(before: readonly Wanted[], after: readonly Wanted[], more = {}) {
  return compare(stateOf(before.map(resource)), stateOf(after.map(resource), more));
}

function told(before: readonly Wanted[], after: readonly Wanted[], more = {}): string[] {
  return differences(before, after, more).changes.map(
    ({ resource: { name }, kinds, notes, properties }) =>
      `${name}: ${kinds.join(", ")}${notes.map((note) => ` (${note})`).join("")}${properties
        .map(({ label, before: old, after: now }) => `; ${label}: ${old} → ${now}`)
        .join("")}`,
  );
}

test("the same, encrypted anew and in another order: no change, and what is technical is counted", () => {
  const again = { ...INDIA, revision: 4, modified: "2026-09-01T00:00:00Z" };
  const { changes, unchanged, folded } = differences([INDIA, US], [US, again]);
  expect(changes).toEqual([]);
  expect([unchanged, folded]).toEqual([2, 1]);
});

test("added and removed", () => {
  expect(told([INDIA], [INDIA, US])).toEqual([
    expect.stringMatching(
      /^us: added; Nickname: {2}→ US; .*Header api-key: {2}→ secret.*; Status: {2}→ active$/,
    ),
  ]);
  expect(told([INDIA, US], [INDIA])).toEqual(["us: removed"]);
});

test("changed, in the form's own words", () => {
  const settings = { httpEndpoint: "https://example.com/other", autoReplyUntracked: true };
  expect(told([INDIA], [{ ...INDIA, nickname: "Kaleyra India", isDefault: true, settings }])).toEqual([
    "india: changed; Nickname: Kaleyra → Kaleyra India; HTTP End Point: https://example.com/whatsapp/message/clevertap → " +
      "https://example.com/other; Auto reply untracked: not set → yes; Is default: no → yes",
  ]);
});

test("a fingerprint that is none is not shown: a state that somebody made can hold anything there", () => {
  const hostile = JSON.stringify(exported("2026-07-01T00:00:00Z", [resource(INDIA)])).replace(
    /"credentialFingerprint":"[^"]*"/g,
    '"credentialFingerprint":"\\u001b[2J canary"',
  );
  const [change] = compare(stateOf([resource(INDIA)]), readState(Buffer.from(hostile), "state.json")).changes;
  expect(change?.properties).toMatchObject([{ label: "Credentials (fingerprint)", after: "no fingerprint" }]);
});

test("a secret whose signature is damaged is not shown", () => {
  const damaged = JSON.stringify(exported("2026-07-01T00:00:00Z", [resource(INDIA)])).replace(
    /"nickname":"[^"]*"/g,
    '"nickname":{"4dabf18193072939515e22adb298388d":null,"plaintext":"\\"canary-value\\""}',
  );
  const { changes } = compare(stateOf([resource(INDIA)]), readState(Buffer.from(damaged), "state.json"));
  expect(changes).toHaveLength(1);
  expect(JSON.stringify(changes.map(({ properties }) => properties))).not.toContain("canary-value");
});

test("a credential that was rotated shows its fingerprints", () => {
  const [line] = told([INDIA], [{ ...INDIA, key: "new" }]);
  expect(line).toMatch(/^india: rotated; Credentials \(fingerprint\): [\da-f]{12} → [\da-f]{12}$/);
});

test("a credential that may have been changed elsewhere is no rotation", () => {
  const settings = { credentialFingerprint: "000000000000" };
  expect(told([INDIA], [{ ...INDIA, settings }])).toEqual([
    expect.stringMatching(/^india: changed; .* → not known \(may have been changed elsewhere\)$/),
  ]);
});

test("replaced, because of which property; its new mark is technical, and its fingerprint proves nothing", () => {
  expect(told([INDIA], [{ ...INDIA, number: "917834811114" }])).toEqual([
    expect.stringMatching(
      /^india: replaced \(because of Mobile number\) \(the fingerprint covers number .*\); Mobile number: 919999999999 → 917834811114; Credentials/,
    ),
  ]);
});

test("replaced without another number or account", () => {
  expect(told([INDIA], [{ ...INDIA, id: "wap_other" }])).toEqual([
    "india: replaced (with the same number and account: forced with --replace, or made again after it was gone)",
  ]);
});

test("moved to another account", () => {
  const emea = { ...INDIA, account: "TEST-000-002Z", id: "wap_emea", settings: { account: "emea" } };
  expect(told([INDIA], [emea])).toEqual([
    expect.stringMatching(
      /^india: replaced, moved \(because of Account\) \(to another account\).*Account id: TEST-000-001Z → TEST-000-002Z/,
    ),
  ]);
});

test("renamed, and moved to the other door, are the same object", () => {
  const id = "wap_1";
  const [renamed] = told([{ ...INDIA, id }], [{ ...INDIA, id, name: "bharat" }]);
  expect(renamed).toMatch(/^bharat: renamed/);
  const [moved] = told([{ ...INDIA, id }], [{ ...INDIA, id, door: "dynamic" }]);
  expect(moved).toBe("india: moved (from the plugin door to the dynamic door)");
});

test("another name and another object for the same number: replaced, not added and removed", () => {
  const changes = differences([INDIA], [{ ...INDIA, name: "bharat", id: "wap_new" }]).changes;
  expect(changes.map(({ kinds, earlier }) => [kinds, earlier?.name])).toEqual([
    [["replaced", "renamed"], "india"],
  ]);
});

test("a renamed stack renames no resource", () => {
  const id = "wap_1";
  const changes = told(
    [{ ...INDIA, id }],
    [{ ...INDIA, id, stack: "shop/live", outputs: { __mark: "x", externalReference: "x" } }],
    {
      stack: "shop/live",
    },
  );
  expect(changes.join()).not.toContain("renamed");
});

test("adopted, imported, and taken over by another owner", () => {
  const mark = "organization/shop/prod/india#0123456789ab.4";
  const adopted = { ...INDIA, outputs: { __mark: mark, externalReference: mark } };
  expect(told([], [adopted])[0]).toMatch(/^india: adopted \(it existed already: this stack took it over\)/);
  const imported = { ...INDIA, outputs: { __mark: undefined, __imported: true } };
  expect(told([], [imported])[0]).toMatch(/^india: imported/);
  expect(told([imported], [INDIA])[0]).toMatch(/^india: adopted/);
  const lost = { ...INDIA, outputs: { externalReference: "organization/other/prod/x#0123456789ab" } };
  expect(told([INDIA], [lost])[0]).toMatch(
    /^india: taken over \(it carries a mark that this stack did not write\)/,
  );
});

test("two entries of one name are paired one by one", () => {
  expect(differences([INDIA, INDIA], [INDIA, INDIA])).toMatchObject({ changes: [], unchanged: 2 });
  expect(told([INDIA, INDIA], [INDIA])).toEqual(["india: removed"]);
});

test("an old copy that waits for its deletion is no resource", () => {
  const leftover = resource({ ...INDIA, id: "wap_old", entry: { delete: true } });
  const state = stateOf([leftover, resource(INDIA)]);
  expect(state.resources.map(({ id }) => id)).not.toContain("wap_old");
  expect(state.leftovers).toHaveLength(1);
});

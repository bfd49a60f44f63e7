import { accountNames, readSettings } from "../../provider/configuration/settings";
import { WhatsAppProviderError } from "../../provider/model/errors";

/** The message of the error that comes, searched for canaries. */
function problem(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (!WhatsAppProviderError.is(error)) throw error;
    expect(`${error.message} ${error.stack}`).not.toMatch(/canary/i);
    return error.message;
  }
  throw new Error("it did not fail");
}

const config = (accounts: unknown) => (key: string) =>
  key === "accounts" ? (typeof accounts === "string" ? accounts : JSON.stringify(accounts)) : undefined;

const GOOD = { endpoint: "https://example.com", accountId: "ACCT", passcode: "canary-passcode" };

test("the names of the accounts", () => {
  expect(accountNames(() => undefined)).toEqual([]);
  expect(accountNames(config({ emea: GOOD, __proto__x: GOOD }))).toEqual(["emea", "__proto__x"]);
});

test.each([
  "canary-passcode",
  '{"emea":{"passcode":"canary-passcode"}',
  '{"emea":"canary-passcode"}',
  '["canary"]',
  '"canary"',
  "null",
])("accounts that are no map are an error that quotes nothing: %s", (text) => {
  for (const run of [() => accountNames(config(text)), () => readSettings(config(text), {}).account("emea")])
    expect(problem(run)).toBe(
      "clevertap:accounts must be a map of names to {endpoint, accountId, passcode}. Run `pulumi config set --path clevertap:accounts.<name>.accountId <ID>` and `pulumi config set --secret --path clevertap:accounts.<name>.passcode` [invalid-configuration]",
    );
});

describe("the name of an account is never quoted: the program may pass it as a secret", () => {
  const account = (entries: object, namesArePublic?: boolean) =>
    problem(() => readSettings(config(entries), {}, namesArePublic).account("canary-name"));

  test("no such entry: those that are there are named", () => {
    expect(account({ emea: GOOD, "ap\u001b[2Jac\n": GOOD })).toMatch(
      /^account: clevertap:accounts has no entry of that name \(it has: emea, ap\[2Jac\)\. Run /,
    );
    expect(account({})).toContain("of that name (it has: none). Run");
  });

  test("no such entry among those that a program made: their names may be secret too", () =>
    expect(account({ "canary-other": GOOD }, false)).toContain("has no entry of that name. Run"));

  test("an entry that is not complete", () =>
    expect(account({ "canary-name": { accountId: "ACCT" } })).toBe(
      "clevertap:accounts.<name>.endpoint and clevertap:accounts.<name>.passcode are not set. Run `pulumi config set --path clevertap:accounts.<name>.endpoint <URL>` and `pulumi config set --secret --path clevertap:accounts.<name>.passcode` [missing-configuration]",
    ));

  test("an entry of a wrong form", () => {
    expect(account({ "canary-name": { ...GOOD, endpoint: "canary" } })).toMatch(
      /^clevertap:accounts\.<name>\.endpoint must be an absolute https URL/,
    );
    expect(account({ "canary-name": { ...GOOD, passcode: "canary ü" } })).toMatch(
      /^clevertap:accounts\.<name>\.passcode must be visible ASCII/,
    );
  });
});

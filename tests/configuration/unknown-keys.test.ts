import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { unknownKeyWarnings } from "../../provider/configuration/unknown-keys";

test("a misspelt key is named with the nearest one, and its value is not", () => {
  const accounts = { emea: { endpiont: "canary", accountId: "A", passcode: "canary" }, apac: "canary" };
  const config = { endpiont: "canary", "pass\u001b[31m": "canary", accounts: JSON.stringify(accounts) };
  const expected = [
    "clevertap:endpiont is not a known key and counts for nothing. Did you mean endpoint?",
    "clevertap:pass\\u001b[31m is not a known key and counts for nothing. Did you mean passcode?",
    "clevertap:accounts.emea.endpiont is not a known key and counts for nothing. Did you mean endpoint?",
  ];
  expect(unknownKeyWarnings(config)).toEqual(expected);
  expect(unknownKeyWarnings({ ...config, accounts })).toEqual(expected);
});

test("every key that the README lists is known", () => {
  const readme = readFileSync(resolve(__dirname, "../../README.md"), "utf8");
  const listed = [...readme.matchAll(/^\| `clevertap:(\w+)` \|/gm)].map(([, key]) => key as string);
  expect(listed.length).toBeGreaterThan(5);
  const config = Object.fromEntries(listed.map((key) => [key, "x"]));
  expect(unknownKeyWarnings(config)).toEqual([]);
});

test("accounts of a wrong form are another error", () => {
  for (const accounts of ["{", "[1]", "5", undefined, null, [{ a: 1 }], { emea: null }])
    expect(unknownKeyWarnings({ accounts })).toEqual([]);
});

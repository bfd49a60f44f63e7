import { argumentSchemas } from "../../provider/schemas";

/** What a rule says of a value; undefined where it is accepted. */
function problem(name: keyof typeof argumentSchemas, value: unknown): string | undefined {
  const result = argumentSchemas[name].safeParse(value);
  return result.success
    ? undefined
    : result.error.issues.map((i) => [...i.path, i.message].join(": ")).join("; ");
}

describe("mobileNumber", () => {
  test.each(["919999999999", "15017122661", "447700900000", "551187654321", "5215512345678", "1234567"])(
    "%s is accepted",
    (value) => expect(problem("mobileNumber", value)).toBeUndefined(),
  );
  test.each([
    ["+919999999999", "digits only with the country code: use 919999999999"],
    ["00919999999999", "digits only with the country code: use 919999999999"],
    ["91 9999-999 999", "digits only with the country code: use 919999999999"],
    ["+1 (415) 555-0100", "digits only with the country code: use 14155550100"],
    ["09407178156", "replace the leading 0 by the country code: digits only, like 919999999999"],
    ["12345", "digits only with the country code, 7 to 15 of them, like 919999999999"],
    ["A0123456789abcdef", "digits only with the country code, 7 to 15 of them, like 919999999999"],
    [919999999999, "must be a string"],
  ])("%s: %s", (value, text) => expect(problem("mobileNumber", value)).toBe(text));
});

describe("nickname", () => {
  test("is trimmed", () => expect(argumentSchemas.nickname.parse("  Kaleyra ")).toBe("Kaleyra"));
  test("counts code points", () => expect(problem("nickname", "🙂".repeat(64))).toBeUndefined());
  test.each([
    ["", "must not be empty"],
    ["   ", "must not be empty"],
    ["x".repeat(65), "must have at most 64 characters, has 65"],
    ["a\u0007b", "must not contain control characters"],
  ])("%j: %s", (value, text) => expect(problem("nickname", value)).toBe(text));
});

describe.each(["httpEndpoint", "kaleyraHost"] as const)("%s", (name) => {
  test.each([
    "https://example.com/whatsapp/message/clevertap",
    "http://127.0.0.1:8080/x",
    "http://localhost/x",
    "http://[::1]:1/x",
  ])("%s is accepted", (value) => expect(problem(name, value)).toBeUndefined());
  test.each([
    ["http://example.com/x", "must use https (http is accepted on loopback only)"],
    ["https://user:canary@example.com/", "must not contain a user name or password"],
    ["https://example.com/#x", "must not contain a fragment (#…)"],
    ["ftp://example.com/", "must be an absolute https URL"],
    ["https://exa mple.com/", "must not contain spaces or control characters"],
  ])("%s: %s", (value, text) => expect(problem(name, value)).toBe(text));
});

test("kaleyraHost takes a bare host name, unchanged", () => {
  for (const host of ["api.kaleyra.io", "api.in.kaleyra.io", "API.eu.kaleyra.io:8443", "localhost"])
    expect(argumentSchemas.kaleyraHost.parse(host)).toBe(host);
  expect(problem("kaleyraHost", "api kaleyra io")).toBe(
    "must be an https URL or a bare host name, like https://api.in.kaleyra.io/",
  );
});

describe.each(["apiKey", "sid"] as const)("%s", (name) => {
  test.each([
    ["", "must not be empty"],
    ["canary\n", "has a space or line break at an end: set it again without (its value is not shown)"],
    ["can ary", "must be visible ASCII without spaces (its value is not shown)"],
    ["canäry", "must be visible ASCII without spaces (its value is not shown)"],
  ])("%j: %s", (value, text) => expect(problem(name, value)).toBe(text));
});

describe("headers", () => {
  test("names in lower case and in order", () => {
    const canonical = argumentSchemas.headers.parse({ "X-B": "2", "x-a": "1" });
    expect(JSON.stringify(canonical)).toBe('{"x-a":"1","x-b":"2"}');
  });
  test.each([
    [{ "api-key": "canary" }, "api-key: is set by apiKey itself: remove it"],
    [{ SID: "canary" }, "sid: is set by sid itself: remove it"],
    [
      { "inbound-message-callback-url": "x" },
      "inbound-message-callback-url: is set by the provider itself: remove it",
    ],
    [{ "X-A": "1", "x-a": "2" }, "x-a: is there twice: names ignore case"],
    [{ "x a": "canary" }, "(name): is not a header name: letters, digits and !#$%&'*+-.^_`|~ only"],
    [
      { "x-a": "canary\r\nx-b: 1" },
      "x-a: the value must be visible ASCII without line breaks or spaces at its ends (it is not shown)",
    ],
    [{ "x-a": 1 }, "x-a: the value must be a string"],
    ["canary", "must be a map of header names to string values"],
  ])("%j: %s", (value, text) => expect(problem("headers", value)).toBe(text));
  test("__proto__ is refused", () => {
    const text = "__proto__: is not a header name: letters, digits and !#$%&'*+-.^_`|~ only";
    expect(problem("headers", JSON.parse('{"__proto__":"canary"}'))).toBe(text);
  });
});

test.each([29, 1001, 30.5, "100"])("maxConcurrentRequests %s", (value) =>
  expect(problem("maxConcurrentRequests", value)).toBe("must be a whole number from 30 to 1000"),
);
test.each([30, 1000])("maxConcurrentRequests %s is accepted", (value) =>
  expect(problem("maxConcurrentRequests", value)).toBeUndefined(),
);

import { readEnvelope } from "../../provider/kaleyra/envelope";

/** The envelopes that Kaleyra documents for siblings of the number API, and what else may come. */

test.each<[string, number, unknown, object]>([
  [
    "V2",
    200,
    { code: "WA200", message: "Request Processed Successfully", data: {}, error: {} },
    { isDone: true },
  ],
  ["V1", 200, { code: "RBC024", message: "ok", data: {}, error: {}, status: 200 }, { isDone: true }],
  ["accepted", 202, { code: "MSG402", message: "Request Successful.." }, { isDone: true }],
  ["a code that is a number", 200, { code: 1400, error: [] }, { isDone: true, code: "1400" }],
  ["an empty text as the error", 200, { error: "" }, { isDone: true }],
  ["nothing at all", 204, undefined, { isDone: true, code: "", message: "" }],
  [
    "a list as the error",
    404,
    { code: "RBC302", message: "No", error: [{ params: "x" }] },
    { isDone: false },
  ],
  ["an error in a 200", 200, { code: "E13001", message: "No", error: [{ a: 1 }] }, { isDone: false }],
  ["a text as the error", 200, { error: "no such number" }, { isDone: false, message: "no such number" }],
  ["the error's own text", 400, { error: { error: "no" } }, { isDone: false, message: "no" }],
  ["a wrong key", 401, { code: "RBC001" }, { isDone: false, refusesKey: true }],
  ["a wrong key with any status", 200, { code: "RBC001", error: {} }, { isDone: false, refusesKey: true }],
  ["401 without a body", 401, undefined, { isDone: false, refusesKey: true }],
  ["access trouble is no wrong key", 403, { code: "WA401" }, { isDone: false, refusesKey: false }],
  ["a list", 200, [], { isDone: true }],
  ["members of wrong types", 500, { code: {}, message: [1], error: 5 }, { code: "", message: "5" }],
])("%s", (_, status, json, expected) => {
  expect(readEnvelope(status, json)).toMatchObject(expected);
});

import type { Call } from "../../server/http";
import { Problem } from "../../server/problem";
import { router } from "../../server/routes";

const said = (word: string) => (_context: unknown, call: Call) => ({
  status: 200,
  headers: {},
  body: `${word} ${call.param("id")}`,
});

const route = router<null>(
  { "GET /things/:id": said("get"), "PUT /things/:id": said("put"), "* /any": said("any") },
  "nothing here",
);

function answer(method: string, path: string) {
  const call: Call = {
    method,
    path,
    target: path,
    query: new URLSearchParams(),
    param: () => "",
    headers: {},
    body: Buffer.alloc(0),
    tooLarge: false,
    requestId: "",
  };
  try {
    return (route(null, call) as { body: string }).body;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return [error.status, error.message, error.headers];
  }
}

test.each([
  ["GET", "/things/7", "get 7"],
  ["PUT", "/things/7", "put 7"],
  ["PATCH", "/any", "any "],
  ["GET", "/things/a%2Fb", "get a/b"],
  ["GET", "/things/%zz", "get %zz"],
  ["GET", "/things/7/8", [404, "nothing here", {}]],
  ["GET", "/things/", [404, "nothing here", {}]],
  ["GET", "/more/things/7", [404, "nothing here", {}]],
  ["DELETE", "/things/7", [405, "Use GET, PUT here.", { Allow: "GET, PUT" }]],
])("%s %s", (method, path, expected) => {
  expect(answer(method, path)).toEqual(expected);
});

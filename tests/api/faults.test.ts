import { createServer } from "node:net";
import { createClient } from "../../provider/api/client";
import type { ErrorCode } from "../../provider/model/errors";
import {
  CANARY,
  expectNoCanary,
  failure,
  hang,
  json,
  PROVIDER,
  problem,
  REQUEST,
  type Reply,
  raw,
  reset,
  type Stage,
  staged,
  truncated,
} from "./server";

/** Every verb against every fault: the code, the number of requests, and whether the outcome is open. */

const page = { items: [PROVIDER] };
const defaults = { inboundMessageCallbackUrl: "a", deliveryReportCallbackUrl: "b", payloadVersion: "0.1" };

const VERBS: Record<
  string,
  { call: (s: Stage) => Promise<unknown>; good: Reply; write?: true; dryRun?: true }
> = {
  defaults: { call: ({ api }) => api.defaults(), good: json(200, defaults) },
  list: { call: ({ api }) => api.list(), good: json(200, page) },
  get: { call: ({ api }) => api.get("p1"), good: json(200, PROVIDER) },
  validateCreate: {
    call: ({ api }) => api.validateCreate(REQUEST),
    good: json(200, { valid: true }),
    dryRun: true,
  },
  validateUpdate: {
    call: ({ api }) => api.validateUpdate("p1", REQUEST),
    good: json(200, { valid: true }),
    dryRun: true,
  },
  create: { call: ({ api }) => api.create(REQUEST), good: json(201, PROVIDER), write: true },
  update: { call: ({ api }) => api.update("p1", REQUEST, 7), good: json(200, PROVIDER), write: true },
  delete: { call: ({ api }) => api.delete("p1", 7), good: raw(204, "", {}), write: true },
};

const huge: Reply = (response) => {
  response.writeHead(200, { "content-type": "application/json" });
  response.on("error", () => {});
  const chunk = Buffer.alloc(1024 * 1024, " ");
  let left = 100;
  const more = () => {
    while (left-- > 0 && !response.destroyed)
      if (!response.write(chunk)) return void response.once("drain", more);
    response.end();
  };
  more();
};
/** A problem that quotes every secret of the request. */
const leaky =
  (status: number, code: string): Reply =>
  (response, seen) =>
    problem(status, code, { detail: `${CANARY.passcode} | ${seen.body}`, title: seen.body })(response, seen);

/** What a read gets, what a write gets (the same where left out), and the requests for each. */
interface Cell {
  read: ErrorCode;
  write?: ErrorCode;
  requests: number;
  writeRequests?: number;
  lost?: true;
}
const FAULTS: Record<string, [Reply, Cell]> = {
  reset: [reset, { read: "unreachable", write: "outcome-unknown", requests: 5, lost: true }],
  "invalid JSON": [
    raw(200, "{nope", { "content-type": "application/json" }),
    { read: "bad-answer", write: "outcome-unknown", requests: 5, lost: true },
  ],
  HTML: [
    raw(200, `<html>${CANARY.apiKey}</html>`),
    { read: "bad-answer", write: "outcome-unknown", requests: 5, lost: true },
  ],
  empty: [raw(200, ""), { read: "bad-answer", write: "outcome-unknown", requests: 5, lost: true }],
  "wrong shape": [
    json(200, { items: 7, id: [CANARY.sid] }),
    { read: "bad-answer", write: "outcome-unknown", requests: 1, writeRequests: 5, lost: true },
  ],
  array: [
    json(200, []),
    { read: "bad-answer", write: "outcome-unknown", requests: 1, writeRequests: 5, lost: true },
  ],
  redirect: [
    raw(302, "", { location: "http://127.0.0.1:1/else?token=canary" }),
    { read: "bad-answer", requests: 1 },
  ],
  400: [leaky(400, "invalid-json"), { read: "request-refused", requests: 1 }],
  401: [leaky(401, "unauthenticated"), { read: "unauthenticated", requests: 1 }],
  403: [leaky(403, "forbidden"), { read: "forbidden", requests: 1 }],
  "403 HTML": [raw(403, "<html>"), { read: "forbidden", requests: 1 }],
  "gateway 404": [raw(404, "<html>not found"), { read: "not-the-api", requests: 1 }],
  "404 envelope": [
    json(404, { status: "fail", error: "provider-not-found", code: 404 }),
    { read: "not-the-api", requests: 1 },
  ],
  "404 in HTML": [raw(404, '{"code":"provider-not-found"}'), { read: "not-the-api", requests: 1 }],
  408: [raw(408, ""), { read: "unavailable", write: "outcome-unknown", requests: 5, lost: true }],
  413: [raw(413, ""), { read: "request-refused", requests: 1 }],
  415: [raw(415, ""), { read: "request-refused", requests: 1 }],
  428: [problem(428, "precondition-required"), { read: "precondition-required", requests: 1 }],
  429: [leaky(429, "too-many-requests"), { read: "too-many-requests", requests: 5 }],
  500: [
    leaky(500, "unavailable"),
    { read: "unavailable", write: "outcome-unknown", requests: 5, lost: true },
  ],
  "502 HTML": [
    raw(502, "<html>"),
    { read: "unavailable", write: "outcome-unknown", requests: 5, lost: true },
  ],
  503: [
    problem(503, "unavailable"),
    { read: "unavailable", write: "outcome-unknown", requests: 5, lost: true },
  ],
  "gateway 504": [raw(504, ""), { read: "unavailable", write: "outcome-unknown", requests: 5, lost: true }],
  "envelope 401": [
    json(401, { status: "fail", error: `no ${CANARY.passcode}`, code: 401 }),
    { read: "unauthenticated", requests: 1 },
  ],
  "envelope 200": [
    json(200, { status: "fail", error: `no ${CANARY.passcode}`, code: 12 }),
    { read: "request-refused", requests: 1 },
  ],
  "envelope 200 with 429": [
    json(200, { status: "fail", error: "slow", code: 429 }),
    { read: "too-many-requests", requests: 5 },
  ],
};

describe.each(Object.entries(VERBS))("%s", (_, verb) => {
  // To a dry run a 428 is no fault: see lost-query.test.ts.
  const faults = Object.entries(FAULTS).filter(([fault]) => !(verb.dryRun && fault === "428"));
  test.each(faults)("against %s for ever", (_, [reply, cell]) =>
    staged([reply], async (stage) => {
      const error = await failure(verb.call(stage));
      expect(error.code).toBe(verb.write ? (cell.write ?? cell.read) : cell.read);
      expect(stage.seen.length).toBe((verb.write && cell.writeRequests) || cell.requests);
      expect(error.outcomeUnknown).toBe(Boolean(verb.write && cell.lost));
      expect(error.requestId).toBe(stage.seen.at(-1)?.headers["x-request-id"]);
      expect(error.message.length).toBeLessThan(1000);
      expect(error.message).toContain(`[${error.code}`);
    }),
  );

  test.each([
    ["reset", reset],
    ["truncated", truncated],
    ["500", problem(500, "unavailable")],
    ["429", problem(429, "too-many-requests")],
    ["408", raw(408, "")],
    ["HTML", raw(200, "<html>")],
    ["empty", raw(200, "")],
  ])("heals after %s", (_, reply) =>
    staged([reply, verb.good], async (stage) => {
      await verb.call(stage);
      expect(stage.seen.length).toBe(2);
      const [first, second] = stage.seen;
      for (const header of ["idempotency-key", "if-match"])
        expect(second?.headers[header]).toBe(first?.headers[header]);
      expect(second?.body).toBe(first?.body);
      expect(second?.headers["x-request-id"]).not.toBe(first?.headers["x-request-id"]);
    }),
  );

  test("an answer that hangs ends at the limit", () =>
    staged(
      [hang],
      async (stage) => {
        const error = await failure(verb.call(stage));
        expect(error.code).toBe(verb.write ? "outcome-unknown" : "unreachable");
        expect(error.what).toContain("within 0.1 s");
        expect(stage.seen.length).toBe(2);
      },
      { requestTimeout: 0.1, maxAttempts: 2 },
    ));

  test("100 MB are not read", () =>
    staged(
      [huge],
      async (stage) => {
        const error = await failure(verb.call(stage));
        expect(error.code).toBe(verb.write ? "outcome-unknown" : "bad-answer");
        expect(error.what).toContain("8 MiB");
        expect(stage.seen.length).toBe(verb.write ? 2 : 1);
      },
      { maxAttempts: 2 },
    ));

  test("a refused connection was never sent", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as { port: number };
    await new Promise((resolve) => server.close(resolve));
    const api = client(`http://127.0.0.1:${port}`);
    const error = await failure(verb.call({ api } as Stage));
    expect(error).toMatchObject({ code: "unreachable", outcomeUnknown: false, afterLostAttempt: false });
    expect(error.what).toContain("refused");
    await api.close();
  });

  test("an unknown host was never sent", async () => {
    const api = client("https://nowhere.invalid");
    const error = await failure(verb.call({ api } as Stage));
    expect(error).toMatchObject({ code: "unreachable", outcomeUnknown: false });
    await api.close();
  });

  test("cancelled in the middle", async () => {
    const controller = new AbortController();
    await staged(
      [() => controller.abort()],
      async (stage) => {
        const error = await failure(verb.call(stage));
        expect(error).toMatchObject({ code: "cancelled", outcomeUnknown: Boolean(verb.write) });
        expect(stage.seen.length).toBe(1);
      },
      { signal: controller.signal },
    );
  });
});

function client(endpoint: string) {
  const options = {
    endpoint,
    accountId: "ACCT",
    passcode: CANARY.passcode,
    requestTimeout: 5,
    maxAttempts: 2,
  };
  return createClient(options, { sleep: async () => {}, random: () => 0 });
}

test("a server that speaks no HTTP", async () => {
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.once("data", () => socket.write("SSH-2.0-nope\r\n"));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const api = client(`http://127.0.0.1:${(server.address() as { port: number }).port}`);
  const error = await failure(api.create(REQUEST));
  expect(error.code).toBe("outcome-unknown");
  expect((await failure(api.defaults())).code).toBe("bad-answer");
  expectNoCanary(error);
  await api.close();
  await new Promise((resolve) => server.close(resolve));
});

import { withSandbox } from "../sandbox/client";
import { withServer } from "../support/http-server";

interface Seen {
  headers: Record<string, unknown>;
  body: unknown;
}

/** An HTTP End Point of somebody else. */
async function withEndpoint(
  answer: { status: number; body: string },
  use: (url: string, seen: Seen[]) => Promise<void>,
) {
  const seen: Seen[] = [];
  await withServer(
    async (request, response) => {
      let text = "";
      for await (const chunk of request) text += chunk;
      seen.push({ headers: request.headers, body: JSON.parse(text) });
      response.writeHead(answer.status).end(answer.body);
    },
    (url) => use(`${url}/whatsapp/message/clevertap`, seen),
  );
}

test("Save sends CleverTap's message with every header to the endpoint", () =>
  withEndpoint({ status: 200, body: '{"status":"success"}' }, (httpEndpoint, seen) =>
    withSandbox(async ({ post, good }, sandbox) => {
      const { body } = await post(good({ httpEndpoint }, { "x-extra": "value" }));
      expect(seen).toHaveLength(1);
      expect(seen[0]?.headers).toMatchObject({
        "api-key": sandbox.kaleyra.apiKey,
        sid: sandbox.kaleyra.sid,
        "kaleyra-host": sandbox.kaleyraHost,
        "x-extra": "value",
        "inbound-message-callback-url": body.inboundMessageCallbackUrl,
        "delivery-report-callback-url": body.deliveryReportCallbackUrl,
      });
      expect(seen[0]?.body).toEqual({
        payloadVersion: "0.1",
        wabaNumber: "919999999999",
        to: expect.any(String),
        isTemplate: true,
        template: {
          namespace: "whatsapp:hsm:technology:generic:verify",
          languageCode: "en",
          components: [
            {
              type: "body",
              text: "1 code: 2.Valid for 3 minutes.",
              parameters: ["1", "2", "3"].map((text) => ({ type: "text", text })),
            },
          ],
        },
        msgId: "0|0|0|0",
      });
    }),
  ));

const KALEYRA: [string, Record<string, unknown>, Record<string, string>, string[], number | undefined][] = [
  ["a wrong key", {}, { "api-key": "A00000000000000000000000000000000" }, ["api-key", "sid"], 2000],
  ["a wrong sid", {}, { sid: "HXIN0000000000IN" }, ["api-key", "sid"], 2000],
  ["an unknown host", {}, { "kaleyra-host": "https://api.example.com/" }, ["kaleyra-host"], undefined],
  ["an invalid number", { mobileNumber: "9407178156" }, {}, ["/mobileNumber"], 2002],
  ["a number that is not subscribed", { mobileNumber: "14155550199" }, {}, ["/mobileNumber"], 2003],
];

test.each(KALEYRA)("%s is mapped to where it belongs", (_name, over, pairs, places, bspCode) =>
  withSandbox(async ({ dryRun, good, post }, sandbox) => {
    const body = good(over, pairs);
    const { status, body: problem } = await dryRun(body);
    expect([status, problem.code]).toEqual([422, "verification-failed"]);
    const found = problem.errors.map(
      (error: { key?: string; pointer: string }) => error.key ?? error.pointer,
    );
    expect(found).toEqual(places);
    for (const error of problem.errors)
      if (error.key) expect(error.pointer).toMatch(/^\/headers\/\d\/value$/);
    expect(problem.verification.bspCode).toBe(bspCode);
    expect(problem.verification.timedOut).toBe(false);
    for (const value of Object.values(pairs))
      if (!value.includes("example")) expect(JSON.stringify(problem)).not.toContain(value);
    expect((await post(body)).body.errors).toEqual(problem.errors);
    expect(sandbox.providers()).toEqual([]);
  }),
);

test.each([
  "api.in.kaleyra.io",
  "https://api.in.kaleyra.io/",
  "https://api.kaleyra.io",
  "https://api.na.kaleyra.io/",
])("%s is a known host", (host) =>
  withSandbox(async ({ dryRun, good }) => {
    expect((await dryRun(good({}, { "kaleyra-host": host }))).status).toBe(200);
  }),
);

test.each([
  {
    status: 200,
    body: '{"status":"failure","error":{"code":2001,"message":"Template"}}',
    code: "template-parameters",
  },
  { status: 200, body: '{"status":"failure","error":{"code":2004,"message":"Other"}}', code: "other" },
  { status: 200, body: "<html>hello</html>", code: "unexpected-answer" },
  { status: 302, body: "", code: "unexpected-answer" },
  { status: 403, body: '{"message":"Forbidden"}', code: "unexpected-answer" },
  { status: 429, body: '{"message":"Too many"}', code: "unexpected-answer" },
  { status: 500, body: '{"status":"failure","error":{"message":"Broken"}}', code: "unexpected-answer" },
  { status: 500, body: '{"error":{"message":"The host is unknown"}}', code: "unexpected-answer" },
])("an endpoint that answers $status $code", (answer) =>
  withEndpoint(answer, (httpEndpoint) =>
    withSandbox(async ({ dryRun, good }) => {
      const { body } = await dryRun(good({ httpEndpoint }));
      expect(body.code).toBe("verification-failed");
      expect(body.errors).toEqual([
        { pointer: "/httpEndpoint", code: answer.code, message: expect.any(String) },
      ]);
      expect(body.verification.httpStatus).toBe(answer.status);
    }),
  ),
);

test("an endpoint that echoes a secret does not get it into the problem", () =>
  withSandbox(async ({ dryRun, good }, sandbox) => {
    const message = `the key ${sandbox.kaleyra.apiKey} is bad`;
    await withEndpoint(
      { status: 500, body: JSON.stringify({ status: "failure", error: { message } }) },
      async (url) => {
        const { body } = await dryRun(good({ httpEndpoint: url }));
        expect(body.verification.bspMessage).toBe("the key [redacted] is bad");
        sandbox.createProvider({
          mobileNumber: "919999999999",
          httpEndpoint: url,
          headers: { "api-key": sandbox.kaleyra.apiKey },
        });
        const { reasons } = await sandbox.campaign({ mobileNumber: "919999999999", recipients: 1 });
        expect(reasons).toEqual(["the key [redacted] is bad"]);
      },
    );
  }));

test("an endpoint that is not there", () =>
  withSandbox(async ({ dryRun, good }) => {
    let gone = "";
    await withEndpoint({ status: 200, body: "" }, async (url) => {
      gone = url;
    });
    const { body } = await dryRun(good({ httpEndpoint: gone }));
    expect(body.errors[0]).toMatchObject({ pointer: "/httpEndpoint", code: "no-answer" });
  }));

test("an endpoint that does not answer within the limit is a 504", () =>
  withSandbox(
    async ({ post, good }, sandbox) => {
      sandbox.fault({ kind: "hang", path: "/kaleyra", count: 1 });
      const { status, body } = await post(good());
      expect([status, body.code]).toEqual([504, "verification-timeout"]);
      expect(body.errors[0].pointer).toBe("/httpEndpoint");
      expect(body.verification).toEqual({ timedOut: true });
    },
    { verificationLimitMs: 100 },
  ));

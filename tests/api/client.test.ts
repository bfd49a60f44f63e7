import { createClient } from "../../provider/api/client";
import { retryAfterSeconds } from "../../provider/api/error-answers";
import { operationBound } from "../../provider/api/retry";
import { WhatsAppProviderError } from "../../provider/model/errors";
import {
  CANARY,
  expectNoCanary,
  failure,
  json,
  PROVIDER,
  problem,
  REQUEST,
  raw,
  reset,
  staged,
} from "./server";

test("every call names the account in its headers, and never in the path", () =>
  staged([json(200, PROVIDER)], async ({ api, seen }) => {
    await api.get("p1");
    expect(seen[0]).toMatchObject({ method: "GET", url: "/base/v1/whatsapp/providers/p1" });
    expect(seen[0]?.headers).toMatchObject({
      "x-clevertap-account-id": "ACCT",
      "x-clevertap-passcode": CANARY.passcode,
    });
    expect(seen[0]?.headers["user-agent"]).toMatch(/^pulumi-clevertap-whatsapp\/\d/);
    expect(seen[0]?.headers["x-request-id"]).toMatch(/^[\da-f-]{36}$/);
  }));

test("get: only the API's own 404 means gone", () =>
  staged([problem(404, "provider-not-found")], async ({ api }) => {
    expect(await api.get("p1")).toBeUndefined();
    await api.delete("p1", 7);
    expect((await failure(api.update("p1", REQUEST, 7))).code).toBe("provider-not-found");
  }));

test("get: an answer with another id is a bad answer", () =>
  staged([json(200, { ...PROVIDER, id: "p2" })], async ({ api }) => {
    expect((await failure(api.get("p1"))).code).toBe("bad-answer");
  }));

test("ids stay one segment of the path", () =>
  staged([json(200, { ...PROVIDER, id: "a/../ü?#" })], async ({ api, seen }) => {
    await api.get("a/../ü?#");
    expect(seen[0]?.url).toBe("/base/v1/whatsapp/providers/a%2F..%2F%C3%BC%3F%23");
    for (const id of ["", ".", "..", "\ud800"])
      await expect(api.get(id)).rejects.toMatchObject({ code: "invalid-input" });
    expect(seen.length).toBe(1);
  }));

test("list: all pages, each provider once", () =>
  staged(
    [
      json(200, { items: [PROVIDER], nextPageToken: "a&b" }),
      json(200, { items: [], nextPageToken: "c" }),
      json(200, { items: [PROVIDER, { ...PROVIDER, id: "p2" }], nextPageToken: null }),
    ],
    async ({ api, seen }) => {
      expect((await api.list()).map((p) => p.id)).toEqual(["p1", "p2"]);
      expect(seen[1]?.url).toContain("pageToken=a%26b");
    },
  ));

test("list: a page token that comes twice ends it", () =>
  staged([json(200, { items: [], nextPageToken: "same" })], async ({ api, seen }) => {
    expect((await failure(api.list())).code).toBe("bad-answer");
    expect(seen.length).toBe(2);
  }));

test("list: a listing without end stops after 1000 pages", () => {
  let n = 0;
  return staged(
    [(response, seen) => json(200, { items: [], nextPageToken: String(n++) })(response, seen)],
    async ({ api, seen }) => {
      expect((await failure(api.list())).what).toContain("1000 pages");
      expect(seen.length).toBe(1000);
    },
  );
});

test("findByNumber filters too, since a server may not", () =>
  staged(
    [json(200, { items: [PROVIDER, { ...PROVIDER, id: "p2", mobileNumber: "15017122661" }] })],
    async ({ api, seen }) => {
      expect((await api.findByNumber("15017122661"))?.id).toBe("p2");
      expect(await api.findByNumber("447700900000")).toBeUndefined();
      expect(seen[0]?.url).toContain("mobileNumber=15017122661");
    },
  ));

test("each create has its own key", () =>
  staged([json(201, PROVIDER)], async ({ api, seen }) => {
    await api.create(REQUEST);
    await api.create(REQUEST);
    expect(seen[0]?.headers["idempotency-key"]).toMatch(/^[\da-f-]{36}$/);
    expect(seen[0]?.headers["idempotency-key"]).not.toBe(seen[1]?.headers["idempotency-key"]);
    expect(seen[0]?.headers["if-match"]).toBeUndefined();
  }));

test("a 201 to a dry run is a bad answer", () =>
  staged([json(201, { valid: true })], async ({ api, seen }) => {
    expect((await failure(api.validateCreate(REQUEST))).code).toBe("bad-answer");
    expect(seen[0]).toMatchObject({ method: "POST", url: "/base/v1/whatsapp/providers?validateOnly=true" });
  }));

test("a 412 after our own lost PUT says so", () =>
  staged([reset, problem(412, "revision-mismatch")], async ({ api, seen }) => {
    const error = await failure(api.update("p1", REQUEST, 7));
    expect(error).toMatchObject({ code: "changed-elsewhere", afterLostAttempt: true, outcomeUnknown: true });
    expect(seen[1]?.headers["if-match"]).toBe('"7"');
  }));

test("a 412 after a 429 is a conflict: no attempt was lost", () =>
  staged([problem(429, "too-many-requests"), problem(412, "revision-mismatch")], async ({ api }) => {
    expect(await failure(api.delete("p1", 7))).toMatchObject({
      code: "changed-elsewhere",
      afterLostAttempt: false,
      outcomeUnknown: false,
    });
  }));

test("a 401 after a lost create leaves the outcome open", () =>
  staged([reset, problem(401, "unauthenticated")], async ({ api }) => {
    expect(await failure(api.create(REQUEST))).toMatchObject({
      code: "unauthenticated",
      outcomeUnknown: true,
      afterLostAttempt: true,
    });
  }));

test("number-in-use names the holder", () => {
  const conflict = { id: "p9", nickname: "Other", externalReference: "org/stack/name" };
  return staged([problem(409, "number-in-use", { conflict })], async ({ api, seen }) => {
    expect(await failure(api.create(REQUEST))).toMatchObject({
      code: "number-in-use",
      status: 409,
      conflict,
      outcomeUnknown: false,
    });
    expect(seen.length).toBe(1);
  });
});

test("provider-in-use is final, request-in-progress is not", () =>
  staged([problem(409, "provider-in-use")], async ({ api, seen }) => {
    expect((await failure(api.delete("p1", 7))).code).toBe("provider-in-use");
    expect(seen.length).toBe(1);
  }).then(() =>
    staged([problem(409, "request-in-progress")], async ({ api, seen }) => {
      expect(await failure(api.create(REQUEST))).toMatchObject({
        code: "request-in-progress",
        outcomeUnknown: true,
      });
      expect(seen.length).toBe(5);
      expect(new Set(seen.map((s) => s.headers["idempotency-key"])).size).toBe(1);
    }),
  ));

test("422 gives its reasons and what the end point said, without secrets", () => {
  const errors = [
    {
      pointer: "/headers/0",
      key: "api-key",
      code: "bsp-2000",
      message: `Invalid ${CANARY.apiKey} and ${encodeURIComponent(CANARY.sid)}`,
    },
    { nonsense: 1 },
    7,
  ];
  const verification = {
    httpStatus: 200,
    bspCode: 2000,
    bspMessage: `Bad\u0007 ${CANARY.extra}`,
    timedOut: false,
  };
  return staged([problem(422, "verification-failed", { errors, verification })], async ({ api, seen }) => {
    const error = await failure(api.create(REQUEST));
    expect(error).toMatchObject({
      code: "verification-failed",
      verification: { bspCode: 2000, bspMessage: "Bad ***" },
    });
    expect(error.problems[0]).toEqual({
      pointer: "/headers/0",
      key: "api-key",
      code: "bsp-2000",
      message: "Invalid *** and ***",
    });
    expect(seen.length).toBe(1);
  });
});

test("a verification that timed out is tried twice more for a write, never for a dry run", () =>
  staged(
    [problem(504, "verification-timeout", { verification: { httpStatus: 0, timedOut: true } })],
    async ({ api, seen }) => {
      const error = await failure(api.create(REQUEST));
      expect(error).toMatchObject({
        code: "verification-timeout",
        outcomeUnknown: false,
        verification: { timedOut: true },
      });
      expect(seen.length).toBe(3);
      await failure(api.validateCreate(REQUEST));
      await failure(api.validateUpdate("p1", REQUEST));
      expect(seen.length).toBe(5);
    },
  ));

test("unknown members are ignored, null is absent, shown secrets are dropped, nothing is polluted", () => {
  const text = JSON.stringify({
    ...PROVIDER,
    extra: { a: 1 },
    externalReference: null,
    headers: [{ key: "API-KEY", value: CANARY.apiKey }],
  });
  return staged([raw(200, text.replace("{", '{"__proto__":{"polluted":true},'), {})], async ({ api }) => {
    const provider = await api.get("p1");
    expectNoCanary(provider);
    expect(provider).not.toHaveProperty("extra");
    expect(provider?.externalReference).toBeUndefined();
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
    expect((provider as { polluted?: boolean }).polluted).toBeUndefined();
  });
});

test.each([
  ["revision", "7"],
  ["revision", 1.5],
  ["id", ".."],
  ["headers", {}],
  ["isDefault", "no"],
])("a wrong %s is named, not quoted", (member, value) =>
  staged([json(200, { ...PROVIDER, [member]: value })], async ({ api }) => {
    expect((await failure(api.get("p1"))).what).toContain(`member ${member} `);
  }),
);

test("JSON of 100,000 levels gives an error, not a crash", () =>
  staged(
    [raw(200, "[".repeat(100_000) + "]".repeat(100_000), {}), raw(422, '{"errors":'.repeat(50_000), {})],
    async ({ api }) => {
      expect((await failure(api.get("p1"))).code).toBe("bad-answer");
      expect((await failure(api.get("p1"))).code).toBe("request-refused");
    },
  ));

describe("waiting", () => {
  test("backoff doubles under full jitter", () =>
    staged([raw(500, "")], async ({ api, waits, lines }) => {
      await failure(api.defaults());
      expect(waits).toEqual([0.125, 0.25, 0.5, 1]);
      expect(lines[0]).toMatch(/^waiting 0\.2 s, .*500.*: attempt 2 of 5$/);
    }));

  test("backoff is capped", () =>
    staged(
      [raw(500, "")],
      async ({ api, waits }) => {
        await failure(api.defaults());
        expect(Math.max(...waits)).toBe(4);
      },
      { maxAttempts: 12 },
    ));

  test.each([429, 503])("Retry-After of a %i is honoured", (status) =>
    staged(
      [raw(status, "", { "retry-after": "8" }), json(200, { items: [] })],
      async ({ api, waits, lines }) => {
        await api.list();
        expect(waits).toEqual([8]);
        expect(lines).toEqual(["waiting 8 s, the API asked for it: attempt 2 of 5"]);
      },
    ),
  );

  test("a date counts from the API's clock", () =>
    staged(
      [
        raw(429, "", {
          date: "Wed, 21 Oct 2015 07:28:00 GMT",
          "retry-after": "Wed, 21 Oct 2015 07:28:09 GMT",
        }),
        json(200, { items: [] }),
      ],
      async ({ api, waits }) => {
        await api.list();
        expect(waits).toEqual([9]);
      },
    ));

  test.each(["3600", "99999999999999999999", "Fri, 31 Dec 9999 23:59:59 GMT"])(
    "%s is longer than we wait",
    (value) =>
      staged([raw(429, "", { "retry-after": value })], async ({ api, seen }) => {
        const error = await failure(api.list());
        expect(error.code).toBe("too-many-requests");
        expect(error.what).toMatch(/asks to wait \d+/);
        expect(seen.length).toBe(1);
      }),
  );

  test.each(["-5", "0", "soon", "", "1e3", "NaN", "Wed, 21 Oct 2015 07:28:00 GMT", "2015-10-21"])(
    "%j: this Retry-After counts for nothing",
    (value) => {
      expect(retryAfterSeconds(value)).toBeUndefined();
    },
  );

  test("cancelled while waiting", async () => {
    const controller = new AbortController();
    await staged(
      [raw(500, "")],
      async ({ api }) => {
        expect(await failure(api.create(REQUEST))).toMatchObject({ code: "cancelled", outcomeUnknown: true });
      },
      { signal: controller.signal, onWait: () => controller.abort() },
    );
  });

  test("a call has a bound", () => expect(operationBound(10, 5)).toBe(290));
});

describe("what is refused before anything is sent", () => {
  const good = {
    endpoint: "https://example.com",
    accountId: "A",
    passcode: "P",
    requestTimeout: 1,
    maxAttempts: 1,
  };
  test.each([
    [{ endpoint: "http://example.com" }],
    [{ endpoint: "https://user:pw@example.com" }],
    [{ endpoint: "https://example.com/?a=1" }],
    [{ endpoint: "nope" }],
    [{ accountId: "a\r\nX-Evil: 1" }],
    [{ accountId: "" }],
    [{ passcode: "canary\ncanary" }],
    [{ passcode: "canary ü" }],
  ])("%j", (wrong) => {
    let error: unknown;
    try {
      createClient({ ...good, ...wrong });
    } catch (e) {
      error = e;
    }
    expect(WhatsAppProviderError.is(error) && error.code).toBe("invalid-configuration");
    expectNoCanary(error);
  });
});

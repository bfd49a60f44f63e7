import { randomUUID } from "node:crypto";
import { KALEYRA_HEADERS, pairOf } from "../../contract/headers";
import { PROBLEMS, type ProblemCode } from "../../contract/problems";
import type { StoredHeader } from "../../contract/types";
import { readDefaults, readPage, readProvider } from "../../provider/api/answers";
import type { Client, Reply } from "./client";

/** What a server of the contract has to do, one check for each line of the contract that can be seen from outside. */

/** The server does something else than the contract says. */
export class Deviation extends Error {}

function demand(isSo: boolean, words: string): asserts isSo {
  if (!isSo) throw new Deviation(words);
}

function status(reply: Reply, ...wanted: number[]): void {
  const code = typeof reply.body.code === "string" ? ` ${reply.body.code}` : "";
  demand(wanted.includes(reply.status), `wanted HTTP ${wanted.join(" or ")}, got ${reply.status}${code}`);
}

/** The answer is the problem of this code, as RFC 9457 has it. */
function problem(reply: Reply, code: ProblemCode): void {
  status(reply, PROBLEMS[code][0]);
  const type = reply.headers.get("content-type") ?? "";
  demand(
    /^application\/problem\+json\b/.test(type),
    `${code}: the content type is not application/problem+json`,
  );
  demand(reply.body.code === code, `the code is not ${code}`);
  for (const member of ["type", "title", "detail"])
    demand(typeof reply.body[member] === "string", `${code}: ${member} is missing`);
  demand(reply.body.status === reply.status, `${code}: the member status is not the answer's`);
}

function pointers(reply: Reply): unknown[] {
  const { errors } = reply.body;
  return Array.isArray(errors) ? errors.map((error) => error?.pointer) : [];
}

/** Reads a provider, and sees that it comes with its ETag and without a secret. */
function provider(client: Client, reply: Reply) {
  const { apiKey, sid } = client.subject;
  demand(![apiKey, sid].some((secret) => reply.text.includes(secret)), "a secret is in the answer");
  const read = readProvider(reply.body);
  demand(reply.headers.get("etag") === `"${read.revision}"`, "ETag is not the revision in double quotes");
  const headers: readonly StoredHeader[] = read.headers;
  for (const name of [KALEYRA_HEADERS.apiKey, KALEYRA_HEADERS.sid])
    demand(pairOf(headers, name)?.valueSet === true, `${name} does not say valueSet`);
  demand(
    ["active", "pending", "refused", "deleting"].includes(read.status),
    "status is no word of the contract",
  );
  return read;
}

/** Works with a provider of its own, which is deleted in the end. */
async function withProvider(
  client: Client,
  body: (made: ReturnType<typeof provider>, etag: string, created: Reply) => Promise<void>,
): Promise<void> {
  const created = await client.post(client.wish({ externalReference: "conformance" }));
  status(created, 201);
  const made = provider(client, created);
  try {
    await body(made, `"${made.revision}"`, created);
  } finally {
    await client.remove(made.id);
  }
}

/** One check. */
export interface Check {
  readonly name: string;
  /** @throws Deviation, or what the readers of answers throw */
  readonly run: (client: Client) => Promise<void>;
}

const NOBODYS_ID = "conformance-no-such-id";

export const CHECKS: readonly Check[] = [
  {
    name: "the defaults have both callback URLs and the payload version",
    async run({ defaults }) {
      const reply = await defaults();
      status(reply, 200);
      readDefaults(reply.body);
      demand(reply.headers.get("date") !== null, "the answer has no Date");
    },
  },
  {
    name: "a wrong passcode is 401 unauthenticated",
    async run({ call }) {
      const headers = { "X-CleverTap-Passcode": randomUUID() };
      problem(await call("GET", "/v1/whatsapp/providers", { headers }), "unauthenticated");
    },
  },
  {
    name: "an unknown id is 404 provider-not-found, for each verb",
    async run({ get, put, remove, wish }) {
      problem(await get(NOBODYS_ID), "provider-not-found");
      problem(await put(NOBODYS_ID, '"1"', wish()), "provider-not-found");
      problem(await remove(NOBODYS_ID), "provider-not-found");
    },
  },
  {
    name: "a listing has items, and refuses a page size out of 1 to 100",
    async run({ list }) {
      const reply = await list("?pageSize=1");
      status(reply, 200);
      demand(readPage(reply.body).items.length <= 1, "the page has more items than asked for");
      for (const size of ["0", "101"]) problem(await list(`?pageSize=${size}`), "invalid-field");
    },
  },
  {
    name: "a dry run of a create says valid, and stores nothing",
    async run({ dryRun, list, wish, subject }) {
      const reply = await dryRun(wish());
      status(reply, 200);
      demand(reply.body.valid === true, "the answer is not {valid: true}");
      const found = await list(`?mobileNumber=${subject.mobileNumber}`);
      demand(readPage(found.body).items.length === 0, "the provider is there");
    },
  },
  {
    name: "a field that is not valid is 422 with its pointer, at a dry run and at a create",
    async run({ dryRun, post, wish }) {
      for (const send of [dryRun, post])
        for (const [member, value] of [
          ["nickname", ""],
          ["mobileNumber", "+1"],
          ["httpEndpoint", "ftp://example.com"],
          ["noSuchMember", true],
        ] as const) {
          const reply = await send(wish({ [member]: value }));
          problem(reply, "invalid-field");
          demand(pointers(reply).includes(`/${member}`), `no entry of errors points to /${member}`);
        }
    },
  },
  {
    name: "credentials that the HTTP End Point refuses are 422 verification-failed, and are not quoted",
    async run({ dryRun, post, wish }) {
      const wrong = `A${randomUUID().replaceAll("-", "")}`;
      for (const send of [dryRun, post]) {
        const reply = await send(wish({}, wrong));
        problem(reply, "verification-failed");
        demand(typeof reply.body.verification === "object", "the member verification is missing");
        demand(!reply.text.includes(wrong), "the credential is in the answer");
      }
    },
  },
  {
    name: "a create needs an Idempotency-Key, and JSON",
    async run({ call, wish }) {
      const path = "/v1/whatsapp/providers";
      const headers = { "Idempotency-Key": randomUUID() };
      problem(await call("POST", path, { body: wish() }), "missing-idempotency-key");
      problem(await call("POST", path, { raw: "{", headers }), "invalid-json");
      const type = { ...headers, "Content-Type": "text/plain" };
      problem(await call("POST", path, { raw: "{}", headers: type }), "unsupported-media-type");
    },
  },
  {
    name: "a create is 201 with Location and ETag, is read as it was made, and is listed by its number",
    run: (client) =>
      withProvider(client, async (made, _, created) => {
        const { mobileNumber } = client.subject;
        demand(
          created.headers.get("location")?.endsWith(`/${made.id}`) === true,
          "Location does not lead to it",
        );
        const read = provider(client, await client.get(made.id));
        demand(JSON.stringify(read) === JSON.stringify(made), "a read shows something else");
        demand(read.mobileNumber === mobileNumber, "the number is another one");
        demand(read.externalReference === "conformance", "externalReference is not what was sent");
        for (const name of ["inboundMessageCallbackUrl", "deliveryReportCallbackUrl"] as const)
          demand(
            pairOf(read.headers, KALEYRA_HEADERS[name])?.value === read[name],
            `${name} is not filled in`,
          );
        const { items } = readPage((await client.list(`?mobileNumber=${mobileNumber}`)).body);
        demand(
          items.some(({ id }) => id === made.id),
          "the listing by number does not have it",
        );
      }),
  },
  {
    name: "the same key and body replay the answer; another body under it is 422 idempotency-key-reused",
    async run(client) {
      const key = randomUUID();
      const first = await client.post(client.wish(), key);
      status(first, 201);
      try {
        const again = await client.post(client.wish(), key);
        status(again, 201);
        demand(again.body.id === first.body.id, "it is another provider");
        problem(await client.post(client.wish({ nickname: "Other" }), key), "idempotency-key-reused");
      } finally {
        await client.remove(first.body.id);
      }
    },
  },
  {
    name: "a number that another provider has is 409 number-in-use, with its holder",
    run: (client) =>
      withProvider(client, async ({ id }) => {
        for (const reply of [await client.post(client.wish()), await client.dryRun(client.wish())]) {
          problem(reply, "number-in-use");
          const { conflict } = reply.body;
          const holder =
            typeof conflict === "object" && conflict !== null && "id" in conflict ? conflict.id : undefined;
          demand(holder === id, "conflict does not name the holder");
        }
      }),
  },
  {
    name: "a replacement needs If-Match with the current revision; its dry run needs none and writes nothing",
    run: (client) =>
      withProvider(client, async ({ id }, etag) => {
        const other = client.wish({ nickname: "Other" });
        problem(await client.put(id, undefined, other), "precondition-required");
        problem(await client.put(id, '"999999"', other), "revision-mismatch");
        const dry = await client.put(id, undefined, other, "?validateOnly=true");
        status(dry, 200);
        demand(dry.body.valid === true, "the dry run's answer is not {valid: true}");
        demand((await client.get(id)).headers.get("etag") === etag, "the revision moved");
      }),
  },
  {
    name: "a replacement moves the revision, and clears what it leaves out",
    run: (client) =>
      withProvider(client, async ({ id, revision }, etag) => {
        const reply = await client.put(id, etag, client.wish({ nickname: "Other" }));
        status(reply, 200);
        const read = provider(client, reply);
        demand(read.revision === revision + 1, "the revision is not the next one");
        demand(read.nickname === "Other", "the nickname is not what was sent");
        demand(read.externalReference === undefined, "externalReference is still there");
      }),
  },
  {
    name: "a secret header without its value keeps what is stored; a create without it is 422",
    run: (client) =>
      withProvider(client, async ({ id }, etag) => {
        const wish = client.wish({ nickname: "Other" });
        const headers = wish.headers.map(({ value, ...pair }) =>
          "secret" in pair ? pair : { ...pair, value },
        );
        const reply = await client.put(id, etag, { ...wish, headers });
        status(reply, 200);
        provider(client, reply);
        await client.remove(id);
        problem(await client.post({ ...wish, headers }), "invalid-field");
      }),
  },
  {
    name: "the number can't change",
    run: (client) =>
      withProvider(client, async ({ id }, etag) => {
        const reply = await client.put(id, etag, client.wish({ mobileNumber: "14155550199" }));
        problem(reply, "invalid-field");
        demand(pointers(reply).includes("/mobileNumber"), "no entry of errors points to /mobileNumber");
      }),
  },
  {
    name: "a delete honours If-Match, and is 204, or 202 where a person has to do it",
    run: (client) =>
      withProvider(client, async ({ id }, etag) => {
        problem(await client.remove(id, '"999999"'), "revision-mismatch");
        const reply = await client.remove(id, etag);
        status(reply, 204, 202);
        const after = await client.get(id);
        if (reply.status === 204) problem(after, "provider-not-found");
        else demand(provider(client, after).status === "deleting", "the status is not deleting");
      }),
  },
];

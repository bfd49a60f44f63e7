import { readDefaults, readPage, readProblem, readProvider } from "../../provider/api/answers";
import { UnfitAnswer } from "../../provider/api/unfit-answer";
import { harmless, SIGNATURE, UNKNOWNS } from "../../provider/model/sentinels";
import { PROVIDER } from "./server";

/** No text of a server may mean something to the engine. */

const SIGNS = [...UNKNOWNS, SIGNATURE];
const broken = (sign: string) => `${sign.slice(0, 8)}_${sign.slice(8)}`;

test.each(SIGNS)("%s is changed wherever it stands, so that it means nothing to the engine", (sign) => {
  expect(harmless(sign)).toBe(broken(sign));
  expect(harmless(`a ${sign} and ${sign}`)).toBe(`a ${broken(sign)} and ${broken(sign)}`);
});

test("two of them that share a character are changed too", () => {
  const [, , , , , , last] = UNKNOWNS;
  const text = `${SIGNATURE.slice(0, -1)}${last}`;
  for (const sign of SIGNS) expect(harmless(text)).not.toContain(sign);
});

test("any other text stays the same", () => {
  for (const text of ["Kaleyra \u202eü\u0000 😀", "", "04DA6B54-80E4-46F7-96EC-B56FF0331BA9", "04da6b54"])
    expect(harmless(text)).toBe(text);
});

test("half of a surrogate pair is replaced, a whole pair is not", () =>
  expect(harmless("a\ud83d\ude00b\ud83d")).toBe("a\ud83d\ude00b\ufffd"));

/** All texts in a value, keys included. */
function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [key, ...textsIn(inner)]);
}

describe.each([...SIGNS, "\ud800"])("%j", (sign) => {
  const hostile = {
    inboundMessageCallbackUrl: `https://example.com/${sign}`,
    deliveryReportCallbackUrl: sign,
    payloadVersion: sign,
  };
  const provider = {
    ...PROVIDER,
    ...hostile,
    nickname: sign,
    mobileNumber: sign,
    httpEndpoint: sign,
    status: sign,
    externalReference: sign,
    createdAt: sign,
    updatedAt: sign,
    provider: sign,
    headers: [
      { key: sign, secret: true, valueSet: true },
      { key: `x-${sign.toUpperCase()}`, value: `a ${sign}` },
    ],
  };

  test("is in no text of a provider, a listing, the defaults and a conflict", () => {
    const conflict = { id: "p1", nickname: "x", externalReference: sign };
    const read = [
      readProvider(provider),
      readPage({ items: [provider] }),
      readDefaults(hostile),
      readProblem({ conflict })?.conflict,
    ];
    for (const text of textsIn(read)) expect(text).not.toContain(sign);
    expect(readProvider(provider)).toMatchObject({
      nickname: harmless(sign),
      externalReference: harmless(sign),
      headers: [{ key: harmless(sign) }, { key: `x-${harmless(sign)}` }],
    });
    expect(readProblem({ conflict })?.conflict?.externalReference).toBe(harmless(sign));
  });

  test("as an id it is refused: the API would not know the harmless form", () =>
    expect(() => readProvider({ ...PROVIDER, id: `p-${sign}` })).toThrow(UnfitAnswer));
});

test.each(["p\u001b[2J", "p\n1", "p\u202e1", " p"])(
  "the id %j is refused: it stands in lines and paths",
  (id) => expect(() => readProvider({ ...PROVIDER, id })).toThrow(UnfitAnswer),
);

test("a conflict with an unfit id is left out", () => {
  expect(readProblem({ conflict: { id: "p\u001b[2J" } })?.conflict).toBeUndefined();
  expect(readProblem({ conflict: { id: "p1" } })?.conflict).toEqual({ id: "p1" });
});

test("a header called __proto__ is an ordinary one", () => {
  const { headers } = readProvider({ ...PROVIDER, headers: [{ key: "__Proto__", value: "x" }] });
  expect(headers).toEqual([{ key: "__proto_", value: "x" }]);
});

test("the token of the next page goes back as it came", () =>
  expect(readPage({ items: [], nextPageToken: SIGNATURE }).nextPageToken).toBe(SIGNATURE));

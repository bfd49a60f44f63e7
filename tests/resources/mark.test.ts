import {
  isEarlierMark,
  isInScope,
  newMark,
  ownerOf,
  readMark,
  resourceOfMark,
} from "../../provider/resources/whatsapp-provider/mark";

const TYPE = "pulumi-nodejs:dynamic/clevertap:WhatsAppProvider";
const URN = `urn:pulumi:dev::shop::${TYPE}::kaleyra`;
const SCOPE = { organization: "acme", project: "shop", stack: "dev" };

test("an owner is the same behind both doors, and names parents", () => {
  expect(ownerOf("acme", URN)).toBe("acme/shop/dev/kaleyra");
  expect(ownerOf("acme", URN.replace(TYPE, "clevertap:index:WhatsAppProvider"))).toBe(
    "acme/shop/dev/kaleyra",
  );
  expect(ownerOf("acme", URN.replace(TYPE, `my:group:Numbers$${TYPE}`))).toBe(
    "acme/shop/dev/my:group:Numbers/kaleyra",
  );
  expect(ownerOf("acme", URN, "backend-2")).toBe("backend-2/acme/shop/dev/kaleyra");
});

test("names that hold what separates the parts of an owner stay different", () => {
  const types = TYPE.replace("pulumi", "a:b/c:D$pulumi");
  expect(ownerOf("acme", `urn:pulumi:dev::shop::${types}::n`)).toBe("acme/shop/dev/a:b%2Fc:D/n");
  expect(ownerOf("acme", `urn:pulumi:dev::shop::${TYPE}::a:b/c:D/n`)).toBe("acme/shop/dev/a:b%2Fc:D%2Fn");
  expect(ownerOf("acme", `${URN}::x#0123456789ab`)).toBe("acme/shop/dev/kaleyra::x%230123456789ab");
});

test("a mark is read as it was written, and new each time", () => {
  const owner = ownerOf("acme", URN);
  const [one, two, three] = [newMark(owner), newMark(owner), newMark(owner, 7)];
  expect(one).toMatch(/^acme\/shop\/dev\/kaleyra#[\da-f]{12}$/);
  expect(one).not.toBe(two);
  expect(three).toMatch(/#[\da-f]{12}\.7$/);
  expect(readMark(one)).toMatchObject({ owner, n: 0 });
  expect(readMark(three)).toMatchObject({ owner, n: 7 });
});

test("a mark of version 0.1 is read in today's form", () => {
  const earlier = `acme/${URN}#0123456789ab`;
  expect(readMark(earlier)).toEqual({ owner: "acme/shop/dev/kaleyra", root: "0123456789ab", n: 0 });
  expect(readMark(`backend-2/${earlier}`)?.owner).toBe("backend-2/acme/shop/dev/kaleyra");
  expect(isEarlierMark(earlier)).toBe(true);
  expect(isEarlierMark(newMark(ownerOf("acme", URN)))).toBe(false);
});

test("beyond the limit of 255 digests keep owners different and their stack recognisable", () => {
  const prefix = "p".repeat(250);
  const long = (end: string) => ownerOf("acme", `${URN}${"x".repeat(400)}${end}`, prefix);
  expect(newMark(long("a"), 9_999_999).length).toBeLessThanOrEqual(255);
  expect(long("a")).not.toBe(long("b"));
  const mark = readMark(newMark(long("a")));
  expect(mark?.owner).toBe(long("a"));
  expect(mark && isInScope(mark, { ...SCOPE, prefix })).toBe(true);
  expect(mark && isInScope(mark, { ...SCOPE, prefix, stack: "prod" })).toBe(false);
  expect(() => encodeURIComponent(ownerOf("acme", `${URN}${"😀".repeat(200)}`))).not.toThrow();
});

test("a scope is one stack of one project of one organization", () => {
  const mark = readMark(newMark(ownerOf("acme", URN)));
  const isIn = (over: object) => mark !== undefined && isInScope(mark, { ...SCOPE, ...over });
  expect(isIn({})).toBe(true);
  for (const other of [{ stack: "de" }, { project: "sho" }, { organization: "acm" }, { prefix: "acme" }])
    expect(isIn(other)).toBe(false);
});

test("a mark of another making is none", () => {
  for (const mark of [undefined, 7, "", "someone", "team#1", "a#0123456789ab.0", "#0123456789ab"])
    expect(readMark(mark)).toBeUndefined();
});

test("a mark tells which resource it belongs to", () => {
  const named = (urn: string, prefix?: string) => resourceOfMark(newMark(ownerOf("acme", urn, prefix)));
  expect(named(URN)).toEqual({ name: "kaleyra", stack: "shop/dev", scope: "acme/shop/dev" });
  expect(named(URN.replace(TYPE, `a:b:C$${TYPE}`), "x")).toMatchObject({
    name: "kaleyra",
    stack: "shop/dev",
  });
  expect(named(`${URN}/100%`)).toMatchObject({ name: "kaleyra/100%" });
  expect(named(`${URN}${"x".repeat(400)}`)).toBeUndefined();
  expect(resourceOfMark("someone")).toBeUndefined();
  expect(resourceOfMark("a/b/c/%zz#0123456789ab")).toMatchObject({ name: "%zz" });
});

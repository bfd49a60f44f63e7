import { newMark, ownerOf, ownerOfMark, resourceOfMark } from "../../provider/lifecycle/owner";

const URN = "urn:pulumi:dev::shop::pulumi-nodejs:dynamic/clevertap:WhatsAppProvider::kaleyra";

test("a mark names its owner and is new each time", () => {
  const owner = ownerOf("acme", URN);
  expect(owner).toBe(`acme/${URN}`);
  const marks = [newMark(owner), newMark(owner)];
  expect(marks[0]).not.toBe(marks[1]);
  for (const mark of marks) expect(ownerOfMark(mark)).toBe(owner);
});

test("the configured prefix tells equal stacks on two backends apart", () => {
  expect(ownerOf("acme", URN, "backend-2")).toBe(`backend-2/acme/${URN}`);
});

test("beyond the limit of 255 a digest keeps different owners different", () => {
  const long = (end: string) => ownerOf("acme", `${URN}${"x".repeat(400)}${end}`);
  expect(newMark(long("a")).length).toBeLessThanOrEqual(255);
  expect(long("a")).not.toBe(long("b"));
  expect(ownerOfMark(newMark(long("a")))).toBe(long("a"));
});

test("a mark of another making has no owner", () => {
  for (const mark of [undefined, "", "someone", "team#1"]) expect(ownerOfMark(mark)).toBeUndefined();
});

test("a mark tells which resource it belongs to", () => {
  expect(resourceOfMark(newMark(ownerOf("acme", URN)))).toBe("resource kaleyra of stack shop/dev");
  expect(resourceOfMark("someone")).toBeUndefined();
});

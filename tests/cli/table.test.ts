import { printTable, tableLines } from "../../cli/table";

test("nothing in a cell moves the cursor, breaks the line or turns the direction", () => {
  const printed: string[] = [];
  const log = jest.spyOn(console, "log").mockImplementation((text) => void printed.push(text));
  const hostile = "\u001b[2J\u009b31mKal\neyra\r\t\u202edlo\u200b\u2066\u034f\u3164\ud800";
  printTable(
    ["id", "nickname"],
    [
      ["p1", hostile],
      ["provider-2", "Kaleyra ü 😀"],
    ],
  );
  log.mockRestore();
  expect(printed).toEqual([
    "id          nickname",
    "p1          [2J31mKal eyra dlo\ufffd",
    "provider-2  Kaleyra ü 😀",
  ]);
});

test("a column stands to the right and has a least width where it is asked for", () =>
  expect(
    tableLines(
      [
        ["sent", "9", "90 %"],
        ["messages", "10", "100 %"],
        ["read", "0"],
      ],
      [{}, { align: "right", minWidth: 5 }, { align: "right" }],
    ),
  ).toEqual(["sent          9   90 %", "messages     10  100 %", "read          0"]));

import { resolve } from "node:path";
import { evaluateModule } from "../tools/module";

/** The tables of `npm run bench`, of samples that are made up. */

/** The cells of a table, without its heading. */
async function rows(table: "floorTable" | "againstTable", samples: object[]): Promise<string[][]> {
  const file = resolve(__dirname, "../../bench/tables.mjs");
  const script = `
    const { ${table} } = await import(${JSON.stringify(file)});
    console.log(JSON.stringify(${table}(${JSON.stringify(samples)})));`;
  const text = await evaluateModule<string>(script);
  const [, , ...lines] = text.split("\n");
  return lines.map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

const runs = (...walls: number[]) => walls.map((wall) => ({ wall, cpu: wall / 2 }));
const noOther = { before: [] };

test("each measurement has its ratio to the floor of the same name, by medians, and its limit", async () => {
  const samples = [
    { name: "refresh 100: floor", now: runs(900, 1000, 1100), ...noOther },
    { name: "refresh 100: dynamic", now: runs(2000, 1040, 1000), ...noOther },
    { name: "refresh 100: plugin", now: runs(500, 600, 700), ...noOther },
    { name: "handshake: plugin", now: [{ wall: 150, cpu: 131, memory: 82e6 }], ...noOther },
  ];
  expect(await rows("floorTable", samples)).toEqual([
    ["refresh 100: floor", "1000 ms", "900 to 1100", "", "500 ms", "", "", "", ""],
    ["refresh 100: dynamic", "1040 ms", "1000 to 2000", "1.04", "520 ms", "1.04", "1.05", "kept", ""],
    ["refresh 100: plugin", "600 ms", "500 to 700", "0.60", "300 ms", "0.60", "", "", ""],
    ["handshake: plugin", "150 ms", "150 to 150", "", "131 ms", "", "130", "missed", "82 MB"],
  ]);
});

test("of two versions each round gives a ratio; slower or faster is what every round of three was", async () => {
  const before = runs(1000, 2000, 1000);
  const samples = [
    { name: "slower", now: runs(1100, 2600, 1200), before },
    { name: "faster", now: runs(900, 1000, 800), before },
    { name: "open", now: runs(900, 2200, 1000), before },
    { name: "two rounds", now: runs(1100, 2600), before: before.slice(0, 2) },
    { name: "floor", now: runs(1000, 1000, 1000), ...noOther },
  ];
  const found = await rows("againstTable", samples);
  expect(found.map(([name, , , ratio, spread, , , verdict]) => [name, ratio, spread, verdict])).toEqual([
    ["slower", "1.20", "1.10 to 1.30", "slower"],
    ["faster", "0.80", "0.50 to 0.90", "faster"],
    ["open", "1.00", "0.90 to 1.10", "within the spread"],
    ["two rounds", "1.20", "1.10 to 1.30", "within the spread"],
  ]);
});

import { visible } from "../provider/model/text";

/** Prints rows under a heading, columns aligned. Plain text: no colour, and nothing in a cell that a terminal would obey. */
export function printTable(heading: readonly string[], rows: readonly (readonly string[])[]): void {
  const lines = [heading, ...rows].map((cells) => cells.map(visible));
  const widths = heading.map((_, i) => Math.max(...lines.map((cells) => (cells[i] ?? "").length)));
  for (const cells of lines) {
    console.log(
      cells
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join("  ")
        .trimEnd(),
    );
  }
}

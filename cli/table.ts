import { visible } from "../provider/model/text";

/** A column is as wide as its widest cell, with its cells to the left, where nothing else is set. */
export interface Column {
  readonly align?: "right";
  readonly minWidth?: number;
}

/** Rows as lines with aligned columns. Plain text: no colour, and nothing in a cell that a terminal would obey. */
export function tableLines(rows: readonly (readonly string[])[], columns: readonly Column[] = []): string[] {
  const cells = rows.map((row) => row.map(visible));
  const widths = cells[0]?.map((_, i) =>
    Math.max(columns[i]?.minWidth ?? 0, ...cells.map((row) => row[i]?.length ?? 0)),
  );
  const pad = (cell: string, i: number) =>
    columns[i]?.align === "right" ? cell.padStart(widths?.[i] ?? 0) : cell.padEnd(widths?.[i] ?? 0);
  return cells.map((row) => row.map(pad).join("  ").trimEnd());
}

/** Prints rows under a heading. */
export function printTable(heading: readonly string[], rows: readonly (readonly string[])[]): void {
  for (const line of tableLines([heading, ...rows])) console.log(line);
}

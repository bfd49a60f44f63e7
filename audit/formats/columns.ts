/** Text in columns that fit a width: long cells are wrapped, none is cut. */

/** Cells that a terminal shows two columns wide, and those that take none. */
const WIDE =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\uFF01-\uFF60]/u;
const NONE = /[\p{Mn}\p{Me}]/u;

/** Columns that a text takes on a terminal. */
export function widthOf(text: string): number {
  // Most texts are plain.
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  return [...text].reduce((width, sign) => width + (NONE.test(sign) ? 0 : WIDE.test(sign) ? 2 : 1), 0);
}

/** Lines of at most that width: broken at spaces, and inside a word where it alone is wider. */
export function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (widthOf(longer) <= width) {
      line = longer;
      continue;
    }
    if (line !== "") lines.push(line);
    line = "";
    for (const sign of word) {
      if (widthOf(line + sign) > width && line !== "") {
        lines.push(line);
        line = "";
      }
      line += sign;
    }
  }
  return [...lines, line];
}

export function padded(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - widthOf(text)));
}

const GAP = 2;
/** A column is never made narrower than this. */
const LEAST = 8;

/**
 * Rows as lines: each column as wide as its widest cell, and where that is too much, the widest columns give way.
 *
 * @param paint may colour a padded cell; it must not change its width
 */
export function columns(
  rows: readonly (readonly string[])[],
  width: number,
  paint: (padded: string, row: number, column: number) => string = (padded) => padded,
): string[] {
  const widths = fitting(rows, width);
  return rows.flatMap((row, r) => {
    const cells = widths.map((w, i) => wrapped(row[i] ?? "", w));
    const height = Math.max(1, ...cells.map((lines) => lines.length));
    return Array.from({ length: height }, (_, l) =>
      cells
        .map((lines, c) => {
          const text = lines[l] ?? "";
          const isLast = c === cells.length - 1;
          return text === "" && isLast ? "" : paint(isLast ? text : padded(text, widths[c] ?? 0), r, c);
        })
        .join(" ".repeat(GAP))
        .trimEnd(),
    );
  });
}

function fitting(rows: readonly (readonly string[])[], width: number): number[] {
  const count = rows.reduce((most, row) => Math.max(most, row.length), 0);
  const widths = Array.from({ length: count }, (_, i) =>
    rows.reduce((most, row) => Math.max(most, widthOf(row[i] ?? "")), 0),
  );
  const sum = () => widths.reduce((all, one) => all + one, 0) + GAP * (count - 1);
  for (let over = sum() - width; over > 0; over = sum() - width) {
    const widest = Math.max(...widths);
    if (widest <= LEAST) break;
    // Down to the next widest, or as far as is needed.
    const next = Math.max(LEAST, ...widths.filter((one) => one < widest));
    const at = widths.indexOf(widest);
    widths[at] = Math.max(next === widest ? widest - 1 : next, widest - over, LEAST);
    if (widths[at] === widest) widths[at] = widest - 1;
  }
  return widths;
}

import type { Child } from "hono/jsx";

export interface TableProps {
  /** What the table holds, above it. */
  readonly caption: string;
  readonly head: readonly string[];
  /** The first cell of a row is its heading. */
  readonly rows: readonly (readonly Child[])[];
  /** Instead of a table without rows. */
  readonly empty: Child;
  /** Columns of numbers, from 0: aligned to the right. */
  readonly numbers?: readonly number[];
}

/**
 * A table that turns into a list of cards on a narrow screen.
 */
export function DataTable({ caption, head, rows, empty, numbers = [] }: TableProps) {
  if (rows.length === 0) return <p class="empty">{empty}</p>;
  const alignment = (column: number) => (numbers.includes(column) ? "number" : undefined);
  return (
    <table>
      <caption>{caption}</caption>
      <thead>
        <tr>
          {head.map((text, column) => (
            <th scope="col" class={alignment(column)}>
              {text}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(([first, ...rest]) => (
          <tr>
            <th scope="row" data-label={head[0]} class={alignment(0)}>
              {first}
            </th>
            {rest.map((cell, index) => (
              <td data-label={head[index + 1]} class={alignment(index + 1)}>
                {cell}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

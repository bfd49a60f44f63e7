/** A bar of the chart. */
export interface Bar {
  readonly text: string;
  readonly count: number;
  /** Class of the bar, for its colour. */
  readonly kind: string;
}

const ROW = 28;
const LEFT = 90;
const WIDTH = 420;

/** Bars with their numbers, the longest as wide as the chart. Its words say the same. */
export function BarChart({ label, bars }: { label: string; bars: readonly Bar[] }) {
  const most = Math.max(...bars.map(({ count }) => count), 1);
  const words = bars.map(({ text, count }) => `${text} ${count}`).join(", ");
  return (
    <svg
      class="chart"
      role="img"
      aria-label={`${label}: ${words}`}
      viewBox={`0 0 ${LEFT + WIDTH + 60} ${bars.length * ROW}`}
    >
      {bars.map(({ text, count, kind }, index) => {
        const width = (count / most) * WIDTH;
        const middle = index * ROW + ROW / 2;
        return (
          <g>
            <text x="0" y={middle} class="label">
              {text}
            </text>
            <rect
              x={LEFT}
              y={index * ROW + 5}
              width={Math.max(width, 2)}
              height={ROW - 10}
              rx="3"
              class={`bar-${kind}`}
            />
            <text x={LEFT + width + 8} y={middle} class="count">
              {count}
            </text>
          </g>
        );
      })}
    </svg>
  );
}

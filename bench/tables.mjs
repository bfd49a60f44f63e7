/** The tables that `npm run bench` prints, of the samples of each measurement. */
import { HANDSHAKE, LIMITS } from "./measurements.mjs";

/** The measurement that one is compared to. */
export const floorOf = (name) => name.replace(/: .*/, ": floor");

/** Each measurement, and its ratio to the floor's. */
export function floorTable(samples) {
  const floors = new Map(samples.map(({ name, now }) => [name, now]));
  const rows = samples.map(({ name, now }) => {
    const floor = name === floorOf(name) ? undefined : floors.get(floorOf(name));
    const wall = statistics(now.map((one) => one.wall));
    const cpu = statistics(now.map((one) => one.cpu)).median;
    const ratioOf = (what, median) => floor && median / statistics(floor.map((one) => one[what])).median;
    const ratio = ratioOf("wall", wall.median);
    const limit = name === HANDSHAKE.name ? HANDSHAKE.limit : LIMITS[name];
    const isKept = (name === HANDSHAKE.name ? cpu : ratio) <= limit;
    return [
      name,
      `${wall.median.toFixed(0)} ms`,
      `${wall.least.toFixed(0)} to ${wall.most.toFixed(0)}`,
      ratio?.toFixed(2) ?? "",
      `${cpu.toFixed(0)} ms`,
      ratioOf("cpu", cpu)?.toFixed(2) ?? "",
      limit === undefined ? "" : `${limit}`,
      limit === undefined ? "" : isKept ? "kept" : "missed",
      now.some(({ memory }) => memory)
        ? `${(statistics(now.map(({ memory }) => memory)).median / 1e6).toFixed(0)} MB`
        : "",
    ];
  });
  const head = [
    "measurement",
    "wall",
    "spread",
    "of the floor",
    "CPU",
    "of the floor",
    "limit",
    "",
    "memory",
  ];
  return table([head, ...rows]);
}

/** The two versions: the ratio of each round, since its two runs met the same machine. */
export function againstTable(samples) {
  const rows = samples
    .filter(({ before }) => before.length > 0)
    .map(({ name, now, before }) => {
      const ratios = (what) => statistics(now.map((one, round) => one[what] / before[round][what]));
      const wall = ratios("wall");
      const cpu = ratios("cpu");
      const median = (runs) => `${statistics(runs.map((one) => one.wall)).median.toFixed(0)} ms`;
      const spread = ({ least, most }) => `${least.toFixed(2)} to ${most.toFixed(2)}`;
      const isSure = now.length >= 3 && (wall.least > 1 || wall.most < 1);
      const verdict = isSure ? (wall.least > 1 ? "slower" : "faster") : "within the spread";
      const figures = [wall.median.toFixed(2), spread(wall), cpu.median.toFixed(2), spread(cpu)];
      return [name, median(now), median(before), ...figures, verdict];
    });
  return table([["measurement", "wall", "before", "ratio", "spread", "CPU ratio", "spread", ""], ...rows]);
}

export function statistics(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const median = sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  return { median, least: sorted[0], most: sorted.at(-1) };
}

/** In Markdown, aligned. */
export function table([head, ...rows]) {
  const widths = head.map((_, i) => Math.max(...[head, ...rows].map((row) => row[i].length)));
  const line = (cells) => `| ${cells.map((cell, i) => cell.padEnd(widths[i])).join(" | ")} |`;
  return [head, widths.map((width) => "-".repeat(width)), ...rows].map(line).join("\n");
}

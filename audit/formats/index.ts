import type { Report } from "../report";
import { csv } from "./csv";
import { markdown } from "./markdown";
import { sarif } from "./sarif";
import { type Look, terminal } from "./terminal";

export type { Look } from "./terminal";

/** Every form of a report. */
export const FORMATS = ["terminal", "json", "csv", "markdown", "sarif", "html"] as const;
export type Format = (typeof FORMATS)[number];

/**
 * A report as text.
 * @param look of the terminal; default: 100 columns without colours
 */
export function formatted(
  report: Report,
  format: Format,
  look: Look = { width: 100, hasColours: false },
): string {
  switch (format) {
    case "terminal":
      return terminal(report, look);
    case "json":
      return JSON.stringify(report, undefined, 2);
    case "csv":
      return csv(report);
    case "markdown":
      return markdown(report);
    case "sarif":
      return sarif(report);
    case "html":
      // Its renderer is loaded for nothing else.
      return (require("./html") as typeof import("./html")).html(report);
  }
}

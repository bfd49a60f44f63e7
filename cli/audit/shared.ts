import { AuditProblem, FORMATS, type Format, formatted, type Report } from "../../audit";
import { readRuleSettings } from "../../audit/rules";
import { CommandFailed, UsageError } from "../command";

/** What the three audits share: options, and how a report is printed. */

export const OPTIONS = {
  format: { type: "string", default: "terminal" },
  rules: { type: "string" },
  "gateway-log": { type: "string" },
  "as-of": { type: "string" },
} as const;

export const OPTIONS_HELP = `  --gateway-log FILE  the gateway's log (JSON lines): who attested what, and whether the log was changed
  --rules FILE        which rules are on, and their limits: docs/guides/auditors.md
  --as-of DATE        count ages from this day; default: today
  --format FORM       terminal (default), json, csv, markdown, sarif or html`;

type Values = { [N in keyof typeof OPTIONS]?: string };

/** The options that the library takes. @throws UsageError, CommandFailed */
export function auditOptions({ rules, "gateway-log": gatewayLog, "as-of": asOf, format }: Values) {
  formatOf(format);
  return reading(async () => ({
    gatewayLog,
    asOf: dateOf("--as-of", asOf),
    rules: rules === undefined ? undefined : readRuleSettings(rules),
  }));
}

/** @throws UsageError */
export function dateOf(option: string, text: string | undefined): Date | undefined {
  if (text === undefined) return undefined;
  const date = new Date(text);
  if (/^\d{4}-\d\d-\d\d/.test(text) && !Number.isNaN(date.getTime())) return date;
  throw new UsageError(`${option} must be a date like 2026-07-01 or 2026-07-01T09:00:00Z.`);
}

function formatOf(text: string | undefined): Format {
  const found = FORMATS.find((format) => format === text);
  if (found) return found;
  throw new UsageError(`--format must be one of ${FORMATS.join(", ")}.`);
}

/** Runs an audit: what is wrong with a file is told in its own words. @throws CommandFailed */
export async function reading<T>(audit: () => Promise<T>): Promise<T> {
  try {
    return await audit();
  } catch (error) {
    throw error instanceof AuditProblem ? new CommandFailed(error.message) : error;
  }
}

/** Prints a report. */
export function print(report: Report, { format }: Values): void {
  const { isTTY, columns = 100 } = process.stdout;
  const hasColours = isTTY === true && process.stdout.hasColors(process.env);
  const text = formatted(report, formatOf(format), { width: isTTY ? columns : 100, hasColours });
  process.stdout.write(text.endsWith("\n") ? text : `${text}\n`);
}

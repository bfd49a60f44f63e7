import type { Report, ReportedChange } from "../report";
import { attributionText, daysText, evidenceText, loggedText, setText, whoText } from "./phrases";

/** A report as one table for a spreadsheet: a line for each property that changed, each key, each confirmation and each finding. */

const HEAD = [
  "section",
  "time",
  "stack",
  "resource",
  "type",
  "number",
  "what",
  "property",
  "before",
  "after",
  "who",
  "gateway",
  "note",
] as const;

type Row = Partial<Record<(typeof HEAD)[number], string>>;

/** RFC 4180, in UTF-8 with the mark by which spreadsheets know it. */
export function csv(report: Report): string {
  const rows: Row[] = [
    ...report.changes.flatMap((change) =>
      changeRows(change, { who: change.by.map(attributionText).join("; ") }),
    ),
    ...report.updates.flatMap((update) => {
      const who = { time: update.time, who: whoText(update), note: update.message };
      const stack = update.stack;
      const settings = update.settings.map(({ property, before, after }) => ({
        ...who,
        section: "setting",
        stack,
        what: "changed",
        property,
        before,
        after,
      }));
      const changes = update.changes.flatMap((change) => changeRows(change, who));
      const nothing = { section: "update", ...who, stack, what: `${update.kind} ${update.result}`.trim() };
      return [nothing, ...changes, ...settings];
    }),
    ...report.credentials.map((age) => ({
      section: "credential",
      ...named(age.resource),
      time: age.setBy,
      what: `older than ${report.maxDays} days: ${age.isOld}`,
      property: "credentialFingerprint",
      after: age.fingerprint,
      note: `set ${setText(age)}, days ${daysText(age)}`,
    })),
    ...report.confirmations.map((one) => ({
      section: "confirmation",
      ...named(one.resource),
      time: one.at,
      what: one.evidence,
      property: "status",
      after: one.status,
      who: one.by,
      note: evidenceText(one),
    })),
    ...report.findings.map(({ rule, severity, what, remedy, stack, resource, source }) => ({
      section: "finding",
      stack,
      resource,
      what: severity,
      property: rule,
      after: what,
      note: `${remedy}. ${source}`,
    })),
  ];
  const lines = [HEAD.map(cell), ...rows.map((row) => HEAD.map((name) => cell(row[name] ?? "")))];
  return `\uFEFF${lines.map((line) => line.join(",")).join("\r\n")}\r\n`;
}

function changeRows(change: ReportedChange, more: Row): Row[] {
  const row = {
    section: "change",
    ...named(change.resource),
    ...more,
    what: change.kinds.join(", "),
    gateway: change.logged && loggedText(change.logged),
    note: [...change.notes, more.note].filter(Boolean).join("; "),
  };
  const properties = change.properties.map(({ property, before, after }) => ({
    ...row,
    property,
    before,
    after,
  }));
  return properties.length > 0 ? properties : [row];
}

function named({ stack, name, type, number }: ReportedChange["resource"]): Row {
  return { stack, resource: name, type, number };
}

/** A spreadsheet takes a cell with one of these at its beginning for a formula, and runs it. */
const FORMULA = /^[\s\p{Cf}]*[=+\-@\t\r|%＝＋－＠]/u;

function cell(text: string): string {
  const harmless = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) || harmless !== text ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

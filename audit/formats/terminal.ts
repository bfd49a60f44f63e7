import { styleText } from "node:util";
import type { CredentialAge } from "../credentials";
import type { Report, ReportedChange } from "../report";
import type { Finding } from "../rules";
import { counted, minuteOf } from "../words";
import { columns, padded, widthOf, wrapped } from "./columns";
import {
  answersOf,
  attributionText,
  changeText,
  daysText,
  evidenceText,
  isConfirmed,
  loggedText,
  NOBODY,
  propertyText,
  setText,
  shortWho,
  titleOf,
} from "./phrases";

/** How the terminal is. */
export interface Look {
  /** Columns. */
  readonly width: number;
  readonly hasColours: boolean;
}

type Style = Exclude<Parameters<typeof styleText>[0], readonly unknown[]>;
type Paint = (style: Style | Style[], text: string) => string;

const SIGNS: Record<string, { sign: string; style: Style }> = {
  added: { sign: "+", style: "green" },
  imported: { sign: "+", style: "green" },
  adopted: { sign: "+", style: "green" },
  removed: { sign: "-", style: "red" },
  replaced: { sign: "±", style: "magenta" },
  "taken over": { sign: "!", style: "red" },
};
const CHANGED = { sign: "~", style: "yellow" } as const;
const SEVERITY: Record<Finding["severity"], Style> = { error: "red", warning: "yellow", note: "cyan" };

/** A report for a terminal. */
export function terminal(report: Report, { width, hasColours }: Look): string {
  const paint: Paint = (style, text) =>
    hasColours ? styleText(style, text, { validateStream: false }) : text;
  const heading = (text: string) => ["", paint("bold", text)];
  const lines = [
    ...wrapped(titleOf(report), width).map((line) => paint("bold", line)),
    "",
    ...answers(report, width, paint),
    ...(report.report === "diff" ? changesOf(report, width, paint, heading) : []),
    ...(report.report === "history" ? updatesOf(report, width, paint, heading) : []),
    ...credentialsOf(report, width, paint, heading),
    ...confirmationsOf(report, width, paint, heading),
    ...findingsOf(report, width, paint, heading),
    ...sourcesOf(report, width, paint, heading),
  ];
  return lines.join("\n");
}

type Heading = (text: string) => string[];

function answers(report: Report, width: number, paint: Paint): string[] {
  const found = answersOf(report);
  return columns(
    found.map(({ question, answer }) => [question, answer]),
    width,
    (text, row, column) =>
      column === 0 ? paint("dim", text) : paint(found[row]?.isGood ? "reset" : "yellow", text),
  );
}

function changesOf(report: Report, width: number, paint: Paint, heading: Heading): string[] {
  const { changes, unchanged, folded } = report;
  const rest = [
    unchanged > 0 && `${counted(unchanged, "resource")} unchanged`,
    folded > 0 && `${counted(folded, "technical difference")} left out (revisions, code of the SDK, order)`,
  ].filter((text) => text !== false);
  const hasNobody = changes.length > 0 && changes.every(({ by }) => by.length === 0);
  return [
    ...heading("What changed, and who did it"),
    ...(changes.length === 0 ? ["Nothing."] : changes.flatMap((change) => changeLines(change, width, paint))),
    ...(rest.length > 0 ? wrapped(`${rest.join("; ")}.`, width).map((line) => paint("dim", line)) : []),
    ...(hasNobody ? wrapped(NOBODY, width).map((line) => paint("dim", line)) : []),
  ];
}

function changeLines(change: ReportedChange, width: number, paint: Paint): string[] {
  const { resource, earlier, kinds, properties, by, logged } = change;
  const { sign, style } = SIGNS[kinds[0] ?? ""] ?? CHANGED;
  const was = earlier && earlier.name !== resource.name ? ` (was ${earlier.name})` : "";
  const [note, ...notes] = change.notes;
  const words = [`${kinds.join(", ")}${was}`, ...(note === undefined ? [] : [note])].join(": ");
  const head = `${sign} ${[resource.name, resource.number].filter(Boolean).join("  ")}`;
  const rows = [
    ...properties.map(({ label, before, after }) => [label, before === "" ? after : `${before} → ${after}`]),
    ...notes.map((text) => ["Note", text]),
    ...by.map((one) => ["Who", attributionText(one)]),
    ...(logged ? [["Gateway", loggedText(logged)]] : []),
  ];
  const details = columns(rows, width - 4, (text, _, column) => (column === 0 ? paint("dim", text) : text));
  const isFitting = widthOf(head) + 2 + widthOf(words) <= width;
  return [
    ...(isFitting
      ? [`${paint([style, "bold"], head)}  ${words}`]
      : [paint([style, "bold"], head), ...wrapped(words, width - 4).map((line) => `    ${line}`)]),
    ...details.map((line) => `    ${line}`),
    "",
  ];
}

function updatesOf(report: Report, width: number, paint: Paint, heading: Heading): string[] {
  const hasStacks = new Set(report.updates.map(({ stack }) => stack)).size > 1;
  const rows = report.updates.map((update) => {
    const what = [
      ...update.changes.map((change) =>
        [
          `${change.resource.name}: ${changeText(change)}`,
          ...(change.logged ? [loggedText(change.logged)] : []),
        ].join("; "),
      ),
      ...update.settings.map(propertyText),
    ];
    return [
      minuteOf(update.time).replace(" UTC", ""),
      ...(hasStacks ? [update.stack] : []),
      shortWho(update),
      [...(update.message ? [`“${update.message}”`] : []), what.join(". ") || "nothing of this package"].join(
        " ",
      ),
      update.kind === "state" ? "" : `${update.kind} ${update.result}`,
    ];
  });
  const head = ["When (UTC)", ...(hasStacks ? ["Stack"] : []), "Who", "What", "Result"];
  return [...heading("Updates"), ...table(head, rows, width, paint)];
}

function table(head: string[], rows: readonly string[][], width: number, paint: Paint): string[] {
  if (rows.length === 0) return ["None."];
  return columns([head, ...rows], width, (text, row) => (row === 0 ? paint("dim", text) : text));
}

const OLD: Record<CredentialAge["isOld"], string> = { yes: "yes", no: "no", maybe: "can't tell" };

function credentialsOf(report: Report, width: number, paint: Paint, heading: Heading): string[] {
  const { credentials, maxDays } = report;
  const shown = credentials.filter(({ isOld }) => isOld !== "no");
  const rest = credentials.length - shown.length;
  const rows = shown.map((age) => [
    age.resource.name,
    ...(report.states.length > 1 && report.report !== "diff" ? [age.resource.stack] : []),
    age.resource.number,
    setText(age),
    daysText(age),
    OLD[age.isOld],
    age.fingerprint,
  ]);
  const stack = report.states.length > 1 && report.report !== "diff" ? ["Stack"] : [];
  const head = ["Resource", ...stack, "Number", "Set", "Days", `Over ${maxDays}`, "Fingerprint"];
  return [
    ...heading(`Keys older than ${maxDays} days`),
    ...table(head, rows, width, paint),
    ...(rest > 0 ? [paint("dim", `${counted(rest, "key")} younger.`)] : []),
  ];
}

function confirmationsOf(report: Report, width: number, paint: Paint, heading: Heading): string[] {
  const open = report.confirmations.filter((one) => !isConfirmed(one));
  const attested = report.confirmations.filter(({ evidence }) => evidence === "attested").length;
  const read = report.confirmations.filter(({ evidence }) => evidence === "read back").length;
  const rows = open.map((one) => [
    one.resource.name,
    one.resource.number,
    evidenceText(one),
    one.task === undefined ? "" : `task ${one.task}`,
  ]);
  return [
    ...heading("Never confirmed"),
    ...table(["Resource", "Number", "What stands behind it", "Task"], rows, width, paint),
    ...(attested + read > 0
      ? [paint("dim", `Confirmed: ${attested} attested by a person, ${read} read back from the API.`)]
      : []),
  ];
}

function findingsOf(report: Report, width: number, paint: Paint, heading: Heading): string[] {
  const groups = [...Map.groupBy(report.findings, ({ rule }) => rule).values()];
  const lines = groups.flatMap((group) => {
    const [{ severity, rule, remedy }] = group as [Finding];
    return [
      `${paint(SEVERITY[severity], padded(severity, 7))}  ${paint("bold", rule)}  ${paint("dim", counted(group.length, "finding"))}`,
      ...group.flatMap((finding) => {
        const place = [finding.resource, finding.resource && finding.stack].filter(Boolean).join(" of ");
        return wrapped(`${place ? `${place}: ` : `${finding.source}: `}${finding.what}`, width - 4).map(
          (line) => `    ${line}`,
        );
      }),
      ...wrapped(`→ ${remedy}.`, width - 4).map((line) => paint("dim", `    ${line}`)),
    ];
  });
  return [...heading("Findings"), ...(lines.length > 0 ? lines : ["None."])];
}

function sourcesOf(report: Report, width: number, paint: Paint, heading: Heading): string[] {
  const rows = report.states.map(({ source, stack, time, resources, others }) => [
    stack || "no stack",
    time === "" ? "no date" : minuteOf(time),
    `${counted(resources, "WhatsApp resource")}, ${counted(others, "other")}`,
    source,
  ]);
  const { log } = report;
  if (log)
    rows.push([
      "gateway's log",
      counted(log.lines, "line"),
      log.fault === undefined ? "its chain is whole" : "its chain is BROKEN",
      log.source,
    ]);
  return [...heading("Read"), ...columns(rows, width, (text) => paint("dim", text))];
}

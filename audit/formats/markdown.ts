import type { Report, ReportedUpdate } from "../report";
import { counted, minuteOf } from "../words";
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
  titleOf,
  whoText,
} from "./phrases";

/** A report as a comment of a pull request: it folds itself, and says what it leaves out. */

/** Characters that a comment may have, in bytes to be safe: a comment that is longer is refused as a whole. */
const LIMIT = 65_536;
/** Kept free for the lines that say what was left out. */
const RESERVE = 2_048;
/** So many rows are shown without a click. */
const OPEN_ROWS = 10;

interface Section {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Below the table. */
  readonly notes?: readonly string[];
}

/** A report in GitHub's Markdown, shorter than a comment may be. */
export function markdown(report: Report): string {
  const top = [
    `### ${plain(titleOf(report))}`,
    "",
    "| | |",
    "|---|---|",
    ...answersOf(report).map(({ question, answer, isGood }) =>
      row([plain(question), `${isGood ? "" : "**"}${plain(answer)}${isGood ? "" : "**"}`]),
    ),
    "",
  ].join("\n");
  let room = LIMIT - RESERVE - size(top);
  const parts = sections(report).map((section) => {
    const frame = size(render(section, []));
    let kept = 0;
    let used = frame;
    for (const cells of section.rows) {
      used += size(row(cells)) + 1;
      if (used > room) break;
      kept++;
    }
    const left = section.rows.length - kept;
    // A section that has no room at all is named, and nothing more.
    if (frame > room) return `\n**${section.title}**: ${counted(section.rows.length, "row")} left out.\n`;
    const text = render(section, section.rows.slice(0, kept), left);
    room -= size(text);
    return text;
  });
  return `${[top, ...parts].join("\n").trimEnd()}\n`;
}

const size = (text: string) => Buffer.byteLength(text);

function render({ title, head, rows: all, notes = [] }: Section, rows: Section["rows"], left = 0): string {
  const rest =
    left > 0
      ? [
          `${counted(left, "row")} left out, to keep this comment short: \`--format html\` or \`csv\` shows them.`,
          "",
        ]
      : [];
  const table = [row(head), row(head.map(() => "---")), ...rows.map(row), ""];
  const body = [...(all.length > 0 ? table : ["None.", ""]), ...rest, ...notes];
  if (all.length <= OPEN_ROWS) return [`#### ${title}`, "", ...body].join("\n");
  return [`<details><summary>${title}: ${all.length}</summary>`, "", ...body, "</details>", ""].join("\n");
}

function sections(report: Report): Section[] {
  const { changes, credentials, confirmations, findings, maxDays } = report;
  const old = credentials.filter(({ isOld }) => isOld !== "no");
  const open = confirmations.filter((one) => !isConfirmed(one));
  const hasNobody = changes.length > 0 && changes.every(({ by }) => by.length === 0);
  const log = report.log && [
    report.log.fault === undefined
      ? "The chain of the gateway's log is whole."
      : `**The gateway's log is broken: ${plain(report.log.fault)}.**`,
  ];
  return [
    ...(report.report === "diff"
      ? [
          {
            title: "What changed",
            head: ["resource", "what", "who", ...(log ? ["gateway"] : [])],
            rows: changes.map((change) => [
              code(change.resource.name),
              code(changeText(change)),
              code(change.by.map(attributionText).join("; ") || "not recorded"),
              ...(change.logged ? [code(loggedText(change.logged))] : []),
            ]),
            notes: [
              `${counted(report.unchanged, "resource")} unchanged; ${counted(report.folded, "technical difference")} left out.`,
              ...(hasNobody ? [NOBODY] : []),
              "",
            ],
          },
        ]
      : []),
    ...(report.report === "history"
      ? [
          {
            title: "Updates",
            head: ["when", "stack", "who", "what", "result"],
            rows: report.updates.map(updateRow),
          },
        ]
      : []),
    {
      title: `Keys older than ${maxDays} days`,
      head: ["resource", "number", "set", "days", `over ${maxDays}`, "fingerprint"],
      rows: old.map((age) => [
        code(age.resource.name),
        code(age.resource.number),
        code(setText(age)),
        code(daysText(age)),
        age.isOld === "yes" ? "**yes**" : "can't tell",
        code(age.fingerprint),
      ]),
    },
    {
      title: "Never confirmed",
      head: ["resource", "number", "what stands behind it"],
      rows: open.map((one) => [code(one.resource.name), code(one.resource.number), code(evidenceText(one))]),
      notes: log,
    },
    {
      title: "Findings",
      head: ["severity", "rule", "where", "what"],
      rows: findings.map(({ severity, rule, resource, stack, source, what }) => [
        severity === "error" ? "**error**" : severity,
        rule,
        code(resource ? `${resource} of ${stack}` : source),
        code(what),
      ]),
    },
  ];
}

function updateRow(update: ReportedUpdate): string[] {
  const what = [
    ...update.changes.map((change) => `${change.resource.name}: ${changeText(change)}`),
    ...update.settings.map(propertyText),
  ];
  return [
    minuteOf(update.time),
    code(update.stack),
    code(whoText(update)),
    code(what.join("; ") || "nothing of this package"),
    code(update.kind === "state" ? update.message : `${update.kind} ${update.result}`),
  ];
}

const row = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;

/** Foreign text as code: it mentions nobody, links nowhere and ends no cell. */
function code(text: string): string {
  if (text === "") return "";
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  const pad = longest > 0 ? " " : "";
  return `${fence}${pad}${text.replaceAll("|", "\\|")}${pad}${fence}`;
}

/** Our own words around foreign ones, where code would not do. An empty comment keeps a sign from mentioning anybody. */
function plain(text: string): string {
  return text.replace(/[#@\\`*_[\]<>|&!~]/g, (sign) =>
    sign === "#" || sign === "@" ? `${sign}<!-- -->` : `&#${sign.charCodeAt(0)};`,
  );
}

import type { PropertyChange } from "../compare";
import type { Confirmation, Evidence } from "../confirmation";
import type { CredentialAge } from "../credentials";
import type { Attribution, Logged, Report, ReportedChange } from "../report";
import { counted, dayOf, minuteOf } from "../words";

/** How all formats say the same things. */

/** `Nickname: Kaleyra → Kaleyra India`. */
export function propertyText({ label, before, after }: PropertyChange): string {
  return `${label}: ${before === "" ? after : `${before} → ${after}`}`;
}

/** `Meera Iyer, pull request 42`: who, as short as it can be. */
export function shortWho({
  author: { name, email, ciActor, pullRequest },
}: Pick<Attribution, "author">): string {
  const who = name ?? email ?? ciActor ?? "not recorded";
  return pullRequest === undefined ? who : `${who}, pull request ${pullRequest}`;
}

/** `Meera Iyer, pull request 42, GitHub Actions, commit 0123abc with uncommitted changes`. */
export function whoText({ author }: Pick<Attribution, "author">): string {
  const { name, email, ci, ciActor, pullRequest, commit, isDirty } = author;
  const parts = [
    name ?? email,
    ciActor !== undefined && ciActor !== name && `started by ${ciActor}`,
    pullRequest !== undefined && `pull request ${pullRequest}`,
    ci,
    commit !== undefined && `commit ${commit.slice(0, 7)}${isDirty ? " with uncommitted changes" : ""}`,
  ];
  return parts.filter(Boolean).join(", ") || "not recorded";
}

/** `update of 2026-08-12 10:00 UTC by …: Rotate the key`. */
export function attributionText(by: Attribution): string {
  const kind = by.kind === "state" ? "" : `, ${by.kind}${by.result ? ` ${by.result}` : ""}`;
  const message = by.message ? `: ${by.message}` : "";
  return `${whoText(by)}, ${minuteOf(by.time)}${kind}${message}`;
}

/** `attested by Ravi, 2026-08-13 11:00 UTC, task 12`. */
export function loggedText({ as, by, at, task }: Logged): string {
  if (as === "not seen") return "not seen in the log";
  const when = at === undefined ? "" : `, ${minuteOf(at)}`;
  const who = by === undefined || as === "waiting" ? "" : ` by ${by}`;
  return `${as}${who}${when}${task === undefined ? "" : `, task ${task}`}`;
}

const FINGERPRINT = "credentialFingerprint";

/** `Nickname: Kaleyra → Kaleyra India; rotated (fingerprint a → b)`. */
export function changeText({ kinds, notes, properties, earlier, resource }: ReportedChange): string {
  const renamed = kinds.includes("renamed") && earlier ? [`was ${earlier.name}`] : [];
  const isWhole = kinds.some(
    (kind) => kind === "added" || kind === "removed" || kind === "imported" || kind === "adopted",
  );
  const words = kinds
    .filter((kind) => kind !== "changed")
    .map((kind) => {
      const fingerprints = properties.find(({ property }) => property === FINGERPRINT);
      return kind === "rotated" && fingerprints
        ? `rotated (${fingerprints.before} → ${fingerprints.after})`
        : kind;
    });
  const details = isWhole
    ? [resource.number && `number ${resource.number}`].filter(Boolean)
    : properties.filter(({ property }) => property !== FINGERPRINT).map(propertyText);
  return [words.join(", "), ...renamed, ...notes.slice(0, 1), ...details].filter(Boolean).join("; ");
}

/** `92 to 148`, `at least 92`, `not known`. */
export function daysText({ leastDays, mostDays }: CredentialAge): string {
  if (leastDays === undefined) return mostDays === undefined ? "not known" : `at most ${mostDays}`;
  if (mostDays === undefined) return `at least ${leastDays}`;
  return leastDays === mostDays ? `${leastDays}` : `${leastDays} to ${mostDays}`;
}

/** The time in which a credential was set. */
export function setText({ setAfter, setBy }: CredentialAge): string {
  if (setBy === undefined) return "not known";
  const [from, to] = [setAfter === undefined ? undefined : dayOf(setAfter), dayOf(setBy)];
  if (from === undefined) return `by ${to}`;
  return from === to ? to : `${from} to ${to}`;
}

const EVIDENCE: Record<Evidence, string> = {
  attested: "attested",
  "read back": "read back from the API",
  waiting: "declared, waiting for a person",
  refused: "refused by CleverTap",
  declared: "declared only: nothing reads it back",
  "found otherwise": "a person found other values in the dashboard",
  "not in the log": "active, but nobody in the log attested it",
};

export function evidenceText({ evidence, by, at, note }: Confirmation): string {
  const person =
    by === undefined || at === undefined || evidence === "waiting" ? "" : `, ${by} on ${dayOf(at)}`;
  return `${EVIDENCE[evidence]}${person}${note === undefined ? "" : `: ${note}`}`;
}

/** Whether somebody, or the API, has shown that it is there. */
export function isConfirmed({ evidence }: Confirmation): boolean {
  return evidence === "attested" || evidence === "read back";
}

/** `shop/prod`, or of several stacks how many. */
export function stacksText({ states }: Report): string {
  const stacks = [...new Set(states.map(({ stack }) => stack || "a stack without resources"))];
  return stacks.length > 3 ? counted(stacks.length, "stack") : stacks.join(", ");
}

/** What the report is about, as a title. */
export function titleOf(report: Report): string {
  const [before, after] = report.states;
  if (report.report === "check") return `Check of ${stacksText(report)}`;
  if (report.report === "history") return `History of ${stacksText(report)}`;
  const days =
    before?.time && after?.time
      ? Math.round((Date.parse(after.time) - Date.parse(before.time)) / 86_400_000)
      : undefined;
  const time = ({ time }: { time: string }) => (time === "" ? "an unknown day" : dayOf(time));
  const span = before && after ? `${time(before)} to ${time(after)}` : "";
  return `Changes of ${after?.stack || stacksText(report)}, ${span}${days === undefined ? "" : ` (${counted(days, "day")})`}`;
}

/** The four answers in one line each. */
export function answersOf(report: Report): { question: string; answer: string; isGood: boolean }[] {
  const changes =
    report.report === "history" ? report.updates.flatMap((update) => update.changes) : report.changes;
  const old = report.credentials.filter(({ isOld }) => isOld === "yes").length;
  const maybe = report.credentials.filter(({ isOld }) => isOld === "maybe").length;
  const open = report.confirmations.filter((one) => !isConfirmed(one)).length;
  const errors = report.findings.filter(({ severity }) => severity === "error").length;
  const people = [
    ...new Set(
      [...report.changes.flatMap(({ by }) => by), ...report.updates].map(
        ({ author }) => author.name ?? author.email,
      ),
    ),
  ].filter((name) => name !== undefined);
  const answers = [
    {
      question: "What changed",
      answer:
        report.report === "history"
          ? `${counted(changes.length, "change")} in ${counted(report.updates.length, "update")}`
          : `${counted(changes.length, "resource")} changed${report.unchanged > 0 ? `, ${report.unchanged} unchanged` : ""}`,
      isGood: true,
    },
    {
      question: "Who did it",
      answer:
        people.length === 0
          ? "nobody is recorded"
          : people.length > 4
            ? counted(people.length, "person", "people")
            : people.join(", "),
      isGood: people.length > 0 || changes.length === 0,
    },
    {
      question: `Keys older than ${report.maxDays} days`,
      answer: `${old} of ${report.credentials.length}${maybe > 0 ? `, and ${maybe} that may be` : ""}`,
      isGood: old + maybe === 0,
    },
    { question: "Never confirmed", answer: `${open} of ${report.confirmations.length}`, isGood: open === 0 },
    {
      question: "Findings",
      answer: `${counted(report.findings.length, "finding")}${errors > 0 ? `, ${counted(errors, "error")} among them` : ""}`,
      isGood: errors === 0,
    },
  ];
  return report.report === "check" ? answers.slice(2) : answers;
}

export const NOBODY =
  "Who is not in these files: an exported state names nobody. Give --history FOLDER (a file backend), or compare REV:FILE of a git repository.";

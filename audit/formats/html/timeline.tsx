import type { Child } from "hono/jsx";
import type { Attribution, Report, ReportedChange } from "../../report";
import { minuteOf } from "../../words";
import { changeText, loggedText, propertyText, whoText } from "../phrases";
import { Kinds } from "./changes";

interface Moment {
  readonly time: string;
  readonly kind: "state" | "update" | "bad" | "gateway";
  readonly text: Child;
}

/** The order of things: states, updates, and what was attested. */
export function Timeline({ report }: { report: Report }) {
  const moments = (report.report === "history" ? historyMoments(report) : diffMoments(report)).filter(
    ({ time }) => time !== "",
  );
  if (report.report === "check" || moments.length === 0) return null;
  moments.sort((a, b) => Date.parse(a.time) - Date.parse(b.time));
  return (
    <section class="card" aria-labelledby="timeline">
      <h2 id="timeline">{report.report === "history" ? "Updates" : "Timeline"}</h2>
      <ol class="timeline">
        {moments.map(({ time, kind, text }) => (
          <li class={`is-${kind}`}>
            <time datetime={time}>{minuteOf(time)}</time> {text}
          </li>
        ))}
      </ol>
    </section>
  );
}

function diffMoments({ states, changes }: Report): Moment[] {
  const updates = new Map<string, { by: Attribution; changes: ReportedChange[] }>();
  for (const change of changes)
    for (const by of change.by) {
      const update = updates.get(by.time) ?? { by, changes: [] };
      updates.set(by.time, update);
      update.changes.push(change);
    }
  return [
    ...states.map(({ time, source }, i) => ({
      time,
      kind: "state" as const,
      text: `state ${i === 0 ? "before" : "after"}: ${source}`,
    })),
    ...[...updates.values()].map(({ by, changes: made }) => ({
      time: by.time,
      kind: kindOf(by),
      text: (
        <>
          <strong>{whoText(by)}</strong>
          {by.message && <>: {by.message}</>}
          <ul>
            {made.map(({ resource, kinds }) => (
              <li>
                {resource.name} <Kinds kinds={kinds} />
              </li>
            ))}
          </ul>
        </>
      ),
    })),
    ...changes.flatMap(({ resource, logged }) =>
      logged?.at === undefined
        ? []
        : [
            {
              time: logged.at,
              kind: "gateway" as const,
              text: `gateway: ${resource.name} ${loggedText(logged)}`,
            },
          ],
    ),
  ];
}

function historyMoments({ updates }: Report): Moment[] {
  return updates.map((update) => ({
    time: update.time,
    kind: kindOf(update),
    text: (
      <>
        <strong>{whoText(update)}</strong>
        {update.message && <>: {update.message}</>} <span class="muted">{update.stack}</span>{" "}
        {update.result && (
          <span class={`badge ${update.result === "succeeded" ? "" : "bad"}`.trim()}>
            {update.kind} {update.result}
          </span>
        )}
        {update.changes.length + update.settings.length === 0 ? (
          <p class="muted">nothing of this package</p>
        ) : (
          <ul>
            {update.changes.map((change) => (
              <li>
                {change.resource.name}: {changeText(change)}
                {change.logged && <span class="muted"> ({loggedText(change.logged)})</span>}
              </li>
            ))}
            {update.settings.map((setting) => (
              <li>{propertyText(setting)}</li>
            ))}
          </ul>
        )}
      </>
    ),
  }));
}

const kindOf = ({ result }: Attribution): "update" | "bad" =>
  result === "" || result === "succeeded" ? "update" : "bad";

import type { Report, ReportedChange } from "../../report";
import { counted } from "../../words";
import { attributionText, loggedText, NOBODY } from "../phrases";

const BADGES: Readonly<Record<string, string>> = {
  added: "good",
  imported: "good",
  adopted: "good",
  removed: "bad",
  "taken over": "bad",
  replaced: "warn",
};

export function Changes({ report }: { report: Report }) {
  const { changes, unchanged, folded } = report;
  const hasNobody = changes.length > 0 && changes.every(({ by }) => by.length === 0);
  return (
    <section class="card" aria-labelledby="changes">
      <h2 id="changes">What changed, and who did it</h2>
      {changes.length === 0 && <p class="empty">Nothing.</p>}
      {changes.map((change) => (
        <ChangeInFull change={change} />
      ))}
      <p class="muted">
        {unchanged > 0 && <>{counted(unchanged, "resource")} unchanged; </>}
        {counted(folded, "technical difference")} left out (revisions, code of the SDK, order).
      </p>
      {hasNobody && <p class="muted">{NOBODY}</p>}
    </section>
  );
}

function ChangeInFull({ change }: { change: ReportedChange }) {
  const { resource, earlier, kinds, properties, by, logged } = change;
  const [why, ...notes] = change.notes;
  return (
    <article class="change">
      <h3>
        <span>{resource.name}</span>
        {resource.number && <span class="muted">{resource.number}</span>}
        <Kinds kinds={kinds} />
        {why && <span class="why">{why}</span>}
      </h3>
      <dl class="facts">
        {earlier && earlier.name !== resource.name && (
          <>
            <dt>Name</dt>
            <dd>
              <del>{earlier.name}</del> → <ins>{resource.name}</ins>
            </dd>
          </>
        )}
        {notes.map((note) => (
          <>
            <dt>Note</dt>
            <dd>{note}</dd>
          </>
        ))}
        {properties.map(({ label, before, after }) => (
          <>
            <dt>{label}</dt>
            <dd>
              {before !== "" && (
                <>
                  <del>{before}</del> →{" "}
                </>
              )}
              <ins>{after}</ins>
            </dd>
          </>
        ))}
        {by.map((one) => (
          <>
            <dt>Who</dt>
            <dd>{attributionText(one)}</dd>
          </>
        ))}
        {logged && (
          <>
            <dt>Gateway</dt>
            <dd>
              <span class={`badge ${logged.as === "attested" ? "good" : "warn"}`}>{logged.as}</span>
              {loggedText(logged).slice(logged.as.length).replace(/^, /, " ")}
            </dd>
          </>
        )}
      </dl>
    </article>
  );
}

export function Kinds({ kinds }: { kinds: readonly string[] }) {
  return (
    <>
      {kinds.map((kind) => (
        <span class={`badge ${BADGES[kind] ?? ""}`.trim()}>{kind}</span>
      ))}
    </>
  );
}

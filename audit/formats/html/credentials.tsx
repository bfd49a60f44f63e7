import { DataTable } from "../../../web/table";
import type { CredentialAge } from "../../credentials";
import type { Report } from "../../report";
import { counted } from "../../words";
import { daysText, setText } from "../phrases";

const OLD = {
  yes: { words: "yes", badge: "badge bad", bar: "is-old" },
  maybe: { words: "can't tell", badge: "badge warn", bar: "is-maybe" },
  no: { words: "no", badge: "badge good", bar: "" },
} as const;

export function Credentials({ report }: { report: Report }) {
  const { credentials, maxDays } = report;
  const shown = credentials.filter(({ isOld }) => isOld !== "no");
  const younger = credentials.filter(({ isOld }) => isOld === "no");
  return (
    <section class="card" aria-labelledby="credentials">
      <h2 id="credentials">Keys older than {maxDays} days</h2>
      <Table ages={shown} maxDays={maxDays} caption="Old, or perhaps old" />
      {younger.length > 0 && (
        <details class="more">
          <summary>{counted(younger.length, "key")} younger</summary>
          <Table ages={younger} maxDays={maxDays} caption="Younger" />
        </details>
      )}
      <p class="muted">
        The days are counted from when a key was first put here. Kaleyra may have issued it earlier.
      </p>
    </section>
  );
}

function Table({
  ages,
  maxDays,
  caption,
}: {
  ages: readonly CredentialAge[];
  maxDays: number;
  caption: string;
}) {
  return (
    <DataTable
      caption={caption}
      head={["Resource", "Stack", "Number", "Set", "Days", `Over ${maxDays}`, "Fingerprint"]}
      rows={ages.map((age) => [
        age.resource.name,
        age.resource.stack,
        age.resource.number,
        setText(age),
        <>
          <Bar age={age} maxDays={maxDays} />
          {daysText(age)}
        </>,
        <span class={OLD[age.isOld].badge}>{OLD[age.isOld].words}</span>,
        <code>{age.fingerprint || "not known"}</code>,
      ])}
      empty="None."
    />
  );
}

/** As long as the age against twice the limit. */
function Bar({ age: { leastDays, isOld }, maxDays }: { age: CredentialAge; maxDays: number }) {
  const share = Math.min(100, Math.round(((leastDays ?? 0) / (2 * Math.max(1, maxDays))) * 100));
  return (
    <span class="age" aria-hidden="true">
      <i class={OLD[isOld].bar} style={`width: ${share}%`} />
    </span>
  );
}

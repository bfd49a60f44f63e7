import { DataTable } from "../../../web/table";
import type { Confirmation } from "../../confirmation";
import type { Report } from "../../report";
import { counted } from "../../words";
import { evidenceText, isConfirmed } from "../phrases";

export function Confirmations({ report }: { report: Report }) {
  const open = report.confirmations.filter((one) => !isConfirmed(one));
  const confirmed = report.confirmations.filter(isConfirmed);
  return (
    <section class="card" aria-labelledby="confirmations">
      <h2 id="confirmations">Never confirmed</h2>
      <Table rows={open} caption="Declared, and confirmed by nobody" />
      {confirmed.length > 0 && (
        <details class="more">
          <summary>{counted(confirmed.length, "resource")} confirmed</summary>
          <Table rows={confirmed} caption="Attested by a person, or read back" />
        </details>
      )}
    </section>
  );
}

function Table({ rows, caption }: { rows: readonly Confirmation[]; caption: string }) {
  return (
    <DataTable
      caption={caption}
      head={["Resource", "Stack", "Number", "Evidence", "What stands behind it"]}
      rows={rows.map((one) => [
        one.resource.name,
        one.resource.stack,
        one.resource.number,
        <span class={`badge ${isConfirmed(one) ? "good" : one.evidence === "refused" ? "bad" : "warn"}`}>
          {one.evidence}
        </span>,
        evidenceText(one),
      ])}
      empty="None: everything was attested or read back."
    />
  );
}

import { DataTable } from "../../../web/table";
import type { Report } from "../../report";

const BADGE = { error: "badge bad", warning: "badge warn", note: "badge" } as const;

export function Findings({ report }: { report: Report }) {
  return (
    <section class="card" aria-labelledby="findings">
      <h2 id="findings">Findings</h2>
      <DataTable
        caption="What the rules have found, and what to do"
        head={["Rule", "Severity", "Where", "What", "What to do"]}
        rows={report.findings.map(({ rule, severity, resource, stack, source, what, remedy }) => [
          <span class="nowrap">{rule}</span>,
          <span class={BADGE[severity]}>{severity}</span>,
          resource ? `${resource} of ${stack}` : source,
          what,
          remedy,
        ])}
        empty="None."
      />
    </section>
  );
}

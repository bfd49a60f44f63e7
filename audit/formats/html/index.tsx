import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { raw } from "hono/html";
import type { Child } from "hono/jsx";
import { styleSheet } from "../../../web/assets";
import { DataTable } from "../../../web/table";
import type { Report } from "../../report";
import { counted, dayOf, minuteOf } from "../../words";
import { answersOf, titleOf } from "../phrases";
import { Changes } from "./changes";
import { Confirmations } from "./confirmations";
import { Credentials } from "./credentials";
import { Findings } from "./findings";
import { Timeline } from "./timeline";

/** The package's folder, from the sources and from `dist` alike. */
const PACKAGE = dirname(require.resolve("pulumi-clevertap-whatsapp/package.json"));
const asset = (name: string) => readFileSync(join(PACKAGE, "audit/assets", name), "utf8");

/** A report as one page that stands alone: it loads nothing, and can be read without its script. */
export function html(report: Report): string {
  return String(<Page report={report} />);
}

function Page({ report }: { report: Report }) {
  const script = asset("report.js");
  const hash = createHash("sha256").update(script).digest("base64");
  const title = titleOf(report);
  // The file may be opened anywhere: it may run this one script, and load nothing.
  const policy = `default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`;
  return (
    <>
      {raw("<!doctype html>")}
      <html lang="en">
        <head>
          <meta charset="utf-8" />
          <meta http-equiv="Content-Security-Policy" content={policy} />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <meta name="color-scheme" content="light dark" />
          <title>{title}</title>
          <style>{raw(styleSheet() + asset("report.css"))}</style>
        </head>
        <body>
          <a class="skip" href="#main">
            Skip to the content
          </a>
          <header class="report">
            <h1>{title}</h1>
            <p class="muted">Ages are counted to {dayOf(report.asOf)}. No secret is in this page.</p>
          </header>
          <main id="main" tabindex={-1}>
            <Answers report={report} />
            <Filters />
            {report.report === "diff" && <Changes report={report} />}
            <Timeline report={report} />
            <Credentials report={report} />
            <Confirmations report={report} />
            <Findings report={report} />
            <Sources report={report} />
          </main>
          <footer>
            Made by pulumi-clevertap-whatsapp audit {report.report}. It reads states and changes nothing.
          </footer>
          <script>{raw(script)}</script>
        </body>
      </html>
    </>
  );
}

function Answers({ report }: { report: Report }) {
  return (
    <dl class="answers">
      {answersOf(report).map(({ question, answer, isGood }) => (
        <div class={isGood ? undefined : "attention"}>
          <dt>{question}</dt>
          <dd>{answer}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Shown by the script only. */
function Filters() {
  return (
    <section id="filters" class="filters" aria-label="Filter" hidden>
      <label class="search">
        Find
        <input id="search" type="search" />
      </label>
      <label>
        <input id="attention" type="checkbox" />
        Only what needs attention
      </label>
      <span id="shown" class="muted" role="status" />
    </section>
  );
}

function Sources({ report }: { report: Report }) {
  const { states, log } = report;
  const rows: Child[][] = states.map(({ source, stack, time, resources, others }) => [
    stack || "not told",
    <span class="nowrap">{time === "" ? "no date" : minuteOf(time)}</span>,
    `${counted(resources, "WhatsApp resource")}, ${counted(others, "other")}`,
    source,
  ]);
  return (
    <section class="card" aria-labelledby="sources">
      <h2 id="sources">What was read</h2>
      <DataTable
        caption="Files of this report"
        head={["Stack", "Written", "Holds", "File"]}
        rows={rows}
        empty="Nothing."
      />
      {log && (
        <p>
          Log of the gateway: {log.source}, {counted(log.lines, "line")}.{" "}
          {log.fault === undefined ? (
            <span class="badge good">chain whole</span>
          ) : (
            <>
              <span class="badge bad">chain broken</span> {log.fault}
            </>
          )}
        </p>
      )}
    </section>
  );
}

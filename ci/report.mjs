/**
 * Turns the engine's plan (`pulumi preview --json`) into a report for people, which it also prints:
 *
 *     node report.mjs preview|drift STACK FOLDER
 *
 * It reads preview.json (or drift.json) of the folder and, where the engine gave no plan, preview.err. It writes preview.md,
 * for a comment or a job's page; for drift also drift.html. The engine masks secrets in both, so the report holds none.
 *
 * Exit code: 0 nothing to change, or a preview; 1 something drifted.
 */
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { argv, env, exit } from "node:process";

const [mode, stack, folder] = argv.slice(2);
const isDrift = mode === "drift";
const file = (ending) => join(folder, `${mode}.${ending}`);

/** Comments of GitHub end at 65,536 characters. */
const LIMIT = 60_000;
const WORDS = { create: "add", update: "change", replace: "replace", delete: "remove" };
/** Outputs of the engine's own, or ones that follow from another property. */
const HIDDEN = /^__|^(inboundMessageCallbackUrl|deliveryReportCallbackUrl|payloadVersion|incomingUrlQuery)$/;

const ENTITIES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "|": "&#124;", "\n": " " };
const escaped = (text) => text.replace(/[&<>"|\n]/g, (char) => ENTITIES[char]);
/** A cell with a value, good for Markdown and HTML alike. */
function shown(value) {
  if (value === undefined) return "";
  return `<code>${escaped(typeof value === "string" ? value : JSON.stringify(value))}</code>`;
}

/** The plan; where there is none, what the engine said instead. */
function readPlan() {
  try {
    return JSON.parse(readFileSync(file("json"), "utf8"));
  } catch {
    const message = readFileSync(file("err"), "utf8").trim();
    return { steps: [], diagnostics: [{ severity: "error", message: message || "pulumi gave no plan" }] };
  }
}

/** One row for each property that differs; one without properties for a resource that goes. */
function rowsOf({ op, urn, oldState, newState, detailedDiff }) {
  const change = WORDS[op];
  if (change === undefined || urn.includes("::pulumi:pulumi:Stack::")) return [];
  const resource = urn.split("::").pop();
  const [before = {}, after = {}] = [oldState?.inputs, newState?.inputs];
  const all = op === "delete" ? [] : Object.keys(op === "create" ? after : (detailedDiff ?? {}));
  const properties = all.filter((name) => !HIDDEN.test(name));
  const rows = properties.map((name) => ({
    property: name === "credentialFingerprint" ? "credentials (fingerprint)" : name,
    before: before[name] ?? oldState?.outputs?.[name],
    after: after[name],
  }));
  return (rows.length > 0 ? rows : [{}]).map((row) => ({ change, resource, ...row }));
}

const plan = readPlan();
const errors = (plan.diagnostics ?? []).filter(({ severity }) => severity === "error");
const warnings = (plan.diagnostics ?? []).filter(({ severity }) => severity === "warning");
const rows = (plan.steps ?? []).flatMap(rowsOf);
const changed = [...new Set(rows.map(({ resource }) => resource))];

function verdict() {
  if (errors.length > 0)
    return isDrift ? "It can't be told whether something drifted." : "**The preview failed.**";
  if (rows.length === 0)
    return isDrift ? "No drift: everything is as the program says." : "Nothing to change.";
  const many = changed.length === 1 ? "1 resource" : `${changed.length} resources`;
  return isDrift
    ? `**Drift: ${many} not as the program says.** The next up repairs it.`
    : `${many} to change.`;
}

const title = isDrift ? `Drift of stack ${stack}` : `Preview of stack ${stack}`;
const heads = [
  "resource",
  "change",
  "property",
  ...(isDrift ? ["found", "as the program says"] : ["before", "after"]),
];
const cells = rows.map(({ resource, change, property = "", before, after }) => [
  shown(resource),
  change,
  property,
  shown(before),
  shown(after),
]);
/** A message of the engine, without its own prefix and what is only for terminals. */
const text = ({ message }) => message.replace(/^(error|warning): /, "").trim();

function markdown() {
  // The first line is how comment.mjs finds the comment again.
  const lines = [`<!-- ${mode} of ${stack} -->`, `### ${title}`, "", verdict(), ""];
  for (const message of errors) lines.push(`- error: ${shown(text(message))}`);
  for (const message of warnings) lines.push(`- warning: ${shown(text(message))}`);
  if (cells.length > 0) {
    lines.push("", `| ${heads.join(" | ")} |`, `|${heads.map(() => "---|").join("")}`);
    const table = cells.map((row) => `| ${row.join(" | ")} |`);
    let size = lines.join("\n").length;
    const kept = table.filter((line) => {
      size += line.length + 1;
      return size <= LIMIT;
    });
    lines.push(...kept);
    const left = table.length - kept.length;
    if (left > 0)
      lines.push("", `${left} more rows did not fit: ${mode}.json, kept with this run, has them all.`);
  }
  return `${lines.join("\n")}\n`;
}

function html() {
  const list = [...errors, ...warnings].map(
    (message) => `<li>${message.severity}: ${shown(text(message))}</li>`,
  );
  const row = (tag, values) => `<tr>${values.map((value) => `<${tag}>${value}</${tag}>`).join("")}</tr>`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title>
<style>
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
body { max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }
div { overflow-x: auto; }
table { border-collapse: collapse; }
th, td { text-align: left; vertical-align: top; padding: .4rem .8rem; border-bottom: 1px solid #8886; }
code { overflow-wrap: anywhere; }
</style>
</head>
<body>
<h1>${escaped(title)}</h1>
<p>${verdict().replaceAll("**", "")}</p>
${list.length > 0 ? `<ul>${list.join("")}</ul>` : ""}
${cells.length > 0 ? `<div><table><thead>${row("th", heads)}</thead><tbody>${cells.map((values) => row("td", values)).join("\n")}</tbody></table></div>` : ""}
<p><small>${new Date().toISOString()}</small></p>
</body>
</html>
`;
}

const report = markdown();
writeFileSync(file("md"), report);
if (isDrift) writeFileSync(file("html"), html());
if (env.GITHUB_STEP_SUMMARY) appendFileSync(env.GITHUB_STEP_SUMMARY, report);
console.log(report);
exit(isDrift && rows.length > 0 ? 1 : 0);

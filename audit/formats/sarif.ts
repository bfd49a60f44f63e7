import { pathToFileURL } from "node:url";
import type { Report } from "../report";
import { type Finding, RULES } from "../rules";

/** Findings for tools that show them beside the code: SARIF 2.1.0. */

const SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json";

export function sarif(report: Report): string {
  const ids = Object.keys(RULES);
  const rules = Object.entries(RULES).map(([id, { about, remedy, severity }]) => ({
    id,
    shortDescription: { text: sentence(about) },
    help: { text: sentence(remedy) },
    defaultConfiguration: { level: severity },
  }));
  const results = report.findings.map((finding) => ({
    ruleId: finding.rule,
    ruleIndex: ids.indexOf(finding.rule),
    level: finding.severity,
    message: { text: sentence(finding.resource ? `${finding.resource}: ${finding.what}` : finding.what) },
    locations: [locationOf(finding)],
  }));
  const driver = { name: "pulumi-clevertap-whatsapp audit", rules };
  return JSON.stringify(
    {
      $schema: SCHEMA,
      version: "2.1.0",
      runs: [{ tool: { driver }, columnKind: "utf16CodeUnits", results }],
    },
    undefined,
    2,
  );
}

function locationOf({ source, urn, resource, line }: Finding) {
  return {
    physicalLocation: {
      artifactLocation: { uri: uriOf(source) },
      ...(line !== undefined && { region: { startLine: line } }),
    },
    ...(urn && { logicalLocations: [{ name: resource, fullyQualifiedName: urn, kind: "resource" }] }),
  };
}

/** A relative path as a relative address: viewers look for it in the repository. */
function uriOf(source: string): string {
  return source.startsWith("/")
    ? pathToFileURL(source).href
    : source.split("/").map(encodeURIComponent).join("/");
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

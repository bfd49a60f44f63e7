import { closest, distance } from "fastest-levenshtein";
import { AuditProblem } from "../problem";
import { isObject, member, parsedJson } from "../reading/json";
import { fileAt } from "../reading/sources";
import { masked } from "../secrets";
import { RESOURCE_RULES } from "./resources";
import type { Options, Rule, Severity, Subject } from "./rule";
import { SEVERITIES } from "./rule";
import { STATE_RULES } from "./states";

/** Every rule by its id, in the order of reports. */
export const RULES: Readonly<Record<string, Rule>> = { ...STATE_RULES, ...RESOURCE_RULES };

/** A finding, with its place. */
export interface Finding {
  readonly rule: string;
  readonly severity: Severity;
  /** What is wrong, without a secret. */
  readonly what: string;
  readonly remedy: string;
  readonly stack: string;
  /** Empty where it is about a file as a whole. */
  readonly urn: string;
  /** Name of the resource; empty where it is about a file as a whole. */
  readonly resource: string;
  /** The file, as the user named it. */
  readonly source: string;
  readonly line?: number;
}

/** Which rules are on, how severe they are, and their options. */
export type RuleSettings = ReadonlyMap<string, { readonly severity: Severity; readonly options: Options }>;

/** Every rule as it is without a file. */
export function usualSettings(): Map<string, { severity: Severity; options: Options }> {
  return new Map(Object.entries(RULES).map(([id, { severity, options }]) => [id, { severity, options }]));
}

/**
 * Reads a file of rules: `{ "rules": { "credential-age": { "maxDays": 30 }, "country": "off" } }`.
 * @throws AuditProblem where it names a rule, an option or a severity that there is not
 */
export function readRuleSettings(file: string): RuleSettings {
  const document = parsedJson(fileAt(file).toString("utf8"), file);
  const rules = member(document, "rules");
  if (!isObject(rules))
    throw new AuditProblem(`${file} has no "rules": write { "rules": { "country": "off" } }`);
  const settings = usualSettings();
  for (const [id, wanted] of Object.entries(rules)) {
    const known = settings.get(id);
    if (known === undefined)
      throw new AuditProblem(`${file}: there is no rule "${masked(id)}"${nearest(id, Object.keys(RULES))}`);
    if (wanted === "off") {
      settings.delete(id);
      continue;
    }
    const { severity = known.severity, ...options } = isObject(wanted) ? wanted : { severity: wanted };
    settings.set(id, {
      severity: severityOf(severity, `${file}: ${id}`),
      options: { ...known.options, ...checkedOptions(options, known.options, `${file}: ${id}`) },
    });
  }
  return settings;
}

function severityOf(value: unknown, where: string): Severity {
  const found = SEVERITIES.find((severity) => severity === value);
  if (found) return found;
  throw new AuditProblem(
    `${where} must be "off", ${SEVERITIES.map((name) => `"${name}"`).join(", ")}, or an object`,
  );
}

function checkedOptions(options: object, known: Options, where: string): Options {
  for (const [name, value] of Object.entries(options)) {
    const standard = known[name];
    if (standard === undefined || !Object.hasOwn(known, name))
      throw new AuditProblem(`${where} has no option "${masked(name)}"${nearest(name, Object.keys(known))}`);
    const fault = optionFault(value, standard);
    if (fault !== undefined) throw new AuditProblem(`${where}: ${name} ${fault}`);
  }
  return options as Options;
}

function optionFault(value: unknown, standard: Options[string]): string | undefined {
  if (typeof standard === "number")
    return Number.isInteger(value) && Number(value) >= 0 ? undefined : "must be a whole number of days";
  if (typeof standard === "string") return isPattern(value) ? undefined : "must be a regular expression";
  const isList =
    Array.isArray(value) && value.every((code) => typeof code === "string" && /^\d{1,15}$/.test(code));
  return isList ? undefined : 'must be a list of country codes, like ["91", "44"]';
}

function isPattern(value: unknown): boolean {
  try {
    return typeof value === "string" && new RegExp(value, "u") instanceof RegExp;
  } catch {
    return false;
  }
}

function nearest(name: string, known: readonly string[]): string {
  const found = known.length > 0 ? closest(name, [...known]) : undefined;
  return found !== undefined && distance(name, found) <= 4 ? `: did you mean "${found}"?` : "";
}

/** Applies the rules: errors first, then warnings, then notes. */
export function findingsOf(subject: Subject, settings: RuleSettings): Finding[] {
  const findings = Object.entries(RULES).flatMap(([id, rule]) => {
    const set = settings.get(id);
    if (set === undefined) return [];
    return rule.find(subject, set.options).map(({ state, resource, what }): Finding => {
      const urn = resource?.urn ?? "";
      const redact = state?.redact ?? masked;
      return {
        rule: id,
        severity: set.severity,
        what,
        remedy: rule.remedy,
        stack: redact(state?.stack ?? ""),
        urn: redact(urn),
        resource: redact(urn.split("::").slice(3).join("::")),
        source: masked(state?.source ?? subject.log?.source ?? ""),
        line: state?.lines.get(urn),
      };
    });
  });
  return findings.sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity));
}

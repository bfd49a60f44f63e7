/**
 * Audits of states: what changed, who did it, how old each credential is, what nobody has confirmed, what is wrong. Only
 * reads. The formats are what `npx pulumi-clevertap-whatsapp audit` prints.
 */
export { type AuditOptions, auditCheck, auditDiff, auditHistory, type HistoryOptions } from "./audit";
export type { Change, ChangeKind, PropertyChange, ResourceName } from "./compare";
export type { Confirmation, Evidence } from "./confirmation";
export type { CredentialAge } from "./credentials";
export { FORMATS, type Format, formatted, type Look } from "./formats";
export { AuditProblem } from "./problem";
export type { Author } from "./reading/history";
export type { Attribution, Logged, Report, ReportedChange, ReportedUpdate, StateSummary } from "./report";
export { type Finding, type RuleSettings, readRuleSettings, usualSettings } from "./rules";

import type { JudgedSetting } from "../../contract/endpoint-answer";

/** The settings of a provider that only Kaleyra can judge. */
export interface KaleyraSettings {
  readonly httpEndpoint: string;
  readonly mobileNumber: string;
  readonly apiKey: string;
  readonly sid: string;
  readonly kaleyraHost: string;
  readonly headers?: Record<string, string>;
  readonly inboundMessageCallbackUrl?: string;
  readonly deliveryReportCallbackUrl?: string;
}

export type Verdict = "good" | "refused" | "unknown";

/** What one question to Kaleyra found out about one setting. */
export interface Finding {
  readonly setting: JudgedSetting;
  readonly verdict: Verdict;
  readonly reason: string;
  /** There was no answer within the time limit. */
  readonly timedOut?: true;
}

/** The same finding for each of some settings. */
export function findings(verdict: Verdict, settings: readonly JudgedSetting[], reason: string): Finding[] {
  return settings.map((setting) => ({ setting, verdict, reason }));
}

/** Something of the Pulumi SDK, or of Node for its sake, that this package replaces. The README lists them all. */
export interface SdkPatch {
  /** Environment variable: `off` leaves the SDK as it is, `on` replaces it in a version that was not tried too. */
  readonly variable: string;
  /** What is replaced. */
  readonly replaces: string;
  /** In which process, and when. */
  readonly where: string;
  readonly reason: string;
  /** What it brings, measured. */
  readonly gain: string;
  /** The first and the last version of `@pulumi/pulumi` that it was tried with. */
  readonly tried: readonly [first: string, last: string];
}

/**
 * The versions of `@pulumi/pulumi` that the patches were tried with on the engine, behind both doors: 3.216.0, 3.236.0 and
 * 3.250.0 by hand (no secret in the event log, the position of the program's line in the state, one message for an error),
 * 3.270.0 by every run of the tests.
 */
export const TRIED = ["3.216.0", "3.270.0"] as const;

/** Whether a patch is wanted: of its own accord only in the versions that were tried. @param version of the SDK */
export function isWanted(
  { variable, tried: [first, last] }: SdkPatch,
  version: string,
  environment: NodeJS.ProcessEnv = process.env,
): boolean {
  const wish = environment[variable];
  if (wish === "on" || wish === "off") return wish === "on";
  return compare(first, version) <= 0 && compare(version, last) <= 0;
}

/** By number, part for part. A version before a release counts as the release. */
function compare(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => version.split(/[.-]/).slice(0, 3).map(Number));
  const differences = (left as number[]).map((part, i) => part - (right?.[i] ?? 0));
  return differences.find((difference) => difference !== 0) ?? 0;
}

import { appendFileSync } from "node:fs";

/** The long run: more seeds, sequences and inputs. */
export const LONG = process.env.CLEVERTAP_TEST_LONG === "1";

/** A count for docs/reliability.md; kept only where `npm run test:long` asks for it. */
export function report(figure: string, passed: number, total: number): void {
  const file = process.env.CLEVERTAP_TEST_FIGURES;
  if (file) appendFileSync(file, `${JSON.stringify({ figure, passed, total })}\n`);
}

/** How many of something this run does. An environment variable may set it. */
export function amount(normal: number, long: number, variable: string): number {
  return Number(process.env[variable] ?? (LONG ? long : normal));
}

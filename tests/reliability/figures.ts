import { appendFileSync } from "node:fs";

/** The long run: more seeds, sequences and inputs. */
export const LONG = process.env.CLEVERTAP_TEST_LONG === "1";

/** A count for docs/reliability.md; kept only where `npm run test:long` asks for it. */
export function report(figure: string, passed: number, total: number): void {
  const file = process.env.CLEVERTAP_TEST_FIGURES;
  if (file) appendFileSync(file, `${JSON.stringify({ figure, passed, total })}\n`);
}

type Attempt = <T>(work: () => Promise<T>) => Promise<T>;

/**
 * Reports a figure: the attempts that began, and how many of them ended well, also when one fails and the rest is not
 * done. A figure that is reported several times is added up.
 *
 * @param body puts each attempt into its argument
 */
export async function counted(figure: string, body: (attempt: Attempt) => Promise<void>): Promise<void> {
  let begun = 0;
  let passed = 0;
  try {
    await body(async (work) => {
      begun++;
      const result = await work();
      passed++;
      return result;
    });
  } finally {
    report(figure, passed, begun);
  }
}

/** How many of something this run does. An environment variable may set it. */
export function amount(normal: number, long: number, variable: string): number {
  return Number(process.env[variable] ?? (LONG ? long : normal));
}

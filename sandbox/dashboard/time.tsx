/** A moment, in UTC to the second. */
export function Time({ at }: { at: string }) {
  const date = new Date(at);
  const text = Number.isNaN(date.getTime()) ? at : date.toISOString().replace("T", " ").slice(0, 19);
  return <time datetime={at}>{text} UTC</time>;
}

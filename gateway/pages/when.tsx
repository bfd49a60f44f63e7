const FORMAT = new Intl.DateTimeFormat("en-GB", {
  dateStyle: "medium",
  timeStyle: "short",
  timeZone: "UTC",
});

/** A point in time, in UTC. @param at RFC 3339 */
export function When({ at }: { at: string }) {
  return <time datetime={at}>{FORMAT.format(new Date(at))} UTC</time>;
}

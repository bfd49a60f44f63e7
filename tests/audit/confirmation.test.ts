import { auditDiff } from "../../audit";
import { loggedAs } from "../../audit/confirmation";
import { inFolder } from "./support/folder";
import { exported, incomingUrl, resource } from "./support/states";

/** What the log says of one change: `actor action` at minute 1, 2, 3 and so on. */
function told(texts: readonly string[], since?: number, until?: number): string {
  const events = texts.map((text, i) => {
    const [actor = "", action = ""] = text.split(" ");
    return { at: minute(i + 1), actor, action, task: `${i + 1}`, provider: "p1" };
  });
  const { as, event } = loggedAs(events, time(since), time(until));
  return event ? `${as} by ${event.actor}` : as;
}

const minute = (n: number) => new Date(Date.UTC(2026, 6, 1, 0, n)).toISOString();
const time = (n?: number) => (n === undefined ? undefined : Date.parse(minute(n)));

test.each<[readonly string[], string]>([
  [[], "not seen"],
  [["Ravi reveal"], "not seen"],
  [["pulumi open"], "waiting by pulumi"],
  [["pulumi open", "Ravi take"], "waiting by Ravi"],
  [["pulumi open", "Ravi take", "Ravi save"], "attested by Ravi"],
  [["pulumi open", "Ravi take", "Ravi refuse"], "refused by Ravi"],
  [["pulumi open", "Ravi save", "pulumi open"], "waiting by pulumi"],
  // The gateway asks for a look by itself.
  [["pulumi open", "Ravi save", "gateway open"], "attested by Ravi"],
  [["pulumi open", "Ravi save", "gateway open", "Sunita matches"], "attested by Sunita"],
  [["pulumi open", "Ravi save", "gateway open", "Sunita differs"], "refused by Sunita"],
])("%j: %s", (texts, expected) => expect(told(texts)).toBe(expected));

test("only what happened after the change and before the next one counts", () => {
  const texts = ["pulumi open", "Ravi save", "pulumi open", "Sunita save"];
  expect(told(texts, 3)).toBe("attested by Sunita");
  expect(told(texts, 1, 3)).toBe("attested by Ravi");
  expect(told(texts, 5)).toBe("not seen");
});

test("the log says nothing of what is sent to Kaleyra and not to CleverTap", async () => {
  const after = exported("2026-07-01T00:00:00Z", [
    incomingUrl({ name: "url", number: "919999999999", nickname: "", key: "1" }),
    resource({ name: "india", number: "919999999999", nickname: "Kaleyra", key: "1" }),
  ]);
  await inFolder(async (write) => {
    const before = write("before.json", exported("2026-06-01T00:00:00Z", []));
    const { changes, confirmations } = await auditDiff(before, write("after.json", after), {
      gatewayLog: write("log.jsonl", ""),
    });
    expect(changes.map(({ resource: { name }, logged }) => [name, logged?.as])).toEqual([
      ["url", undefined],
      ["india", "not seen"],
    ]);
    expect(confirmations.map(({ evidence }) => evidence)).toEqual(["declared", "not in the log"]);
  });
});

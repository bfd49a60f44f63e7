import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { runCommand } from "../support/command";

/** The commands of docs/guides/auditors.md, on the samples that it names. */

const ROOT = resolve(__dirname, "../..");
const GUIDE = readFileSync(join(ROOT, "docs/guides/auditors.md"), "utf8");
const SAMPLES = join(ROOT, "examples/audit");

const [, inside = ""] = /<!-- commands:.*?-->(.*)<!-- end of commands -->/s.exec(GUIDE) ?? [];
const COMMANDS = [...inside.matchAll(/```sh\nnpx pulumi-clevertap-whatsapp (.*)\n```/g)].map(
  ([, command = ""]) => command,
);

/** What an auditor finds in each, and its exit code. */
const ANSWERS: readonly { readonly exit: number; readonly texts: readonly RegExp[] }[] = [
  {
    exit: 0,
    texts: [
      /rotated/,
      /Arun Nair, pull request 42/,
      /kaleyra-india .* yes /,
      /attested by Ravi Menon/,
      /refused by CleverTap/,
      /declared only: nothing reads it back/,
    ],
  },
  {
    exit: 0,
    texts: [/“The UK number moves”/, /replaced; because of Mobile number/, /clevertap:passcode: set anew/],
  },
  { exit: 1, texts: [/error {4}credential-age/, /its chain is whole/] },
  { exit: 0, texts: [/^<!doctype html>/, /kaleyra-promo/] },
];

test("there are four", () => expect(COMMANDS).toHaveLength(4));

test.each(COMMANDS.map((command, i) => [command, ANSWERS[i]] as const))("%s", async (command, answer) => {
  const [words = ""] = command.split(" > ");
  const { code, output } = await runCommand(words.split(" "), { PATH: process.env.PATH }, SAMPLES);
  expect(code).toBe(answer?.exit);
  for (const text of answer?.texts ?? []) expect(output).toMatch(text);
});

test("the guide explains every word that a change and a confirmation can have", () => {
  const { $defs } = JSON.parse(readFileSync(join(ROOT, "docs/audit-report.v1.schema.json"), "utf8"));
  const words: string[] = [
    ...$defs.change.properties.kinds.items.enum,
    ...$defs.confirmation.properties.evidence.enum,
  ];
  for (const word of words) expect(GUIDE).toContain(`\n| ${word} | `);
});

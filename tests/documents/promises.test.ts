import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";

/** docs/reliability.md names the tests that prove each promise: they are there, under these names. */

const ROOT = resolve(__dirname, "../..");
const text = readFileSync(join(ROOT, "docs/reliability.md"), "utf8");

/** The files that a text names, each with the titles that follow it in quotes. */
function named(proof: string): { file: string; titles: string[] }[] {
  const [, ...parts] = proof.split(/`(?=tests\/)/);
  return parts.map((part) => {
    const [file = ""] = part.split("`");
    return { file, titles: [...part.matchAll(/"([^"]+)"/g)].map(([, title = ""]) => title) };
  });
}

const promises = [...text.matchAll(/^\| (\d+) \| ([^|]+) \| ([^|]+) \|$/gm)].map(
  ([, number = "", promise = "", proof = ""]) => ({ number, promise, proofs: named(proof) }),
);

/** The titles of tests, and of what they stand in, by file: Jest collects them and runs none. */
function collect(files: string[]): Map<string, Set<string>> {
  const folder = mkdtempSync(join(tmpdir(), "wa titles "));
  try {
    const outputFile = join(folder, "titles.json");
    const jest = join(ROOT, "node_modules/jest/bin/jest.js");
    const args = [jest, "--json", "--outputFile", outputFile, "--testNamePattern", "$^", "--runTestsByPath"];
    spawnSync(process.execPath, [...args, ...files], { cwd: ROOT, stdio: "ignore" });
    const { testResults } = JSON.parse(readFileSync(outputFile, "utf8")) as {
      testResults: { name: string; assertionResults: { title: string; ancestorTitles: string[] }[] }[];
    };
    return new Map(
      testResults.map(({ name, assertionResults }) => [
        relative(ROOT, name),
        new Set(assertionResults.flatMap(({ title, ancestorTitles }) => [title, ...ancestorTitles])),
      ]),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const titles = collect([...new Set(named(text).map(({ file }) => file))]);

test("there are ten, each with its number", () => {
  expect(promises.map(({ number }) => number)).toEqual(["1", "2", "3", "4", "5", "6", "7", "8", "9", "10"]);
});

test.each(promises)("$number: $promise", ({ proofs }) => {
  expect(proofs.length).toBeGreaterThan(0);
  for (const { file, titles: wanted } of proofs) {
    const found = titles.get(file) ?? new Set();
    expect({ file, tests: found.size > 0 }).toEqual({ file, tests: true });
    expect({ file, missing: wanted.filter((title) => !found.has(title)) }).toEqual({ file, missing: [] });
  }
});

test("every other file of tests that the page names is there", () => {
  for (const { file } of named(text)) expect([...titles.keys()]).toContain(file);
});

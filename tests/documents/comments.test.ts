import { globSync, readFileSync } from "node:fs";
import { basename, resolve } from "node:path";

/** A file that a comment names is there: by its path, or by its name where no folder is given. */

const ROOT = resolve(__dirname, "../..");
const files = globSync("**/*", {
  cwd: ROOT,
  exclude: (path) => /(^|\/)(node_modules|dist|\.[^/]*)$/.test(path),
});
const names = new Set(files.map((file) => basename(file)));

const FOLDERS = /^(contract|provider|server|sandbox|cli|tools|bench|tests)\/.*\.(ts|mjs|cts|cjs)$/;
const COMMENT = /^\s*(?:\/\/|\/?\*)(.*)/gm;
const FILE = /[\w./-]*\w\.(?:ts|mjs|cts|cjs|md|ya?ml)\b/g;

/** The files that comments of a text name. */
const namedIn = (text: string) =>
  [...text.matchAll(COMMENT)].flatMap(([, comment = ""]) => comment.match(FILE) ?? []);

test("every file that a comment names exists", () => {
  const citations = files
    .filter((file) => FOLDERS.test(file))
    .flatMap((file) => namedIn(readFileSync(resolve(ROOT, file), "utf8")).map((named) => ({ file, named })));
  expect(citations.length).toBeGreaterThan(0);
  const isThere = (named: string) => (named.includes("/") ? files.includes(named) : names.has(named));
  expect(citations.filter(({ named }) => !isThere(named))).toEqual([]);
});

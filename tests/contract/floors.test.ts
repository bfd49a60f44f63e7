import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import * as ts from "typescript";

/** What each folder may import. `contract` is the ground floor; `cli` sees everything. */
const FLOORS: Record<string, readonly string[]> = {
  contract: [],
  provider: ["contract"],
  server: ["contract"],
  web: [],
  sandbox: ["contract", "server", "web"],
  gateway: ["contract", "server", "web"],
  audit: ["contract", "provider", "web"],
  policy: ["contract", "provider", "audit"],
  cli: ["contract", "provider", "server", "sandbox", "gateway", "audit"],
};

const ROOT = resolve(__dirname, "../..");

function sources(folder: string): string[] {
  const files = readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" });
  return files.filter((file) => /\.tsx?$/.test(file)).map((file) => join(ROOT, folder, file));
}

/** What a file imports of this project, types and `require` included: paths without their ending. */
function imported(file: string): string[] {
  const { importedFiles } = ts.preProcessFile(readFileSync(file, "utf8"), true, true);
  return importedFiles
    .filter(({ fileName }) => fileName.startsWith("."))
    .map(({ fileName }) => resolve(dirname(file), fileName));
}

const top = (path: string) => relative(ROOT, path).split("/")[0] ?? "";

/** The files of a folder that import each other in a circle, and those that lead to one. */
function circles(folder: string): string[] {
  const left = new Map(sources(folder).map((file) => [file, imported(file)]));
  const isLeft = (path: string) =>
    [".ts", ".tsx", "/index.ts"].some((ending) => left.has(`${path}${ending}`));
  for (let before = 0; before !== left.size; ) {
    before = left.size;
    for (const [file, targets] of left) if (!targets.some(isLeft)) left.delete(file);
  }
  return [...left.keys()].map((file) => relative(ROOT, file));
}

const FOLDERS = Object.keys(FLOORS).filter((folder) => existsSync(join(ROOT, folder)));

test.each(FOLDERS)("%s imports only from the floors below", (folder) => {
  const files = sources(folder);
  expect(files.length).toBeGreaterThan(0);
  const arrows = files.flatMap((file) =>
    imported(file)
      .map(top)
      .filter((target) => target !== folder && !FLOORS[folder]?.includes(target))
      .map((target) => `${relative(ROOT, file)} -> ${target}`),
  );
  expect(arrows).toEqual([]);
});

test.each(FOLDERS)("no file of %s leads back to itself", (folder) => expect(circles(folder)).toEqual([]));

const PROPERTIES = "provider/resources/whatsapp-provider/properties.ts";

/** Each stands in the contract's table and in the provider's; one more file brings data of an older version into today's form. */
test.each([
  ["maxConcurrentRequests", ["contract/members.ts", PROPERTIES, "sandbox/storage/older-layout.ts"]],
  ["kaleyra-host", ["contract/headers.ts", PROPERTIES]],
])("%s is named by hand in %j only", (name, where) => {
  const files = FOLDERS.flatMap(sources).filter((file) => !file.endsWith("generated.ts"));
  const naming = files.filter((file) => readFileSync(file, "utf8").includes(name));
  expect(naming.map((file) => relative(ROOT, file))).toEqual(where);
});

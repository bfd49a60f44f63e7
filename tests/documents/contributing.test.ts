import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

/** What the pages for contributors name is there. */

const ROOT = resolve(__dirname, "../..");
const PAGES = ["CONTRIBUTING.md", "tools/bootstrap/README.md"];
const read = (file: string) => readFileSync(join(ROOT, file), "utf8");

test.each(PAGES)("%s: the scripts are in package.json", (page) => {
  const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
  const named = [...read(page).matchAll(/npm run ([\w:]+)/g)].map(([, name = ""]) => name);
  expect(Object.keys(scripts)).toEqual(expect.arrayContaining(named));
});

test.each(PAGES)("%s: the files and links are there", (page) => {
  const text = read(page);
  const links = [...text.matchAll(/\]\(([^)#:]+)\)/g)].map(([, path = ""]) => path);
  const quoted = [...text.matchAll(/`((?:\.\.\/|[\w-]+\/)*[\w-]+(?:\/|\.(?:mjs|ts|md)))`/g)].map(
    ([, path = ""]) => path,
  );
  const missing = [...links, ...quoted].filter(
    (path) => ![join(ROOT, path), join(ROOT, dirname(page), path)].some(existsSync),
  );
  expect(missing).toEqual([]);
});

test("every file of tools/bootstrap is on its page, and so is who uses them", () => {
  const page = read("tools/bootstrap/README.md");
  for (const file of globSync("*.mjs", { cwd: join(ROOT, "tools/bootstrap") }))
    expect(page).toContain(`\`${file}\``);
  const users = globSync("**/*.mjs", { cwd: join(ROOT, "tools"), exclude: ["bootstrap"] });
  for (const file of users.filter((file) => read(join("tools", file)).includes("/bootstrap/")))
    expect(page).toContain(`\`../${file}\``);
});

test("the first change of CONTRIBUTING.md: one message, and one file of tests that expects it", () => {
  const text = /git grep "([^"]+)"/.exec(read("CONTRIBUTING.md"))?.[1] as string;
  const holders = globSync(["provider/**/*.ts", "tests/**/*.ts"], { cwd: ROOT }).filter((file) =>
    read(file).includes(text),
  );
  const name = /npm test -- (\S+\/\S+)`/.exec(read("CONTRIBUTING.md"))?.[1] as string;
  expect(holders.sort()).toEqual([expect.stringMatching(/^provider/), `tests/${name}.test.ts`]);
});
